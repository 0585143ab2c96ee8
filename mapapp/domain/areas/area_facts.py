"""What a place says about a member: the facts behind the preview that members see."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import LEVELS, WORLD, Areas
from mapapp.errors import N_, BadInputError

PRECISIONS = ("zone", "region", "country")
"""How precisely a member can be placed, the finest first."""
FEW_LISTED = 50
"""With fewer people of a condition than this, a region is offered first (privacy rule 1)."""


@dataclass(frozen=True)
class Seen:
    """What others learn about a member who is placed in an area.

    Attributes:
        level: of the area, ``zone``, ``region`` or ``country``.
        across_km: how far across, in two digits.
        population: how many people live there, in two digits.
    """

    area_id: int
    level: str
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
        raise BadInputError(N_("Choose a country, or a place inside one."))
    return Seen(
        area_id,
        level,
        int(told_across(areas)[area_id]),
        int(told_residents(areas)[area_id]),
    )


def offered_precision(listed: int) -> str:
    """Return how precisely people are placed unless they choose otherwise.

    Args:
        listed: how many people of the condition are listed in the world.
    """
    return "region" if listed < FEW_LISTED else PRECISIONS[0]


def at_precision(areas: Areas, area_id: int, precision: str) -> int:
    """Return ``area_id`` or the area around it that is as coarse as ``precision`` asks.

    Raises:
        NotFoundError: when there is no such area.
        BadInputError: for a precision that does not exist, and for the world.
    """
    if precision not in PRECISIONS:
        raise BadInputError(N_("Choose how precisely you are shown: zone, region or country."))
    coarsest = LEVELS.index(precision)
    around = [a for a in areas.ancestors(area_id) if WORLD < areas.level[a] <= coarsest]
    if not around:
        raise BadInputError(N_("Choose a country, or a place inside one."))
    return around[-1]


def is_coarser(areas: Areas, area_id: int, than: int) -> bool:
    """Whether ``area_id`` contains ``than`` and is another area, which tells less."""
    return area_id < than < int(areas.end[area_id])


@lru_cache(maxsize=4)
def told_residents(areas: Areas) -> NDArray[np.int64]:
    """Return how many people live in each area, as pages, the API, maps and exports tell it."""
    return _told(areas.population)


@lru_cache(maxsize=4)
def told_across(areas: Areas) -> NDArray[np.int64]:
    """Return how far across each area is, in km, as pages, the API, maps and exports tell it."""
    return _told(areas.across_km)


def _told(figures: NDArray[Any]) -> NDArray[np.int64]:
    told = whole_two_digits(figures)
    told.flags.writeable = False
    return told


def whole_two_digits(figures: NDArray[Any]) -> NDArray[np.int64]:
    """Return whole numbers of at most two significant digits: the data is no better."""
    values = np.maximum(figures.astype(np.float64), 1)
    step = 10.0 ** np.maximum(np.floor(np.log10(values)) - 1, 0)
    return np.asarray(np.floor(values / step + 0.5) * step, dtype=np.int64)
