"""Build data/towns/zones.npz: in which zone each town lies.

    python scripts/towns_zones.py      (after a new data/areas or data/towns/towns.npz)

A cell is some 6 km wide and belongs to one zone, so the cell of Windsor in Canada is Detroit's.
Towns at borders whose cell is on the other side have a zone of their own country.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from packed_arrays import write_arrays

from mapapp.domain.areas.area_tree import COUNTRY, REGION, load_areas
from mapapp.domain.areas.gazetteer import Gazetteer, load_towns
from mapapp.domain.areas.locate import latlngs_to_zones, zones_around
from mapapp.domain.areas.place_cells import codes_of_country
from mapapp.domain.areas.zone_towns import ZONES_FILE
from mapapp.domain.core.folding import fold

COUNTRY_RINGS = 5  # some 30 km
REGION_RINGS = 2
MOSTLY, HALF = 0.9, 0.5
"""A division of the gazetteer is a region of ours if such a part of its towns lies there; half of
them are enough for a region of its name."""
DISPUTED = frozenset({("EH", "MA"), ("PS", "IL"), ("IL", "PS")})
"""(country of a town, country of its cell): where a border runs is no question of cells there."""

Zones = NDArray[np.int32]


def main() -> None:
    """Write the file."""
    size = write_arrays(ZONES_FILE, zone_arrays())
    print(f"{len(load_towns())} towns, {size} bytes: {ZONES_FILE}")


def zone_arrays() -> dict[str, NDArray[np.generic]]:
    """Return what the file holds: the zones, and the version of the areas they are of."""
    towns = load_towns()
    zones = mended_zones(towns, latlngs_to_zones(towns.lats, towns.lngs))
    return {"zones": zones, "areas": np.array(load_areas().version)}


def mended_zones(towns: Gazetteer, zones: Zones) -> Zones:
    """Return the zones of towns, in their own country and region where one is near.

    Args:
        towns: the gazetteer.
        zones: of the towns' cells.
    """
    mended = zones.copy()
    codes = [code.decode() for code in towns.countries.tolist()]
    countries = load_areas().at_level(zones, COUNTRY).tolist()
    codes_of = {country: codes_of_country(country) for country in set(countries)}
    abroad = np.array(
        [code not in codes_of[country] for code, country in zip(codes, countries, strict=True)]
    )
    regions = regions_of_divisions(towns, zones, ~abroad)
    astray = (regions >= 0) & (load_areas().at_level(zones, REGION) != regions)
    for row in np.flatnonzero(abroad | astray).tolist():
        if abroad[row] and (codes[row], _country(zones[row])) in DISPUTED:
            continue
        here = float(towns.lats[row]), float(towns.lngs[row])
        around = zones_around(*here, COUNTRY_RINGS if abroad[row] else REGION_RINGS)
        own = [zone for zone in around if codes[row] in codes_of_country(zone)]
        near = [zone for zone in own if _region(zone) == regions[row]]
        if near or (own and abroad[row]):
            mended[row] = (near or own)[0]
    return mended


def regions_of_divisions(towns: Gazetteer, zones: Zones, sure: NDArray[np.bool_]) -> Zones:
    """Return for each town the region that its state, province or the like is; -1 if none is it.

    Args:
        towns: the gazetteer.
        zones: of its towns.
        sure: which of them count.
    """
    # One name can be that of divisions in several countries.
    _, division = np.unique(
        np.stack([towns.countries.view("u2").astype(np.int64), towns.division_of], 1),
        axis=0,
        return_inverse=True,
    )
    division = division.reshape(-1)
    regions = load_areas().at_level(zones, REGION)
    pairs, many = np.unique(
        np.stack([division[sure], regions[sure]], 1), axis=0, return_counts=True
    )
    total = np.bincount(division[sure], minlength=int(division.max()) + 1)
    part = many / total[pairs[:, 0]]
    found = np.full(len(total), -1, dtype=np.int32)
    names = dict(zip(division.tolist(), towns.division_of.tolist(), strict=True))
    for (of, region), share in zip(pairs.tolist(), part.tolist(), strict=True):
        if share >= MOSTLY or (
            share >= HALF
            and fold(towns.division_name(names[of])) == fold(str(load_areas().name[region]))
        ):
            found[of] = region
    of_towns: Zones = np.where(towns.has_division, found[division], -1).astype(np.int32)
    return of_towns


@lru_cache(maxsize=50_000)
def _region(zone: int) -> int:
    return int(load_areas().at_level(np.array([zone]), REGION)[0])


def _country(zone: int) -> str:
    areas = load_areas()
    return str(areas.code[areas.ancestors(int(zone))[0]])


if __name__ == "__main__":
    main()
