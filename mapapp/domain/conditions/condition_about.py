"""What well-known conditions are, in a few plain sentences: ``data/conditions/about.toml``."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from mapapp.domain.core.shipped_files import read_shipped
from mapapp.paths import DATA

ABOUT_FILE = DATA / "conditions" / "about.toml"


@lru_cache(maxsize=1)
def load_about(path: Path = ABOUT_FILE) -> Mapping[str, str]:
    """Return the descriptions that came with the program, by code of the condition, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(
        path,
        lambda read: MappingProxyType(
            {str(entry["code"]): str(entry["about"]) for entry in read["condition"]}
        ),
    )
