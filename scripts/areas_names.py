"""The names of zones, and the points at which the map shows their badges."""

from collections import Counter

import numpy as np
from areas_cells import Land
from areas_merge import Floats, Ints, unit_vectors
from areas_sources import Places
from scipy.spatial import cKDTree

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def zone_labels(
    land: Land,
    zone: Ints,
    region: Ints,
    region_names: list[str],
    people: Ints,
    places: Places,
    home: Ints,
) -> tuple[list[str], Floats, Floats]:
    """Name every zone and choose its label point.

    A zone is named after its largest town; without a town it is "near" the nearest one in its
    region, and in a region without towns it has the region's name. Names are unique in a region.

    Args:
        land: the land cells.
        zone: zone of each land cell, numbered 0 to k - 1.
        region: region of each zone, shape (k,).
        region_names: names of all regions.
        people: residents of each land cell.
        places: the gazetteer.
        home: row of each place's land cell, -1 for a place on no land cell.

    Returns:
        Names, latitudes and longitudes of the zones. The point is the largest town or, without
        one, the centre of the cell nearest to the middle of the zone's people.
    """
    size = len(region)
    town = _largest_towns(zone, places, home, size)
    lat, lng = _middles(land, zone, people, size)
    has = town >= 0
    lat[has], lng[has] = places.lat[town[has]], places.lng[town[has]]
    near = _nearest_towns(lat, lng, has, zone, region, places, home)
    second = _largest_towns(zone, places, home, size, besides=town)
    plain = [
        _plain_name(town[at], near[at], places) or region_names[region[at]] for at in range(size)
    ]
    return _tell_apart(plain, region, near, second, lat, lng, places), lat, lng


def _largest_towns(
    zone: Ints, places: Places, home: Ints, size: int, besides: Ints | None = None
) -> Ints:
    """Return the most populous place of each zone, -1 for none."""
    rows = np.flatnonzero(home >= 0)
    if besides is not None:
        first = places.name[np.maximum(besides[zone[home[rows]]], 0)]
        rows = rows[np.char.find(places.name[rows], first) < 0]
    rows = rows[np.lexsort((-rows, places.population[rows]))]
    town = np.full(size, -1, dtype=np.int64)
    town[zone[home[rows]]] = rows  # the last assignment, the most populous place, wins
    return town


def _middles(land: Land, zone: Ints, people: Ints, size: int) -> tuple[Floats, Floats]:
    """Return the centre of the cell nearest to the middle of each zone's people."""
    weight = people + 1e-3 * land.km2
    middle = np.stack(
        [
            np.bincount(zone, weights=weight * land.where[:, axis], minlength=size)
            for axis in range(3)
        ],
        axis=1,
    )
    middle /= np.linalg.norm(middle, axis=1)[:, None]
    gap = np.linalg.norm(land.where - middle[zone], axis=1)
    order = np.lexsort((gap, zone))
    first = order[np.r_[True, np.diff(zone[order]) != 0]]
    return land.lat[first].copy(), land.lng[first].copy()


def _nearest_towns(
    lat: Floats,
    lng: Floats,
    has: np.ndarray,
    zone: Ints,
    region: Ints,
    places: Places,
    home: Ints,
) -> Ints:
    """Return the place nearest to each zone without a town, in the same region; -1 for none."""
    near = np.full(len(region), -1, dtype=np.int64)
    rows = np.flatnonzero(home >= 0)
    region_of_place = region[zone[home[rows]]]
    where, spots = unit_vectors(lat, lng), unit_vectors(places.lat, places.lng)
    for number in np.unique(region[~has]).tolist():
        own = rows[region_of_place == number]
        if len(own):
            bare = np.flatnonzero(~has & (region == number))
            near[bare] = own[cKDTree(spots[own]).query(where[bare])[1]]
    return near


def _plain_name(town: int, near: int, places: Places) -> str:
    if town >= 0:
        return str(places.name[town])
    return f"near {places.name[near]}" if near >= 0 else ""


def _tell_apart(
    plain: list[str],
    region: Ints,
    near: Ints,
    second: Ints,
    lat: Floats,
    lng: Floats,
    places: Places,
) -> list[str]:
    """Return the names, with a town, direction or number added where two in a region are equal."""
    names = _clean(plain)
    shared = _shared(names, region)
    for at in shared:
        if near[at] >= 0:
            side = _direction(places.lat[near[at]], places.lng[near[at]], lat[at], lng[at])
            names[at] = f"{names[at]} ({side})"
        elif second[at] >= 0:
            names[at] = f"{names[at]} and {places.name[second[at]]}"
    counts: Counter[tuple[int, str]] = Counter()
    for at in _shared(names, region):
        key = (int(region[at]), names[at])
        counts[key] += 1
        if counts[key] > 1:
            names[at] = f"{names[at]} {counts[key]}"
    return names


def _clean(names: list[str]) -> list[str]:
    return [" ".join(name.replace("'", "’").split()) for name in names]


def _shared(names: list[str], region: Ints) -> list[int]:
    """Return the zones that share their name with another zone of the region."""
    counts = Counter(zip(region.tolist(), names, strict=True))
    return [at for at, name in enumerate(names) if counts[(int(region[at]), name)] > 1]


def _direction(from_lat: float, from_lng: float, lat: float, lng: float) -> str:
    """Return the direction of the second point as seen from the first."""
    east = ((lng - from_lng + 180) % 360 - 180) * np.cos(np.radians(from_lat))
    turn = np.degrees(np.arctan2(east, lat - from_lat)) % 360
    return COMPASS[int((turn + 22.5) // 45) % 8]
