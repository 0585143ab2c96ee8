"""The door in: a coordinate becomes a zone here and is forgotten (privacy rule 1).

Only this file ever holds a coordinate of a member, and ``point_files.py`` with what it calls,
which reads an import.
Neither logs, stores or repeats one: not in a message, not in an error.
"""

from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from h3ronpy import grid_disk
from h3ronpy.vector import cells_to_coordinates, coordinates_to_cells
from numpy.typing import ArrayLike, NDArray

from mapapp.domain.areas.area_tree import NOWHERE
from mapapp.domain.areas.sphere import km_between, unit_vectors
from mapapp.errors import N_, BadInputError, DataError, OutOfReachError
from mapapp.paths import DATA

CELLS_FILE = DATA / "areas" / "cells.npz"
RESOLUTION = 6
SHARED_BITS = np.uint64(27)
"""The lowest bits of every resolution-6 cell are the nine digits it does not use, all set."""
OWN_BITS = np.uint64((1 << 25) - 1)


def latlng_to_zone(lat: float, lng: float) -> int:
    """Return the area id of the zone for a point.

    Args:
        lat: degrees north, -90 to 90.
        lng: degrees east, -180 to 180.

    Raises:
        BadInputError: for a value that is no coordinate.
        OutOfReachError: when no land is within 200 km.
    """
    zone = int(latlngs_to_zones([lat], [lng])[0])
    if zone != NOWHERE:
        return zone
    if not _is_on_earth(np.float64(lat), np.float64(lng)):
        raise BadInputError(
            N_(
                "This is not a place on Earth. A latitude lies between -90 and 90, a longitude "
                "between -180 and 180."
            )
        )
    raise OutOfReachError(
        N_("There is no land within 200 km of this point. Choose a place on land.")
    )


def latlngs_to_zones(lats: ArrayLike, lngs: ArrayLike) -> NDArray[np.int32]:
    """Return the area ids of the zones for many points.

    Args:
        lats, lngs: degrees, shape (n,) each.

    Returns:
        int32 array, shape (n,); -1 for what is no coordinate and for points more than 200 km from
        land.

    Raises:
        BadInputError: when the two differ in shape or are not numbers.
    """
    lat, lng = _numbers(lats), _numbers(lngs)
    if lat.shape != lng.shape or lat.ndim != 1:
        raise BadInputError(N_("Give as many latitudes as longitudes, in two plain lists."))
    if not len(lat):
        return np.empty(0, dtype=np.int32)
    real = np.asarray(_is_on_earth(lat, lng))
    if not real.all():
        lat, lng = np.where(real, lat, 0.0), np.where(real, lng, 0.0)
    cells = np.asarray(coordinates_to_cells(lat, lng, RESOLUTION), dtype=np.uint64)
    zones = _cells_to_zones(cells)
    zones[~real] = NOWHERE
    return zones


def zones_around(lat: float, lng: float, rings: int) -> list[int]:
    """Return the zones of the cells around a point on Earth, each once, the nearest first.

    Args:
        lat, lng: degrees.
        rings: of cells around the one of the point; each is some 6 km wide.
    """
    here = np.array([lat]), np.array([lng])
    disk = grid_disk(coordinates_to_cells(*here, RESOLUTION), rings, flatten=True)
    middles = cells_to_coordinates(disk)
    lats, lngs = (np.asarray(middles.column(name)) for name in ("lat", "lng"))
    away = km_between(unit_vectors(lats, lngs), unit_vectors(*here))
    zones = _cells_to_zones(np.asarray(disk, dtype=np.uint64)[np.argsort(away)])
    return [zone for zone in dict.fromkeys(zones.tolist()) if zone != NOWHERE]


def _cells_to_zones(cells: NDArray[np.uint64]) -> NDArray[np.int32]:
    return _keys_to_zones(((cells >> SHARED_BITS) & OWN_BITS).astype(np.uint32))


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        # The values themselves would otherwise be in the error that is passed on.
        raise BadInputError(N_("A latitude and a longitude are numbers in degrees.")) from None


def _is_on_earth(
    lat: NDArray[np.float64] | np.float64, lng: NDArray[np.float64] | np.float64
) -> NDArray[np.bool_] | np.bool_:
    """Whether the pairs are coordinates at all; not-a-number is none."""
    good: NDArray[np.bool_] | np.bool_ = (np.abs(lat) <= 90) & (np.abs(lng) <= 180)
    return good


def _keys_to_zones(keys: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Look up the runs that cells fall into."""
    starts, zone = load_cells()
    found: NDArray[np.int32] = zone[np.searchsorted(starts, keys, side="right") - 1]
    return found


@lru_cache(maxsize=1)
def load_cells() -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return the cell table that ships with the program: starts of runs and their zones.

    Raises:
        DataError: when the file is missing or damaged.
    """
    return read_cells(CELLS_FILE)


def read_cells(path: Path) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Read a cell table written by ``scripts/build_areas.py``; the arrays are read-only.

    Raises:
        DataError: when the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as table:
            starts, zone = table["starts"], table["zone"]
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        raise DataError(
            N_(
                "The cell table %(file)s is missing or damaged. Install the program again, or run "
                "scripts/build_areas.py."
            ),
            file=path.name,
        ) from error
    starts.setflags(write=False)
    zone.setflags(write=False)
    return starts, zone
