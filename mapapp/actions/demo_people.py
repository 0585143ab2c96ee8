"""Who the invented people are: the same 20,000 each time, from one seed."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np
from babel.core import get_global

from mapapp.domain.areas import load_areas
from mapapp.domain.languages import language_codes
from mapapp.domain.locate import latlngs_to_zones
from mapapp.domain.permissions import COUNTED, MEMBERS, PUBLIC
from mapapp.domain.places import PRECISIONS, at_precision
from mapapp.domain.pseudonyms import suggest_pseudonym
from mapapp.domain.towns import load_towns

SEED = "map of invented people, 1"
PEOPLE = 20_000
LISTED_FIRST, COUNTED_FIRST = 659, 61
"""People of the first condition: on the map, and counted only."""
SECOND_CONDITION = 0.08  # of the people have one
ROLES = {
    "self": 66,
    "parent": 15,
    "family": 9,
    "clinician": 4,
    "researcher": 4,
    "organisation": 2,
}
PRECISION_SHARES = (87, 9, 4)  # zone, region, country
ENGLISH = "en"
LATEST_DECADE = 2020
NEWEST_MONTH = 2026 * 12 + 9  # October 2026, counted in months


@dataclass(frozen=True)
class DemoMembership:
    """One condition of a person; ``condition`` is its position in the demo's list."""

    condition: int
    area_id: int
    visibility: str
    diagnosis_decade: int | None
    month: str


@dataclass(frozen=True)
class DemoPerson:
    """One invented person."""

    public_id: str
    pseudonym: str
    birth_decade: int | None
    role: str
    languages: tuple[str, ...]
    memberships: tuple[DemoMembership, ...]


def invent(weights: Sequence[int]) -> list[DemoPerson]:
    """Return all people.

    Args:
        weights: how many people a condition has beside the others, one number for each; the first
            condition has exactly ``LISTED_FIRST`` on the map, whatever its weight.
    """
    # Seeded on purpose: everybody shall see the same demo. Nothing secret comes from here.
    source = random.Random(SEED)  # noqa: S311
    towns = _choose_towns(source)
    own = _own_conditions(source, weights)
    return [_person(source, own[i], towns[i], len(weights)) for i in range(PEOPLE)]


def _choose_towns(source: random.Random) -> list[tuple[int, str]]:
    """Return (zone, country) of each person's town, drawn by population."""
    gazetteer = load_towns()
    zones = latlngs_to_zones(gazetteer.lats, gazetteer.lngs)
    weights = np.where(zones >= 0, gazetteer.populations, 0).tolist()
    rows = source.choices(range(len(gazetteer)), cum_weights=list(accumulate(weights)), k=PEOPLE)
    return [(int(zones[row]), bytes(gazetteer.countries[row]).decode()) for row in rows]


def _own_conditions(source: random.Random, weights: Sequence[int]) -> list[tuple[int, bool]]:
    """Return (condition, is listed) of each person."""
    own = [(0, True)] * LISTED_FIRST + [(0, False)] * COUNTED_FIRST
    drawn = source.choices(range(1, len(weights)), weights[1:], k=PEOPLE - len(own))
    own += [(condition, source.random() > 0.05) for condition in drawn]
    source.shuffle(own)
    return own


def _person(
    source: random.Random, own: tuple[int, bool], town: tuple[int, str], conditions: int
) -> DemoPerson:
    zone, country = town
    condition, is_listed = own
    (role,) = source.choices(list(ROLES), list(ROLES.values()))
    birth = _birth_decade(source, role)
    (precision,) = source.choices(PRECISIONS, PRECISION_SHARES)
    area_id = at_precision(load_areas(), zone, precision)
    chosen = [(condition, is_listed)]
    if conditions > 2 and source.random() < SECOND_CONDITION:
        second = source.randrange(1, conditions)  # never the first, whose number is promised
        if second != condition:
            chosen.append((second, source.random() > 0.05))
    return DemoPerson(
        public_id=str(uuid.UUID(int=source.getrandbits(128), version=4)),
        pseudonym=suggest_pseudonym(source),
        birth_decade=birth,
        role=role,
        languages=_languages(source, country),
        memberships=tuple(_membership(source, c, area_id, listed, birth) for c, listed in chosen),
    )


def _birth_decade(source: random.Random, role: str) -> int | None:
    if role == "organisation" or source.random() < 0.4:
        return None
    (decade,) = source.choices(range(1940, 2010, 10), (2, 6, 12, 18, 22, 24, 16))
    return decade


def _membership(
    source: random.Random, condition: int, area_id: int, is_listed: bool, birth: int | None
) -> DemoMembership:
    diagnosed = None
    if birth is not None and source.random() < 0.7:
        diagnosed = source.randrange(max(birth, 1970), LATEST_DECADE + 1, 10)
    visibility = COUNTED
    if is_listed:
        visibility = PUBLIC if source.random() < 0.4 else MEMBERS
    month = NEWEST_MONTH - source.randrange(24)
    when = f"{month // 12}-{month % 12 + 1:02d}"
    return DemoMembership(condition, area_id, visibility, diagnosed, when)


def _languages(source: random.Random, country: str) -> tuple[str, ...]:
    tags, shares, english = _spoken(country)
    (first,) = source.choices(tags, shares)
    wanted = {first}
    if source.random() < english:
        wanted.add(ENGLISH)
    if len(tags) > 1 and source.random() < 0.15:
        wanted.update(source.choices(tags, shares))
    return tuple(sorted(wanted))


@cache
def _spoken(country: str) -> tuple[Sequence[str], Sequence[float], float]:
    """Return the languages of a country, their shares, and how many people there use English."""
    known = get_global("territory_languages").get(country, {})
    found: dict[str, float] = {}
    for tag, facts in known.items():
        primary = tag.split("_")[0]
        if primary in language_codes():
            found[primary] = found.get(primary, 0) + facts["population_percent"]
    if not found:
        found = {ENGLISH: 100}
    tags = sorted(found)
    english = min(0.9, found.get(ENGLISH, 0) / 100 + 0.15)
    return tags, [max(found[tag], 0.1) for tag in tags], english
