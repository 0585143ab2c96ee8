"""Areas for tests, found in the real area table by what they are rather than by number."""

import numpy as np

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import bands_from


def zones_of(code: str) -> list[int]:
    """Return the zones of a country or region."""
    areas = load_areas()
    inside = areas.subtree(areas.by_code(code).id)
    zones = np.flatnonzero(areas.level[inside] == 3) + inside.start
    return [int(zone) for zone in zones]


def zone_at_band(zone: int, band: int) -> int:
    """Return a zone in distance band ``band`` of ``zone``."""
    areas = load_areas()
    fits = (bands_from(areas, zone) == band) & (areas.level == 3)
    fits[zone] = False
    return int(np.flatnonzero(fits)[0])
