"""Reading the TOML files that ship with the program."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from mapapp.errors import DataError

T = TypeVar("T")


def read_shipped(path: Path, make: Callable[[dict[str, Any]], T]) -> T:
    """Return what ``make`` makes of a TOML file.

    Raises:
        DataError: if the file is missing, or is not what ``make`` can use.
    """
    try:
        return make(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"The file {path.name} is missing or damaged. Install again.") from error
