"""States, provinces and the like as files name them: by name, by code, or by part of either."""

import re
from collections import defaultdict
from functools import lru_cache

import numpy as np

from mapapp.domain.areas.area_tree import COUNTRY, REGION, load_areas
from mapapp.domain.areas.gazetteer import Town, load_towns
from mapapp.domain.areas.place_cells import COUNTRY_ALIASES, codes_of_country
from mapapp.domain.areas.zone_towns import town_zones, zone_of
from mapapp.domain.core.folding import fold

MERGED = ".x"  # ends the code of a region that is made of several
PARTS = re.compile(r", | and ")
NO_NAMES = frozenset({"neighbours"})
IN_MERGED = {
    "CA": {"NT": "Northwest Territories", "NU": "Nunavut", "YT": "Yukon"},
    "CH": {
        "AI": "Appenzell Innerrhoden",
        "GL": "Glarus",
        "JU": "Jura",
        "NW": "Nidwalden",
        "SH": "Schaffhausen",
        "UR": "Uri",
    },
}
"""Codes of ISO 3166-2 by country, that people write for a part of such a region."""


def is_in(town: Town, around: str) -> bool:
    """Whether a town lies in a region or country, which is given by name or code."""
    names = {town.country, town.division}
    names |= {code for code, meant in COUNTRY_ALIASES.items() if meant == town.country}
    names |= {code for code, name in _in_merged(town.country) if name == town.division}
    zone = zone_of(town)
    if town.country in codes_of_country(zone):
        names |= _names_above(zone)
    return fold(around) in {fold(name) for name in names if name}


def is_region_elsewhere(text: str, zone: int) -> bool:
    """Whether a region or country is meant by ``text`` that ``zone`` does not lie in.

    What is not known for one contradicts nothing: people write names of districts, too.
    """
    said = fold(text)
    above = load_areas().ancestors(zone)
    if said in {fold(name) for name in _names_above(zone)}:
        return False
    known = _areas_by_name().get(said, frozenset())
    if known:
        return not known & set(above)
    # What is two letters long is only a code of the country in which the point lies.
    codes = {code for country in codes_of_country(zone) for code in _codes_in(country)}
    return said in codes


@lru_cache(maxsize=50_000)
def _names_above(zone: int) -> frozenset[str]:
    """Return the names and codes of the region and country of a zone."""
    areas = load_areas()
    names: set[str] = set()
    for above in areas.ancestors(zone):
        area = areas.get(above)
        if area.level <= REGION:
            names |= _names_of(area.name, area.code) | set(area.members)
    is_merged = str(areas.code[areas.ancestors(zone)[-2]]).endswith(MERGED)
    for country in codes_of_country(zone) if is_merged else ():
        for code, name in _in_merged(country):
            names |= {code, name} if _is_part(name, zone) else set()
    return frozenset(names)


def _names_of(name: str, code: str) -> set[str]:
    plain = code.removesuffix(MERGED)
    names = {name, code, plain, plain.partition("-")[2]}
    return {one for one in names | set(PARTS.split(name)) if one and one not in NO_NAMES}


def _is_part(name: str, zone: int) -> bool:
    return int(load_areas().ancestors(zone)[1]) in _areas_by_name().get(fold(name), frozenset())


def _in_merged(country: str) -> list[tuple[str, str]]:
    return list(IN_MERGED.get(country, {}).items())


@lru_cache(maxsize=512)
def _codes_in(country: str) -> frozenset[str]:
    """Return the codes of a country's regions, without the country; numbers can be districts'."""
    areas = load_areas()
    codes = {code for code, _name in _in_merged(country)}
    for area in np.flatnonzero(areas.level == REGION):
        code, _, own = str(areas.code[area]).removesuffix(MERGED).partition("-")
        if code == country and own.isalpha():
            codes.add(own)
    return frozenset(fold(code) for code in codes)


@lru_cache(maxsize=1)
def _areas_by_name() -> dict[str, frozenset[int]]:
    """Return the countries and regions that a name can mean, also by the divisions of towns."""
    areas, towns = load_areas(), load_towns()
    found: dict[str, set[int]] = defaultdict(set)
    for area in np.flatnonzero((areas.level == COUNTRY) | (areas.level == REGION)).tolist():
        names = {str(areas.name[area]), str(areas.code[area]).removesuffix(MERGED)}
        if areas.level[area] == REGION:
            names |= set(PARTS.split(str(areas.name[area]))) - NO_NAMES
        for name in names:
            if len(name) > 2:
                found[fold(name)].add(area)
    regions = areas.at_level(town_zones(), REGION)
    pairs = np.unique(np.stack([towns.division_of, regions], 1), axis=0)
    for division, region in pairs.tolist():
        if region >= 0:
            found[fold(towns.division_name(division))].add(region)
    found.pop("", None)
    return {name: frozenset(ids) for name, ids in found.items()}
