"""In which zone each town lies, and the size of the town that a zone is named after."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.gazetteer import Town, load_towns
from mapapp.domain.areas.locate import NOWHERE, latlngs_to_zones


@lru_cache(maxsize=1)
def town_zones() -> NDArray[np.int32]:
    """Return the zone of each town of the gazetteer, in its order."""
    towns = load_towns()
    zones = latlngs_to_zones(towns.lats, towns.lngs)
    zones.flags.writeable = False
    return zones


def zone_of(town: Town) -> int:
    """Return the zone in which ``town`` lies."""
    return int(town_zones()[np.searchsorted(load_towns().ids, town.id)])


def has_town(zone: int, name: str) -> bool:
    """Whether a town whose whole name is ``name`` lies in ``zone``."""
    rows = load_towns().index.called(name)
    return bool(len(rows)) and zone in town_zones()[rows].tolist()


@lru_cache(maxsize=1)
def largest_towns() -> NDArray[np.int64]:
    """Return the population of each zone's largest town; 0 for other areas."""
    towns, zones = load_towns(), town_zones()
    on_land = zones != NOWHERE
    people = np.zeros(len(load_areas()), dtype=np.int64)
    np.maximum.at(people, zones[on_land], towns.populations[on_land])
    people.flags.writeable = False
    return people
