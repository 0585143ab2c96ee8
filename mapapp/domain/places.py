"""What a place says about somebody: the facts behind the preview that members see."""

import math
from dataclasses import dataclass

from mapapp.domain.areas import LEVELS, WORLD, Areas
from mapapp.errors import BadInputError

PRECISIONS = ("zone", "region", "country")
"""How precisely a member can be placed; the first is the default."""


@dataclass(frozen=True)
class Seen:
    """What others learn of somebody who is placed at an area.

    Attributes:
        level: of the area, ``zone``, ``region`` or ``country``.
        across_km: how far across, rounded so that it reads like speech.
        population: how many people live there, rounded to two digits.
    """

    area_id: int
    level: str
    name: str
    across_km: int
    population: int


def seen_at(areas: Areas, area_id: int) -> Seen:
    """Return what being placed at ``area_id`` tells.

    Raises:
        NotFoundError: when there is no such area.
        BadInputError: for the world, which is no place.
    """
    areas.get(area_id)
    level = LEVELS[int(areas.level[area_id])]
    if level not in PRECISIONS:
        raise BadInputError("Choose a country, or a place inside one.")
    return Seen(
        area_id,
        level,
        str(areas.name[area_id]),
        round_distance(float(areas.across_km[area_id])),
        round_people(int(areas.population[area_id])),
    )


def at_precision(areas: Areas, area_id: int, precision: str) -> int:
    """Return ``area_id`` or the area around it that is as coarse as ``precision`` asks.

    Raises:
        NotFoundError: when there is no such area.
        BadInputError: for a precision that does not exist, and for the world.
    """
    if precision not in PRECISIONS:
        raise BadInputError("Choose how precisely you are shown: zone, region or country.")
    coarsest = LEVELS.index(precision)
    around = [a for a in areas.ancestors(area_id) if WORLD < areas.level[a] <= coarsest]
    if not around:
        raise BadInputError("Choose a country, or a place inside one.")
    return around[-1]


def is_coarser(areas: Areas, area_id: int, than: int) -> bool:
    """Whether ``area_id`` contains ``than`` and is another area: less is told than before."""
    return area_id < than < int(areas.end[area_id])


def round_distance(km: float) -> int:
    """Return ``km`` rounded to 5 below 100, to 10 below 1000 and to 100 above; at least 5."""
    step = 5 if km < 100 else 10 if km < 1000 else 100
    return max(5, math.floor(km / step + 0.5) * step)


def round_people(number: int) -> int:
    """Return ``number`` with two significant digits."""
    if number < 100:
        return number
    step = int(10 ** (math.floor(math.log10(number)) - 1))
    return math.floor(number / step + 0.5) * step
