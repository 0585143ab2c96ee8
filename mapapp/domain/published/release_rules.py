"""What a release may tell, and what it costs each person in it (privacy rules 3 and 7).

A release is a frozen table of noisy numbers. Its noise is discrete Laplace noise; how much of it
there is follows from what one membership can change and from the part of the yearly budget that is
spent: scale = bound / epsilon. Costs are thousandths of epsilon, so that sums are exact.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mapapp.domain.core.dates import month_before, month_of

THOUSAND = 1_000
FULL_BUDGET = 6
"""Epsilon of one account in a year, over all its maps. A site can lower it."""
MAPS_OF_AN_ACCOUNT = 2
"""So many of its maps take part in a year, each with half of the budget."""
YOUNGEST = timedelta(days=30)
"""Memberships must be so old to take part."""
SHOWN_FROM = 20
TIMES_THE_SCALE = 5
"""A number is shown from the larger of SHOWN_FROM and so many times the scale on."""
FALSE = 0.1
"""The share of releases in which noise alone may reach what is shown, where everybody is zero."""
TOLD_IN_STEPS = 5
"""Numbers of hidden people are told in steps, downwards."""
SURE = 0.95
FEWEST_RESIDENTS = 1_000_000
"""Countries, and groups of countries, of fewer people have no released number of their own."""
FEWEST_IN_COUNTRY = 1_000
"""Listed people of a condition in a country, before anything but hidden people is told of it."""
FEWEST_ON_MAP = 50
"""Listed people on a map, below which a year's release would cost and show nothing."""


class Who(StrEnum):
    """Who takes part: people who are only counted, each quarter; listed people, once a year."""

    HIDDEN = "hidden"
    LISTED = "listed"


class Level(StrEnum):
    """Of the areas: the world, or each country that is large enough."""

    WORLD = "world"
    COUNTRY = "country"


class Attribute(StrEnum):
    """What is asked: how many there are, or what they say of themselves."""

    PEOPLE = "people"
    ROLE = "role"
    LANGUAGE = "language"
    BIRTH = "birth"
    DIAGNOSIS = "diagnosis"
    OUTCOME = "outcome"
    EFFECTS = "effects"


@dataclass(frozen=True)
class Query:
    """One question to the people of a map, answered once an epoch.

    Attributes:
        bound: how many numbers one membership can change, each by one.
        cost: thousandths of epsilon where the budget is full.
    """

    attribute: Attribute
    level: Level
    bound: int
    cost: int

    @property
    def key(self) -> str:
        """Its name in the ledger."""
        return f"{self.attribute}:{self.level}"

    def spent(self, budget: int) -> int:
        """Return the thousandths of epsilon that it costs where an account has ``budget``."""
        return self.cost * budget // FULL_BUDGET

    def scale(self, budget: int) -> float:
        """Return the scale of its noise."""
        return self.bound * THOUSAND / self.spent(budget)


# The number of a whole map has more noise than that of a country: with as much, four quarters
# would cost 4, and one map may cost 3 in a year.
OF_A_QUARTER = (
    Query(Attribute.PEOPLE, Level.COUNTRY, 1, 500),
    Query(Attribute.PEOPLE, Level.WORLD, 1, 250),
)
OF_A_YEAR = (
    Query(Attribute.ROLE, Level.WORLD, 1, 250),
    Query(Attribute.LANGUAGE, Level.WORLD, 3, 375),
    Query(Attribute.BIRTH, Level.WORLD, 1, 200),
    Query(Attribute.DIAGNOSIS, Level.WORLD, 1, 200),
    Query(Attribute.OUTCOME, Level.WORLD, 5, 1100),
    Query(Attribute.EFFECTS, Level.WORLD, 5, 250),
    Query(Attribute.ROLE, Level.COUNTRY, 1, 125),
    Query(Attribute.LANGUAGE, Level.COUNTRY, 3, 250),
    Query(Attribute.BIRTH, Level.COUNTRY, 1, 125),
    Query(Attribute.DIAGNOSIS, Level.COUNTRY, 1, 125),
)
ALL_QUERIES = (*OF_A_QUARTER, *OF_A_YEAR)


def query_of(attribute: Attribute, level: Level = Level.WORLD) -> Query:
    """Return the question about ``attribute`` at ``level``."""
    return next(q for q in ALL_QUERIES if (q.attribute, q.level) == (attribute, level))


@dataclass(frozen=True)
class Epoch:
    """A quarter or a year, in which a release stands.

    Attributes:
        name: ``2026-Q4`` or ``2026``.
    """

    name: str
    who: Who

    @property
    def year(self) -> int:
        """The year whose budget it spends."""
        return int(self.name[:4])

    @property
    def queries(self) -> tuple[Query, ...]:
        """What is asked in it."""
        return OF_A_QUARTER if self.who == Who.HIDDEN else OF_A_YEAR

    def spent(self, budget: int) -> int:
        """Return what it costs somebody who takes part, in thousandths of epsilon."""
        return sum(query.spent(budget) for query in self.queries)


def epochs_of(day: date) -> tuple[Epoch, Epoch]:
    """Return the quarter and the year that ``day`` is in."""
    quarter = Epoch(f"{day.year:04d}-Q{(day.month + 2) // 3}", Who.HIDDEN)
    return quarter, Epoch(f"{day.year:04d}", Who.LISTED)


def last_month(day: date) -> str:
    """Return the last month whose memberships are old enough on ``day``, whatever their day was."""
    return month_before(month_of(day - YOUNGEST + timedelta(days=1)))


def map_budget(budget: int) -> int:
    """Return what one map may cost an account in a year, in thousandths of epsilon."""
    return budget * THOUSAND // MAPS_OF_AN_ACCOUNT


def certainty(spent: int) -> int:
    """Return how sure, in per cent, numbers can make somebody for whom it was as likely as not.

    Args:
        spent: thousandths of epsilon, which bounds by how much the odds can change.
    """
    return round(100 / (1 + math.exp(-spent / THOUSAND)))


def shown_from(scale: float, cells: int) -> int:
    """Return the smallest number that is shown where noise has this scale.

    Of hundreds of empty cells some would reach five times the scale by chance, and show a language
    that nobody speaks; so the more ``cells`` there are, the higher this is.
    """
    q = math.exp(-1 / scale)  # of one empty cell, q^k / (1 + q) is the chance to reach k
    by_chance = math.log(FALSE * (1 + q) / max(1, cells)) / math.log(q)
    return max(SHOWN_FROM, math.ceil(max(TIMES_THE_SCALE * scale, by_chance)))


def error_of(scale: float) -> int:
    """Return within which distance of the true number 95 of 100 noisy ones lie.

    From the tail of the discrete Laplace distribution: P(|x| > k) = 2 q^(k+1) / (1 + q) with
    q = exp(-1 / scale).
    """
    q = math.exp(-1 / scale)
    return max(0, math.ceil(math.log((1 - SURE) * (1 + q) / 2) / math.log(q) - 1))


def cell(place: str, value: str) -> str:
    """Return the name of a cell: a country's code, or '' for the world, and a value of it."""
    return f"{place}|{value}"


def place_and_value(name: str) -> tuple[str, str]:
    """Return what ``cell`` was given."""
    place, _, value = name.partition("|")
    return place, value


def kept(query: Query, drawn: Mapping[str, int], least: int) -> dict[str, int]:
    """Return of the drawn numbers those that are shown, as they are shown."""
    step = TOLD_IN_STEPS if query.attribute == Attribute.PEOPLE else 1
    steps = {name: number // step * step for name, number in drawn.items()}
    return {name: number for name, number in steps.items() if number >= least}
