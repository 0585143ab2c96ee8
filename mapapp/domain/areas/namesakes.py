"""Towns of one name in one state or province, told apart by the nearest larger town."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.gazetteer import Gazetteer, Town, load_towns
from mapapp.domain.areas.sphere import km_between, unit_vectors
from mapapp.domain.areas.zone_towns import town_zones, zone_of

WELL_KNOWN = 20_000
"""A town by which another is known has at least so many people, and more than that one."""
MOST_LARGER = 8
NEIGHBOUR_KM = 150

Rows = NDArray[np.int64]


def larger_neighbour(town: Town) -> Town | None:
    """Return the larger town that tells ``town`` from its namesakes; None if it has none.

    Namesakes have the same name, division and country, and lie in other zones. No two of them are
    told apart by the same neighbour.
    """
    towns = load_towns()
    rows = towns.rows_like(town)
    if len(rows) < 2:
        return None
    found = _neighbours(tuple(rows.tolist())).get(zone_of(town))
    return None if found is None else towns.town(found)


@lru_cache(maxsize=1024)
def _neighbours(rows: tuple[int, ...]) -> dict[int, int]:
    """Return the neighbour's row for each zone of namesakes; empty if they share one zone."""
    towns = load_towns()
    zones = town_zones()[list(rows)]
    first = {int(zone): row for zone, row in zip(zones[::-1], rows[::-1], strict=True)}
    if len(first) < 2:
        return {}
    pairs = sorted(
        (distance, zone, other)
        for zone, row in first.items()
        for distance, other in _larger(towns, row, np.array(rows))
    )
    chosen: dict[int, int] = {}
    for _distance, zone, other in pairs:
        if zone not in chosen and other not in chosen.values():
            chosen[zone] = other
    return chosen


def _larger(towns: Gazetteer, row: int, namesakes: Rows) -> list[tuple[float, int]]:
    """Return (distance, row) of the nearest larger towns of the country, nearest first."""
    fits = towns.countries == towns.countries[row]
    fits[namesakes] = False
    least = max(WELL_KNOWN, int(towns.populations[row]) + 1)
    # Around the largest town of a country there is no larger one: then any other tells where.
    for enough in (least, WELL_KNOWN, 0):
        others = np.flatnonzero(fits & (towns.populations >= enough))
        away = _apart(towns, row, others)
        if len(away) and away.min() < NEIGHBOUR_KM:
            break
    nearest = np.argsort(away, kind="stable")[:MOST_LARGER]
    return [(float(away[at]), int(others[at])) for at in nearest]


def _apart(towns: Gazetteer, row: int, others: Rows) -> NDArray[np.float64]:
    """Return the distance of each of ``others`` from ``row``, in km."""
    here = unit_vectors(towns.lats[[row]], towns.lngs[[row]])
    return km_between(unit_vectors(towns.lats[others], towns.lngs[others]), here)
