"""Who the people of a site for measuring are: very many, drawn with NumPy, the same from one seed.

Nobody is written down here that could be taken for a real person: a pseudonym is two friendly
words, a place is drawn by where people live.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.actions.operations.demo_people import (
    NEWEST_MONTH,
    PRECISION_SHARES,
    ROLE_WEIGHTS,
    draw_languages,
)
from mapapp.domain.areas.area_tree import COUNTRY, REGION, ZONE, load_areas
from mapapp.domain.core.random_ids import BYTES, uuid4_texts
from mapapp.domain.core.visibilities import COUNTED, MAP, MEMBERS, PUBLIC
from mapapp.domain.members.pseudonyms import FIRST, SECOND

BENCH_CONDITIONS = 1_000
LARGEST_SHARE = 0.13
"""Of all listed people, those of the first condition."""
COUNTED_ONLY = 0.03
"""So many more than are listed are counted only."""
AUDIENCE_SHARES = {MAP: 0.3, MEMBERS: 0.3, PUBLIC: 0.4}
"""In the order of the words, in which the cards lie in the database."""
WORDS_SEEN = (*AUDIENCE_SHARES, COUNTED)
MONTHS_BACK = 24
DRAWS_A_COUNTRY = 40
"""So many times the languages of somebody from a country are drawn; each person has one of them."""
MOST_TAGS = 4

Column = NDArray[Any]


@dataclass(frozen=True)
class Crowd:
    """The people of one condition, each at one position of all columns.

    Attributes:
        areas: where they are.
        audiences: positions in ``WORDS_SEEN``; the last ones are counted only.
        roles: positions in ``role_words``.
        months: positions in ``month_words``.
        spoken: positions in the lists of ``Tongues``.
        orders: the keyed hash is stood for by a random number.
        public_ids: texts.
        pseudonyms: texts.
    """

    areas: Column
    audiences: Column
    roles: Column
    months: Column
    spoken: Column
    orders: Column
    public_ids: Column
    pseudonyms: Column

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.areas)


@dataclass(frozen=True)
class Tongues:
    """All lists of languages that occur.

    Attributes:
        tags: every language, sorted.
        lists: each as tags with spaces between, as a card has them.
        members: positions in ``tags``, shape (number of lists, MOST_TAGS), -1 where there is none.
        of_country: the first list of each area's country; ``DRAWS_A_COUNTRY`` follow each other.
    """

    tags: tuple[str, ...]
    lists: Column
    members: Column
    of_country: Column


def role_words() -> Column:
    """Return the roles, in the order of ``Crowd.roles``."""
    return np.array(list(ROLE_WEIGHTS), object)


def month_words() -> Column:
    """Return the months, in the order of ``Crowd.months``."""
    months = (NEWEST_MONTH - back for back in range(MONTHS_BACK))
    return np.array([f"{month // 12}-{month % 12 + 1:02d}" for month in months], object)


def sizes_of(people: int) -> list[int]:
    """Return how many are listed on each map, largest first: one large one, and a long tail."""
    largest = round(people * LARGEST_SHARE)
    weights = 1 / (np.arange(1, BENCH_CONDITIONS) + 5.0)
    ends = np.round(np.cumsum(weights) / weights.sum() * (people - largest)).astype(int)
    return [largest, *np.diff(ends, prepend=0).tolist()]


def crowd(seed: int, number: int, listed: int) -> Crowd:
    """Return the people of the map at position ``number``, of whom ``listed`` are listed."""
    source = np.random.default_rng((seed, number))
    n = listed + round(listed * COUNTED_ONLY)
    zones = _zones(source, n)
    audiences = source.choice(len(AUDIENCE_SHARES), n, p=list(AUDIENCE_SHARES.values()))
    audiences[listed:] = WORDS_SEEN.index(COUNTED)
    weights = np.array(list(ROLE_WEIGHTS.values()), float)
    spoken = tongues(seed).of_country[zones] + source.integers(DRAWS_A_COUNTRY, size=n)
    return Crowd(
        areas=_coarser(source, zones),
        audiences=audiences,
        roles=source.choice(len(weights), n, p=weights / weights.sum()),
        months=source.integers(MONTHS_BACK, size=n),
        spoken=spoken,
        orders=source.integers(2**63 - 1, size=n, dtype=np.int64),
        public_ids=random_ids(source, n),
        pseudonyms=_names()[source.integers(len(_names()), size=n)],
    )


def _zones(source: np.random.Generator, n: int) -> Column:
    areas = load_areas()
    ids = np.flatnonzero(areas.level == ZONE)
    ends = np.cumsum(areas.population[ids])
    drawn = source.integers(int(ends[-1]), size=n)
    return ids[np.searchsorted(ends, drawn, side="right")]


def _coarser(source: np.random.Generator, zones: Column) -> Column:
    """Return where they let themselves be shown: few choose the region or the country."""
    areas, shares = load_areas(), np.cumsum(PRECISION_SHARES) / sum(PRECISION_SHARES)
    drawn, placed = source.random(len(zones)), zones.copy()
    for level, least in ((REGION, shares[0]), (COUNTRY, shares[1])):
        above = areas.at_level(zones, level)
        chosen = (drawn >= least) & (above >= 0)
        placed[chosen] = above[chosen]
    return placed


def random_ids(source: np.random.Generator, n: int) -> Column:
    """Return texts in the form of UUID4."""
    found = np.empty(n, object)
    found[:] = uuid4_texts(source.bytes(BYTES * n))
    return found


@cache
def _names() -> Column:
    return np.array([f"{first} {second}" for first in FIRST for second in SECOND], object)


@cache
def tongues(seed: int) -> Tongues:
    """Return the lists of languages of all countries."""
    areas, source = load_areas(), random.Random(seed)  # noqa: S311
    countries = areas.at_level(np.arange(len(areas)), COUNTRY)
    drawn: list[Sequence[str]] = []
    first = np.zeros(len(areas), np.int64)
    for country in np.unique(countries[countries >= 0]).tolist():
        first[countries == country] = len(drawn)
        code = str(areas.code[country])
        drawn += [draw_languages(source, code) for _ in range(DRAWS_A_COUNTRY)]
    tags = tuple(sorted({tag for one in drawn for tag in one}))
    members = np.full((len(drawn), MOST_TAGS), -1)
    for row, one in enumerate(drawn):
        members[row, : len(one)] = [tags.index(tag) for tag in one]
    return Tongues(tags, np.array([" ".join(one) for one in drawn], object), members, first)
