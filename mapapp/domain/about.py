"""What well-known conditions are, in a few plain sentences: ``data/conditions/about.toml``."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mapapp.domain.shipped import read_shipped
from mapapp.paths import DATA

FILE = DATA / "conditions" / "about.toml"


@lru_cache(maxsize=1)
def load_about() -> Mapping[str, str]:
    """Return the descriptions that came with the program, by code of the condition, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_about(FILE)


def read_about(path: Path) -> Mapping[str, str]:
    """Return the descriptions in a file.

    Raises:
        DataError: if it is missing or damaged.
    """
    return read_shipped(path, _about)


def _about(read: dict[str, Any]) -> Mapping[str, str]:
    return MappingProxyType({str(e["code"]): str(e["about"]) for e in read["condition"]})
