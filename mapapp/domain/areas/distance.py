"""How far apart two areas are, in bands and never as a figure (privacy rule 5)."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.areas.sphere import EARTH_KM, Vectors, unit_vectors

LIMITS_KM = (50.0, 100.0, 250.0, 500.0, 1000.0)
SAME_AREA = 0

Bands = NDArray[np.uint8]


@lru_cache(maxsize=4096)
def bands_from(areas: Areas, area: int) -> Bands:
    """Return the band of every area as seen from one: uint8, read-only, shape (number of areas,).

    The great-circle distance between the label points is compared; nothing finer is known here.

    Raises:
        NotFoundError: when there is no such area.
    """
    areas.get(area)
    points = _label_vectors(areas)
    # A straight line through the Earth grows with the arc over it, so comparing squared lengths is
    # comparing distances; and it is the same number from both ends, to the last bit.
    squared = np.square(points - points[area]).sum(axis=1)
    limits = np.square(2 * np.sin(np.array(LIMITS_KM) / EARTH_KM / 2))
    bands: Bands = (np.searchsorted(limits, squared, side="right") + 1).astype(np.uint8)
    bands[area] = SAME_AREA
    bands.setflags(write=False)
    return bands


@lru_cache(maxsize=4)
def _label_vectors(areas: Areas) -> Vectors:
    """Return the label points on a sphere of radius 1, shape (number of areas, 3)."""
    return unit_vectors(areas.lat, areas.lng)
