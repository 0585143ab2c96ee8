"""Reading the TOML files that ship with the program, and those that replace them."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from mapapp.domain.core.text_files import read_utf8
from mapapp.errors import N_, BadInputError, DataError

T = TypeVar("T")


def read_shipped(path: Path, make: Callable[[dict[str, Any]], T]) -> T:
    """Return what ``make`` makes of a TOML file.

    Raises:
        DataError: if the file is missing, or is not what ``make`` can use.
    """
    try:
        text = read_utf8(path)
    except (OSError, BadInputError) as error:
        raise _damaged(path) from error
    try:
        return make(tomllib.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DataError:
    return DataError(
        N_("The file %(file)s is missing or damaged. Install the program again."), file=path.name
    )
