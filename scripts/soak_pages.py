"""What an answer says: numbers as claims, and the people whom it names."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from soak_history import VISITOR
from soak_numbers import SITE, Claim

NAME = re.compile(r"\bZq[a-z]{9}\b")
"""How everybody's pseudonym ends in this run; nothing else looks like it."""
PUBLIC_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
PAUSE = "no new names are shown until tomorrow"
A_PAGE = 20
"""People on a page; a page with fewer shows everybody."""
TOP_COUNTRIES = 12

_N = r"([\d,]+)"
_PEOPLE = rf"{_N} (?:person|people)"
_IN_COUNTRIES = rf"in {_N} countr"
_LEAD = re.compile(rf'<span class="people-number">{_PEOPLE}</span> {_IN_COUNTRIES}')
_ROW = re.compile(r'<tr data-area="(\d+)">.*?<td class="figure">([\d,]+)</td>', re.S)
_NUMBERS = re.compile(r'<script type="application/json" id="map-numbers">(.*?)</script>', re.S)
_HOME = re.compile(rf"<strong>{_PEOPLE}</strong> {_IN_COUNTRIES}")
_MAP = re.compile(
    r'<a href="/conditions/([a-z0-9-]+)"><span>[^<]*</span> '
    rf'<span class="people-number">{_PEOPLE}</span>'
)
_JOINED = re.compile(rf"{_PEOPLE} joined since")
_AREA_ROW = re.compile(
    r'<th scope="row"><a href="[^"]*/areas/([^"/]+)">[^<]*</a></th><td class="figure">([\d,]+)<'
)
_BESIDE = re.compile(rf'/areas/([^"/]+)">[^<]*</a> <span class="people-number">{_N}</span>')
_HERE = re.compile(
    rf'<strong class="people-number">{_PEOPLE}</strong> on the map here, of {_N} in the world'
)
_EXACTLY = re.compile(rf"{_PEOPLE} chose this whole area")
_UNNAMED = re.compile(rf"{_PEOPLE} here (?:is|are) shown only to members or people on this map")
_TITLE = re.compile(rf": {_PEOPLE} {_IN_COUNTRIES}")

AreaOf = Callable[[str], int]
"""The id of the area with a code."""


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes:
        kind: a key of ``READ``, or anything else for a page without numbers.
        path: with its query.
        slug: of which map, '' for none.
        area: of which area.
        level: of which level the numbers are.
        reader: who asks: a key of ``NAMED_TO``.
    """

    kind: str
    path: str
    slug: str = ""
    area: int = 0
    level: str = ""
    reader: str = VISITOR


def names_in(text: str) -> frozenset[str]:
    """Return the names that a text holds."""
    return frozenset(NAME.findall(text))


def ids_in(text: str) -> frozenset[str]:
    """Return all that looks like a public id."""
    return frozenset(PUBLIC_ID.findall(text))


def claims_of(asked: Asked, text: str, area_of: AreaOf) -> frozenset[Claim]:
    """Return every number that the answer tells; none for a page without numbers."""
    read = READ.get(asked.kind)
    return frozenset(read(asked, text, area_of)) if read else frozenset()


def _counts(asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    told = json.loads(text)
    pairs = frozenset(zip(told["ids"], told["counts"], strict=True))
    return [
        ("people", asked.slug, asked.area, told["total"]),
        ("at_level", asked.slug, asked.level, asked.area, pairs),
    ]


def _map(asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    slug, lead, found = asked.slug, _LEAD.search(text), _NUMBERS.search(text)
    if found is None:
        raise ValueError("The map has no numbers.")
    told = json.loads(found[1])
    pairs = frozenset(zip(told["ids"], told["counts"], strict=True))
    rows = frozenset((int(area), _int(n)) for area, n in _ROW.findall(text))
    return [
        ("people", slug, 0, told["total"]),
        ("people", slug, 0, _int(lead[1]) if lead else 0),
        ("countries", slug, _int(lead[2]) if lead else 0),
        ("at_level", slug, "country", 0, pairs),
        ("at_level", slug, "country", 0, rows),
    ]


def _home(_asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    found = _HOME.search(text)
    return [
        ("people", SITE, 0, _int(found[1]) if found else 0),
        ("countries", SITE, _int(found[2]) if found else 0),
        *_maps(_asked, text, _area_of),
    ]


def _maps(_asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    return [("most", tuple((slug, _int(n)) for slug, n in _MAP.findall(text)))]


def _condition(asked: Asked, text: str, area_of: AreaOf) -> list[Claim]:
    slug, found, joined = asked.slug, _HOME.search(text), _JOINED.search(text)
    pairs = tuple((area_of(code), _int(n)) for code, n in _AREA_ROW.findall(text))
    return [
        ("people", slug, 0, _int(found[1]) if found else 0),
        ("countries", slug, _int(found[2]) if found else 0),
        ("largest", slug, TOP_COUNTRIES, pairs),
        ("joined", slug, _int(joined[1]) if joined else 0),
    ]


def _area(asked: Asked, text: str, area_of: AreaOf) -> list[Claim]:
    slug, area, found = asked.slug, asked.area, _HERE.search(text)
    parts = frozenset((area_of(code), _int(n)) for code, n in _AREA_ROW.findall(text))
    claims: list[Claim] = [
        ("people", slug, area, _int(found[1]) if found else 0),
        ("parts", slug, area, parts),
        *(("people", slug, area_of(code), _int(n)) for code, n in _BESIDE.findall(text)),
        *_unnamed(asked, text),
    ]
    if found:
        claims.append(("people", slug, 0, _int(found[2])))
    exactly = _EXACTLY.search(text)
    if exactly:
        claims.append(("exactly", slug, area, _int(exactly[1])))
    return claims


def _people(asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    return [] if PAUSE in text else _unnamed(asked, json.loads(text)["note"])


def _unnamed(asked: Asked, text: str) -> list[Claim]:
    """Say how many are not named; for members, a block changes it, and it is not looked at."""
    if asked.reader != VISITOR:
        return []
    found = _UNNAMED.search(text)
    told = _int(found[1]) if found else 0
    # A list of people that goes on says that instead, in the map's panel.
    return (
        []
        if not found and "more on the area" in text
        else [("unnamed", asked.slug, asked.area, told)]
    )


def _picture(asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    found = _TITLE.search(text)
    people, countries = (_int(found[1]), _int(found[2])) if found else (0, 0)
    return [("people", asked.slug, 0, people), ("countries", asked.slug, countries)]


def _export(asked: Asked, text: str, _area_of: AreaOf) -> list[Claim]:
    rows = [one for one in csv.DictReader(text.splitlines()) if one["level"] == asked.level]
    told = ((int(row["area_id"]), int(row["people"])) for row in rows)
    return [("at_level", asked.slug, asked.level, 0, frozenset(one for one in told if one[1]))]


def _int(text: str) -> int:
    return int(text.replace(",", ""))


READ: dict[str, Callable[[Asked, str, AreaOf], list[Claim]]] = {
    "counts": _counts,
    "map": _map,
    "map file": _map,
    "home": _home,
    "maps": _maps,
    "condition": _condition,
    "area": _area,
    "people": _people,
    "picture": _picture,
    "export": _export,
}
"""How to read each kind of page that has numbers."""
