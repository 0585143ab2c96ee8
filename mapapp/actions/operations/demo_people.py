"""Who the invented people are: the same 20,000 each time, from one seed."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

import numpy as np
from babel.core import get_global

from mapapp.domain.areas.area_facts import PRECISIONS, at_precision
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.domain.core.languages import language_codes
from mapapp.domain.core.visibilities import COUNTED, MAP, MEMBERS, PUBLIC
from mapapp.domain.members.pseudonyms import suggest_pseudonym

SEED = "map of invented people, 1"
DEMO_PEOPLE = 20_000
LISTED_FIRST, COUNTED_FIRST = 659, 61
"""People of the first condition: on the map, and counted only."""
SECOND_CONDITION = 0.08  # of the people have one
ROLE_WEIGHTS = {
    "self": 66,
    "parent": 15,
    "family": 9,
    "clinician": 4,
    "researcher": 4,
    "organisation": 2,
}
PRECISION_SHARES = (87, 9, 4)  # zone, region, country
ENGLISH_TAG = "en"
NEWEST_MONTH = 2026 * 12 + 9  # October 2026, counted in months


@dataclass(frozen=True)
class DemoMembership:
    """One condition of a person; ``condition`` is its position in the demo's list."""

    condition: int
    public_id: str
    pseudonym: str
    area_id: int
    visibility: str
    month: str


@dataclass(frozen=True)
class DemoPerson:
    """One invented person."""

    account_id: str
    role: str
    languages: tuple[str, ...]
    memberships: tuple[DemoMembership, ...]


def invent(weights: Sequence[int]) -> list[DemoPerson]:
    """Return all people.

    Args:
        weights: how many people a condition has beside the others, one number for each; the first
            condition has exactly ``LISTED_FIRST`` on the map, whatever its weight.
    """
    # Seeded on purpose: everyone is to see the same demo. Nothing secret comes from here.
    source = random.Random(SEED)  # noqa: S311
    towns = _choose_towns(source)
    own = _own_conditions(source, weights)
    return [_person(source, own[i], towns[i], len(weights)) for i in range(DEMO_PEOPLE)]


def _choose_towns(source: random.Random) -> list[tuple[int, str]]:
    """Return (zone, country) of each person's town, drawn by population."""
    gazetteer = load_towns()
    zones = latlngs_to_zones(gazetteer.lats, gazetteer.lngs)
    weights = np.where(zones >= 0, gazetteer.populations, 0).tolist()
    rows = source.choices(
        range(len(gazetteer)), cum_weights=list(accumulate(weights)), k=DEMO_PEOPLE
    )
    return [(int(zones[row]), bytes(gazetteer.countries[row]).decode()) for row in rows]


def _own_conditions(source: random.Random, weights: Sequence[int]) -> list[tuple[int, bool]]:
    """Return (condition, is listed) of each person."""
    own = [(0, True)] * LISTED_FIRST + [(0, False)] * COUNTED_FIRST
    drawn = source.choices(range(1, len(weights)), weights[1:], k=DEMO_PEOPLE - len(own))
    own += [(condition, source.random() > 0.05) for condition in drawn]
    source.shuffle(own)
    return own


def _person(
    source: random.Random, own: tuple[int, bool], town: tuple[int, str], conditions: int
) -> DemoPerson:
    zone, country = town
    condition, is_listed = own
    (role,) = source.choices(list(ROLE_WEIGHTS), list(ROLE_WEIGHTS.values()))
    (precision,) = source.choices(PRECISIONS, PRECISION_SHARES)
    area_id = at_precision(load_areas(), zone, precision)
    chosen = [(condition, is_listed)]
    if conditions > 2 and source.random() < SECOND_CONDITION:
        second = source.randrange(1, conditions)  # never the first, whose number is promised
        if second != condition:
            chosen.append((second, source.random() > 0.05))
    return DemoPerson(
        account_id=_random_id(source),
        role=role,
        languages=draw_languages(source, country),
        memberships=tuple(_memberships(source, chosen, area_id)),
    )


def _memberships(
    source: random.Random, chosen: list[tuple[int, bool]], area_id: int
) -> Iterator[DemoMembership]:
    """Yield somebody's memberships, under another name on each map."""
    names: set[str] = set()
    for condition, is_listed in chosen:
        made = _membership(source, condition, area_id, is_listed)
        made = replace(made, pseudonym=suggest_pseudonym(source, names))
        names.add(made.pseudonym.casefold())
        yield made


def _membership(
    source: random.Random, condition: int, area_id: int, is_listed: bool
) -> DemoMembership:
    visibility = COUNTED
    if is_listed:
        drawn = source.random()
        visibility = PUBLIC if drawn < 0.4 else MEMBERS if drawn < 0.7 else MAP
    month = NEWEST_MONTH - source.randrange(24)
    when = f"{month // 12}-{month % 12 + 1:02d}"
    return DemoMembership(
        condition=condition,
        public_id=_random_id(source),
        pseudonym="",
        area_id=area_id,
        visibility=visibility,
        month=when,
    )


def _random_id(source: random.Random) -> str:
    return str(uuid.UUID(int=source.getrandbits(128), version=4))


def draw_languages(source: random.Random, country: str) -> tuple[str, ...]:
    """Return the languages of somebody from a country, sorted."""
    tags, shares, english = _spoken(country)
    (first,) = source.choices(tags, shares)
    wanted = {first}
    if source.random() < english:
        wanted.add(ENGLISH_TAG)
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
        found = {ENGLISH_TAG: 100}
    tags = sorted(found)
    english = min(0.9, found.get(ENGLISH_TAG, 0) / 100 + 0.15)
    return tags, [max(found[tag], 0.1) for tag in tags], english
