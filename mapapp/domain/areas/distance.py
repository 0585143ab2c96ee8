"""How far apart two areas are, in bands and never as a figure (privacy rule 5)."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.areas.sphere import EARTH_KM, Vectors, unit_vectors

LIMITS_KM = (50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0)
SAME_AREA = 0
FARTHER = len(LIMITS_KM) + 1
"""The last band: everywhere else."""

Bands = NDArray[np.uint8]


@lru_cache(maxsize=256)
def bands_from(areas: Areas, area: int) -> Bands:
    """Return the band of every area as seen from one: uint8, read-only, shape (number of areas,).

    The great-circle distance between the label points is compared; nothing finer is known here.

    Raises:
        NotFoundError: when there is no such area.
    """
    areas.get(area)
    x, y, z = _label_vectors(areas)
    # A straight line through the Earth grows with the arc over it, so comparing squared lengths is
    # comparing distances; and it is the same number from both ends, to the last bit.
    squared = np.square(x - x[area]) + np.square(y - y[area]) + np.square(z - z[area])
    bands: Bands = np.ones(len(areas), np.uint8)
    for limit in np.square(2 * np.sin(np.array(LIMITS_KM) / EARTH_KM / 2)):
        bands += squared >= limit
    bands[area] = SAME_AREA
    bands.setflags(write=False)
    return bands


@lru_cache(maxsize=4)
def _label_vectors(areas: Areas) -> Vectors:
    """Return the label points on a sphere of radius 1, shape (3, number of areas)."""
    return np.ascontiguousarray(unit_vectors(areas.lat, areas.lng).T)
