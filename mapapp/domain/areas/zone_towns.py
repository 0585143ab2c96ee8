"""In which zone each town lies, and the size of the town that a zone is named after.

The zones are found by ``scripts/towns_zones.py``, so that no process of the site has to.
"""

import zipfile
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import NOWHERE, load_areas
from mapapp.domain.areas.gazetteer import Town, load_towns
from mapapp.errors import N_, DataError
from mapapp.paths import DATA

NO_ZONES = N_("The list of the towns’ zones is missing or damaged. Install the program again.")
ZONES_FILE = DATA / "towns" / "zones.npz"


@lru_cache(maxsize=1)
def town_zones() -> NDArray[np.int32]:
    """Return the zone of each town of the gazetteer, in its order; it is in the town's country.

    Raises:
        DataError: if the file is missing, damaged, or made for other areas.
    """
    try:
        with np.load(ZONES_FILE, allow_pickle=False) as file:
            zones: NDArray[np.int32] = file["zones"]
            is_ours = str(file["areas"]) == load_areas().version
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(NO_ZONES) from error
    if not is_ours or len(zones) != len(load_towns()):
        raise DataError(NO_ZONES)
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
