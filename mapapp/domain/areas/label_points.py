"""Label points that stand where people live: every distance is measured between them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.sphere import km_between, unit_vectors

WORLD, ZONE = 0, 3
FARTHEST_ZONE = 0.5
"""How far the nearest zone of an area may be from its label, as a part of how far across it is.

Half of that is a circle of its land around the label."""

Columns = Mapping[str, NDArray[Any]]


def mended_points(columns: Columns) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the label points of all areas of a table, lat and lng in degrees.

    The middle of a country can lie far from everybody: Natural Earth's for Kiribati is 3,295 km
    from the atoll where most people live. An area that is one zone has the point of that zone. An
    area whose point lies far from all of its zones has that of the zone which is nearest to its
    people. All others, and the world, keep theirs. Doing it again changes nothing.

    Args:
        columns: of a table of areas, as ``Areas`` has them.
    """
    lat, lng = np.array(columns["lat"]), np.array(columns["lng"])
    points = unit_vectors(lat, lng)
    zones = np.flatnonzero(_is_zone(columns))
    astray = np.flatnonzero(has_point_astray(columns))
    first, last = (np.searchsorted(zones, ids) for ids in (astray, columns["end"][astray]))
    for area, start, stop in zip(astray, first, last, strict=True):
        own = zones[start:stop]
        people = columns["population"][own]
        ways = [float(km_between(points[own], points[zone]) @ people) for zone in own]
        best = own[int(np.argmin(ways))]
        lat[area], lng[area] = lat[best], lng[best]
    return lat, lng


def has_point_astray(columns: Columns) -> NDArray[np.bool_]:
    """Return for each area whether its label point is not where its people are.

    That is: another point than that of its only zone, or one that is far from all of its zones.
    """
    points = unit_vectors(columns["lat"], columns["lng"])
    zones = np.flatnonzero(_is_zone(columns))
    ids = np.arange(len(points))
    first, last = np.searchsorted(zones, ids), np.searchsorted(zones, columns["end"])
    astray = np.zeros(len(points), dtype=bool)
    for level in range(WORLD + 1, ZONE):
        own = ids[(columns["level"] == level) & (first < last)]
        if not len(own):
            continue
        sizes = last[own] - first[own]
        below = np.concatenate([zones[first[area] : last[area]] for area in own])
        away = km_between(points[below], points[np.repeat(own, sizes)])
        nearest = np.minimum.reduceat(away, np.cumsum(sizes) - sizes)
        far = nearest > FARTHEST_ZONE * columns["across_km"][own]
        astray[own] = far | ((sizes == 1) & (nearest > 0))
    return astray


def _is_zone(columns: Columns) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = columns["level"] == ZONE
    return found
