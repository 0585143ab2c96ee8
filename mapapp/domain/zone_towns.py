"""How large the town is that a zone is named for. All zones have about as many people."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas import load_areas
from mapapp.domain.locate import NOWHERE, latlngs_to_zones
from mapapp.domain.towns import load_towns


@lru_cache(maxsize=1)
def largest_towns() -> NDArray[np.int64]:
    """Return for each area the people of the largest town in it; 0 for all areas but zones."""
    towns = load_towns()
    zones = latlngs_to_zones(towns.lats, towns.lngs)
    on_land = zones != NOWHERE
    people = np.zeros(len(load_areas()), dtype=np.int64)
    np.maximum.at(people, zones[on_land], towns.populations[on_land])
    people.flags.writeable = False
    return people
