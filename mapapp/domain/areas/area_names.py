"""Which names of areas need their region beside them."""

from collections import defaultdict
from functools import lru_cache

import numpy as np

from mapapp.domain.areas.area_tree import COUNTRY, ZONE, Areas
from mapapp.domain.core.folding import fold


def is_near_town(name: str) -> bool:
    """Whether an area without a town of its own has this name: "near Leeds (south-west)"."""
    return name.startswith("near ")


def told_line(areas: Areas, area_id: int) -> list[int]:
    """Return the areas whose names together say which area this is: itself, [region], country.

    Raises:
        NotFoundError: when there is no such area.
    """
    country, *below = areas.ancestors(area_id)
    between = below[:-1] if area_id in told_with_region(areas) else []
    return list(dict.fromkeys((area_id, *between, country)))


@lru_cache(maxsize=4)
def told_with_region(areas: Areas) -> frozenset[int]:
    """Return the zones whose name alone says too little within their country.

    That is: another zone of the country has the name as well, or a region around another place. A
    zone whose region has its name stays as it is, since the region would add nothing.
    """
    names = [fold(name) for name in areas.name.tolist()]
    countries = areas.at_level(np.arange(len(areas)), COUNTRY).tolist()
    zones: dict[tuple[int, str], list[int]] = defaultdict(list)
    regions: dict[tuple[int, str], list[int]] = defaultdict(list)
    for area, level in enumerate(areas.level.tolist()):
        if level > COUNTRY:
            of_level = zones if level == ZONE else regions
            of_level[countries[area], names[area]].append(area)
    parents = areas.parent.tolist()
    return frozenset(
        zone
        for key, found in zones.items()
        for zone in found
        if names[parents[zone]] != names[zone]
        and (len(found) > 1 or any(region != parents[zone] for region in regions.get(key, ())))
    )
