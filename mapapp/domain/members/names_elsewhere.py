"""Names that say where else a person can be reached: ``data/names.toml``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from mapapp.domain.core.look_alikes import looks_of_words
from mapapp.domain.core.shipped_files import read_shipped
from mapapp.domain.members.deceiving_names import TITLES_FILE

FEWEST_FIGURES = 6
"""A name with so many is a number, whatever stands between them."""
_HANDLE = re.compile(r"\b[ur]/\w|\w#\d{3}|\w,(?:com|net|org)\b", re.IGNORECASE)
_SIGN = re.compile("[:=]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class _Elsewhere:
    """The words as they look."""

    within: tuple[str, ...]
    words: frozenset[str]
    before: frozenset[str]
    figures: re.Pattern[str]


@lru_cache(maxsize=1)
def load_elsewhere(path: Path = TITLES_FILE) -> _Elsewhere:
    """Return the words that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(path, lambda lists: _words(lists["elsewhere"]))


def _words(lists: dict[str, Any]) -> _Elsewhere:
    return _Elsewhere(
        within=tuple(_looks(lists["within"])),
        words=frozenset(_looks(lists["words"])),
        before=frozenset(_looks(lists["before"])),
        figures=re.compile("|".join(lists["figures"])),
    )


def _looks(words: Iterable[str]) -> list[str]:
    return ["".join(looks_of_words(word)) for word in words]


def names_service(name: str) -> bool:
    """Whether a name holds the name of a service, or is written as a name there."""
    known = load_elsewhere()
    words = looks_of_words(name.casefold())
    joined = "".join(words)
    return (
        _HANDLE.search(name) is not None
        or any(service in joined for service in known.within)
        or not known.words.isdisjoint(words)
        or _is_introduced(name.casefold(), known.before)
    )


def _is_introduced(name: str, before: frozenset[str]) -> bool:
    """Whether one of the words ``before`` has a sign, or an account's name, behind it."""
    words = _SIGN.sub(r"\g<0> ", name).split()
    return any(
        "".join(looks_of_words(word)) in before and (word[-1] in ":=" or _is_mixed(following))
        for word, following in pairwise(words)
    )


def _is_mixed(word: str) -> bool:
    return any(map(str.isalpha, word)) and any(map(str.isdecimal, word))


def is_number(name: str) -> bool:
    """Whether a name has as many figures as a telephone number, written out or not."""
    figures = load_elsewhere().figures
    found = 0
    for word in _WORD.findall(name.casefold()):
        told = figures.sub("0", word)
        found += sum(map(str.isdecimal, told if told.isdecimal() else word))
    return found >= FEWEST_FIGURES
