"""The place of a row that has coordinates, if all that the row says of it agrees.

A row that contradicts itself is refused: it would put somebody where they are not. What is wrong
is said without repeating the coordinate.
"""

from functools import lru_cache

import numpy as np

from mapapp.domain.areas.csv_rows import Fields
from mapapp.domain.areas.locate import NOWHERE, zones_around
from mapapp.domain.areas.place_cells import codes_of_country, country_code
from mapapp.domain.areas.region_names import is_region_elsewhere
from mapapp.domain.areas.sphere import Vectors, km_between, unit_vectors
from mapapp.domain.areas.town_names import is_clear, towns_called
from mapapp.errors import N_, BadInputError

BESIDE = 1
"""Rings of cells: how far behind a border the zone of a point may be, if the row says so."""
WELL_KNOWN = 300_000
"""A row that names such a town means it: a hamlet of its name would be named with its country."""
FAR_KM = 100
AT_SEA = N_("The point is at sea, far from any land.")
SWAPPED_AT_SEA = N_("The point is at sea, far from any land. Are lat and lng swapped?")
SWAPPED_ON_LAND = N_("The point is not in the country that the row names. Are lat and lng swapped?")
IN_ANOTHER_COUNTRY = N_(
    "The point is not in the country that the row names. Correct one of them, or leave the country "
    "empty."
)
IN_ANOTHER_REGION = N_(
    "The point is not in the region that the row names. Correct one of them, or leave the region "
    "empty."
)
FAR_FROM_TOWN = N_(
    "The point is far from the town that the row names. Correct one of them, or leave the town "
    "empty."
)

LatLng = tuple[float, float]


def settled_zone(fields: Fields, point: LatLng, zone: int, turned: int) -> int:
    """Return the zone of a row.

    Beside a border that is the nearest zone of the country, and of the region, that the row names:
    one cell belongs to one zone, also where a border runs through it.

    Args:
        fields: of the row.
        point: its coordinates.
        zone: the one of the point's cell.
        turned: the zone that it had if lat and lng changed places.

    Raises:
        BadInputError: when the row contradicts itself, or the point is at sea.
    """
    if zone == NOWHERE:
        raise BadInputError(AT_SEA if turned == NOWHERE else SWAPPED_AT_SEA)
    named, region = country_code(fields.get("country", "")), fields.get("region", "")
    choices = [zone]
    if _is_outside(zone, named, region):
        choices += zones_around(*point, BESIDE)
    in_country = [one for one in choices if not _is_abroad(one, named)]
    if not in_country:
        is_turned = turned != NOWHERE and named in codes_of_country(turned)
        raise BadInputError(SWAPPED_ON_LAND if is_turned else IN_ANOTHER_COUNTRY)
    fitting = [one for one in in_country if not _is_outside(one, named, region)]
    if not fitting:
        raise BadInputError(IN_ANOTHER_REGION)
    if fields.get("town") and _is_far(fields["town"], named, region, point):
        raise BadInputError(FAR_FROM_TOWN)
    return fitting[0]


@lru_cache(maxsize=50_000)
def _is_outside(zone: int, country: str, region: str) -> bool:
    return _is_abroad(zone, country) or (bool(region) and is_region_elsewhere(region, zone))


def _is_abroad(zone: int, country: str) -> bool:
    return bool(country) and country not in codes_of_country(zone)


def _is_far(town: str, country: str, region: str, point: LatLng) -> bool:
    there = _well_known(town, country, region)
    if there is None:
        return False
    here = unit_vectors(np.array([point[0]]), np.array([point[1]]))
    return bool(km_between(there, here).min() > FAR_KM)


@lru_cache(maxsize=50_000)
def _well_known(town: str, country: str, region: str) -> Vectors | None:
    """Return where the towns of a name lie; None if it is not certain that one of them is meant."""
    towns = towns_called(town, country, region)
    if not towns or towns[0].population < WELL_KNOWN or not is_clear(towns):
        return None
    return unit_vectors(np.array([t.lat for t in towns]), np.array([t.lng for t in towns]))
