"""Translates the words around towns' names in the names of areas; says which need their region.

``scripts/build_areas.py`` names an area without a town of its own "near Leeds (south-west)".
"Brighton and Hove" stays as it is: a name can contain an "and".
"""

import re
from collections import defaultdict
from functools import lru_cache

import numpy as np

from mapapp.domain.areas.area_tree import COUNTRY, ZONE, Areas
from mapapp.domain.core.folding import fold
from mapapp.domain.core.translations import Language
from mapapp.errors import N_

SIDES = {
    "north": N_("%(place)s (north)"),
    "north-east": N_("%(place)s (north-east)"),
    "east": N_("%(place)s (east)"),
    "south-east": N_("%(place)s (south-east)"),
    "south": N_("%(place)s (south)"),
    "south-west": N_("%(place)s (south-west)"),
    "west": N_("%(place)s (west)"),
    "north-west": N_("%(place)s (north-west)"),
}
NEAR = N_("near %(place)s")
NEIGHBOURS = N_("%(place)s and neighbours")
GROUPS = (
    N_("Atlantic islands and Antarctica"),
    N_("European microstates and Gibraltar"),
    N_("Indian Ocean islands"),
    N_("Isle of Man and Guernsey"),
    N_("Leeward Islands and other small Caribbean islands"),
    N_("Micronesian islands"),
    N_("Nordic islands and Greenland"),
    N_("Polynesian and nearby Pacific islands"),
)
"""Groups of small states; a group that is a single region or zone gives it its name, too."""

_GROUPS = {str(name): name for name in GROUPS}
_NAME = re.compile(
    rf"(?P<near>near )?(?P<place>.+?)(?P<neighbours> and neighbours)?"
    rf"(?: \((?P<side>{'|'.join(SIDES)})\))?(?P<number> \d+)?"
)


def place_phrase(name: str, language: Language) -> str:
    """Return the name of an area with its words in ``language``."""
    if name in _GROUPS:
        return language.say(_GROUPS[name])
    found = _NAME.fullmatch(name)
    if found is None:
        return name
    said = found["place"]
    if found["near"]:
        said = language.say(NEAR, place=said)
    if found["neighbours"]:
        said = language.say(NEIGHBOURS, place=said)
    if found["side"]:
        said = language.say(SIDES[found["side"]], place=said)
    return said + (found["number"] or "")


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
