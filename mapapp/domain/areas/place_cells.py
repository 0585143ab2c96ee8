"""Cells that say where somebody is, as people and spreadsheets write them, and their columns.

What is wrong with a cell is said without repeating it, so that no message can hold a coordinate.
Of columns only known names are repeated: where the line with the names is missing, what stands in
their place are a person's words.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from mapapp.domain.areas.area_tree import COUNTRY, load_areas
from mapapp.domain.core.folding import normal_form
from mapapp.errors import N_, BadInputError

COLUMN_ALIASES = {
    "latitude": "lat",
    "longitude": "lng",
    "lon": "lng",
    "long": "lng",
    "city": "town",
    "state": "region",
    "province": "region",
    "country code": "country",
}
PLACE_COLUMNS = frozenset({"lat", "lng", "town", "region", "country"})
PERSON_COLUMNS = frozenset({"id", "pseudonym", "role", "visibility", "languages"})
KNOWN_COLUMNS = PLACE_COLUMNS | PERSON_COLUMNS
KNOWN_NAMES = sorted(KNOWN_COLUMNS | COLUMN_ALIASES.keys())
SHORTEST_SIMILAR = 5  # letters; shorter names are too near to other words
ALIKE = 0.8
WRONG_NAMES = N_(
    "The first line must name the columns lat and lng, or town. Columns in it: %(number)s. Known "
    "ones: %(known)s."
)
SIMILAR_NAMES = N_(
    "The first line must name the columns lat and lng, or town. Columns in it: %(number)s. Known "
    "ones: %(known)s. Check how the others are spelt: some look like %(similar)s."
)
TWICE = N_("A column appears twice: %(columns)s.")
TWO_OF_A_NAME = N_("Two columns have the same name: the columns %(numbers)s.")
COUNTRY_ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes that official bodies use beside ISO 3166."""

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MINUS = dict.fromkeys(map(ord, "−–‐‑﹣－"), "-")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|°")
_UNITS = frozenset({"deg", "degree", "degrees", "decimal", "dd", "in", "wgs", "wgs84", "84"})


def clean_cell(text: str) -> str:
    """Return ``text`` without what cannot be seen at its ends, and without direction marks."""
    if text.isprintable():  # so there is none of these in it
        return text.strip()
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\r\n")
    return kept.strip()


def column_name(text: str) -> str:
    """Return what a column is called here: ``lat`` for “Latitude (°)”, else its name in small."""
    name = " ".join(clean_cell(text).lower().split())
    words = re.split(r"[\s_.,:-]+", _IN_BRACKETS.sub(" ", name).strip())
    bare = " ".join(word for word in words if word and word not in _UNITS)
    known = COLUMN_ALIASES.get(bare, bare)
    return known if known in PLACE_COLUMNS else name


def country_code(text: str) -> str:
    """Return a country's two letters as ISO 3166 has them, '' for no text.

    UK is the United Kingdom (GB) and EL is Greece (GR).

    Raises:
        BadInputError: when it is not two letters, or no country has them.
    """
    code = clean_cell(text).upper() if text else ""
    if not code:
        return ""
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise BadInputError(N_("country must be two letters, such as DE."))
    code = COUNTRY_ALIASES.get(code, code)
    if code not in _countries():
        raise BadInputError(N_("No country has the two letters in the column country."))
    return code


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    areas = load_areas()
    found: set[str] = set()
    for area in (areas.level == COUNTRY).nonzero()[0]:
        found |= codes_of_country(int(area))
    return frozenset(found)


def codes_of_country(area: int) -> frozenset[str]:
    """Return the codes of an area's country or of all states in its group of small ones."""
    return _codes_of(load_areas().ancestors(area)[0])


@lru_cache(maxsize=512)
def _codes_of(country: int) -> frozenset[str]:
    found = load_areas().get(country)
    return frozenset({found.code, *found.members})


def checked_latlng(lat_text: str, lng_text: str) -> tuple[float, float]:
    """Return (lat, lng) in degrees.

    Raises:
        BadInputError: naming what is wrong, without the numbers.
    """
    lat, lng = _number("lat", lat_text), _number("lng", lng_text)
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lng) <= 90:
        raise BadInputError(N_("lat is outside -90 to 90. Are lat and lng swapped?"))
    if abs(lat) > 90:
        raise BadInputError(N_("lat is outside -90 to 90."))
    if abs(lng) > 180:
        raise BadInputError(N_("lng is outside -180 to 180."))
    return lat, lng


def _number(name: str, text: str) -> float:
    plain = text if NUMBER.fullmatch(text) else _plain(text)
    if not plain:
        raise BadInputError(N_("%(column)s is empty."), column=name)
    if plain.count(",") == 1 and "." not in plain:  # the decimal comma of half the world
        plain = plain.replace(",", ".")
    if NUMBER.fullmatch(plain) and math.isfinite(number := float(plain)):
        return number
    raise BadInputError(N_("%(column)s is not a number."), column=name)


def _plain(text: str) -> str:
    plain = normal_form("NFKC", clean_cell(text).translate(_MINUS))
    return plain.removesuffix("°").strip()


def similar_columns(names: Iterable[str]) -> list[str]:
    """Return the known names that some unknown ones are probably meant for."""
    long = [name for name in KNOWN_NAMES if len(name) >= SHORTEST_SIMILAR]
    unknown = {
        name for name in names if name not in KNOWN_COLUMNS and len(name) >= SHORTEST_SIMILAR
    }
    return sorted({m for name in unknown for m in get_close_matches(name[:40], long, 1, ALIKE)})


def wrong_names(names: Sequence[str]) -> BadInputError:
    """Return the refusal of a first line that does not name what is needed."""
    known = ", ".join(sorted(KNOWN_COLUMNS & set(names))) or "–"
    similar = ", ".join(similar_columns(names))
    return BadInputError(
        SIMILAR_NAMES if similar else WRONG_NAMES,
        number=len(names),
        known=known,
        similar=similar,
    )


def refuse_twice(names: Sequence[str]) -> None:
    """Refuse two columns of one name: which of them is meant would be a guess.

    Raises:
        BadInputError: naming those that are known, and others by their position.
    """
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if known := [name for name in twice if name in KNOWN_COLUMNS]:
        raise BadInputError(TWICE, columns=", ".join(known))
    if twice:
        places = [str(at) for at, name in enumerate(names, start=1) if name == twice[0]]
        raise BadInputError(TWO_OF_A_NAME, numbers=", ".join(places[:20]))
