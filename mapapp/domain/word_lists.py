"""Lists of words in many languages that ship with the program, read from TOML."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mapapp.errors import DataError


def read_toml(path: Path) -> dict[str, Any]:
    """Return what stands in a TOML file that ships with the program.

    Raises:
        DataError: if it is missing or damaged.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> DataError:
    """Return the error that says that ``path`` is missing or damaged."""
    return DataError(f"The file {path.name} is missing or damaged. Install again.")


def in_all_languages(lists: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the words of every language. People write to each other in any of them.

    Raises:
        TypeError: if a list is not a list of texts.
    """
    for words in lists.values():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise TypeError("not a list of words")
        yield from words
