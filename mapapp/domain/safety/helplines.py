"""Where people in distress find someone to listen, by country: ``data/helplines.toml``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mapapp.domain.core.shipped_files import read_shipped
from mapapp.errors import Words
from mapapp.paths import DATA

HELPLINES_FILE = DATA / "helplines.toml"


@dataclass(frozen=True)
class Helpline:
    """A helpline: empty texts where something is not known for certain.

    ``note`` is translated where it is shown; so is ``name`` where it is no name but words.
    ``hours`` are "24/7" or local times, ``languages`` BCP 47 tags, ``source`` says where the number
    was found, ``url`` is the line's own page or the source.
    """

    name: Words
    number: str
    note: Words
    hours: str = ""
    languages: tuple[str, ...] = ()
    source: str = ""
    url: str = ""

    @property
    def dialled(self) -> str:
        """The number without spaces, for a ``tel:`` link."""
        return re.sub(r"[^0-9+*#]", "", self.number)


@dataclass(frozen=True)
class Book:
    """What ``helplines.toml`` has: by ISO 3166-1 alpha-2 code, and for every country."""

    helplines: Mapping[str, tuple[Helpline, ...]]
    emergency: Mapping[str, str]
    everywhere: tuple[Helpline, ...]
    checked: str


@lru_cache(maxsize=1)
def load_book(path: Path = HELPLINES_FILE) -> Book:
    """Return the helplines that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(path, _book)


def _book(read: dict[str, Any]) -> Book:
    countries = read["country"]
    return Book(
        helplines=MappingProxyType(
            {c: tuple(map(_helpline, of.get("helpline", []))) for c, of in countries.items()}
        ),
        emergency=MappingProxyType(
            {c: str(of["emergency"]) for c, of in countries.items() if "emergency" in of}
        ),
        everywhere=tuple(map(_helpline, read["everywhere"])),
        checked=str(read["checked"]),
    )


def _helpline(entry: dict[str, Any]) -> Helpline:
    """Return one entry.

    Raises:
        KeyError, TypeError: if it lacks something or has what no helpline has.
    """
    words = {part: Words(entry[part]) for part in ("name", "note")}
    return Helpline(**entry | words | {"languages": tuple(entry.get("languages", ()))})


def helplines_for(country_code: str) -> tuple[Helpline, ...]:
    """Return the helplines of a country (ISO 3166-1 alpha-2), the first to show first, or none."""
    return load_book().helplines.get(country_code.upper(), ())


def emergency_number(country_code: str) -> str:
    """Return the number for an ambulance in a country, or an empty text where it is not known."""
    return load_book().emergency.get(country_code.upper(), "")


def everywhere() -> tuple[Helpline, ...]:
    """Return what helps in every country: words without a number, for numbers differ."""
    return load_book().everywhere
