"""How far apart two areas are, in bands and never as a figure (PRIVACY rule 5)."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas import Areas

BANDS = ("same area", "under 50 km", "under 100 km", "under 250 km", "under 500 km",
         "under 1000 km", "farther")  # fmt: skip
LIMITS_KM = (50.0, 100.0, 250.0, 500.0, 1000.0)
SAME = 0
EARTH_KM = 6371.0088

Bands = NDArray[np.uint8]


def band_between(areas: Areas, a: int, b: int) -> int:
    """Return the position in ``BANDS`` for two areas; the order of the two does not matter.

    Only ``a == b`` is the same area. A country and a zone inside it are compared by their label
    points like any two: "same" would say more about the one who chose the country than they told.

    Raises:
        NotFoundError: when there is no such area.
    """
    areas.get(b)
    return int(bands_from(areas, a)[b])


@lru_cache(maxsize=4096)
def bands_from(areas: Areas, area: int) -> Bands:
    """Return the band of every area as seen from one: uint8, read-only, shape (number of areas,).

    The great-circle distance between the label points is compared; nothing finer is known here.

    Raises:
        NotFoundError: when there is no such area.
    """
    areas.get(area)
    points = _unit_vectors(areas)
    # A straight line through the Earth grows with the arc over it, so comparing squared lengths is
    # comparing distances; and it is the same number from both ends, to the last bit.
    squared = np.square(points - points[area]).sum(axis=1)
    limits = np.square(2 * np.sin(np.array(LIMITS_KM) / EARTH_KM / 2))
    bands: Bands = (np.searchsorted(limits, squared, side="right") + 1).astype(np.uint8)
    bands[area] = SAME
    bands.setflags(write=False)
    return bands


@lru_cache(maxsize=4)
def _unit_vectors(areas: Areas) -> NDArray[np.float64]:
    """Return the label points on a sphere of radius 1, shape (number of areas, 3)."""
    lat, lng = np.radians(areas.lat.astype(np.float64)), np.radians(areas.lng.astype(np.float64))
    return np.stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)], axis=1)
