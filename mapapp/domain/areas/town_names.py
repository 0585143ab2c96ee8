"""Names of towns and regions in a file, turned into the one place that is meant."""

import re
from collections import defaultdict
from functools import lru_cache

import numpy as np

from mapapp.domain.areas.area_tree import COUNTRY, REGION, load_areas
from mapapp.domain.areas.gazetteer import Town, load_towns, search_towns
from mapapp.domain.areas.place_cells import COUNTRY_ALIASES, codes_of_country, country_code
from mapapp.domain.areas.zone_towns import town_zones, zone_of
from mapapp.domain.core.folding import fold
from mapapp.errors import N_, BadInputError

MUCH_LARGER = 5
"""Of several towns of one name, the largest is meant if it has this many times more people."""
MOST_IN_FILES = 200  # towns of one name that are looked at
LONGEST_TOWN = 200  # characters, with its region and country
NO_SUCH_TOWN = N_(
    "There is no town with this name here. Check its spelling, and its region and country if it "
    "has them."
)
SEVERAL_TOWNS = N_(
    "More than one town has this name. Give its region and country too, such as “Springfield, "
    "Illinois, US”, or lat and lng."
)
MERGED = ".x"  # ends the code of a region that is made of several
NAME_PARTS = re.compile(r", | and ")
NO_REGIONS = frozenset({"neighbours"})
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


def town_to_zone(name: str, country: str = "", region: str = "") -> int:
    """Return the zone of the town called ``name``, in any language and script.

    Args:
        name: its name; region and country may follow it, as in “Springfield, Illinois, US”.
        country: two letters such as ``DE``; '' where only one well-known town has the name.
        region: name or code of the state, province or the like; '' where it is not needed.

    Raises:
        BadInputError: when no town, or more than one, could be meant.
    """
    towns = towns_called(name, country, region)
    if not towns:
        raise BadInputError(NO_SUCH_TOWN)
    if not is_clear(towns):
        raise BadInputError(SEVERAL_TOWNS)
    return zone_of(towns[0])


@lru_cache(maxsize=50_000)
def towns_called(name: str, country: str = "", region: str = "") -> tuple[Town, ...]:
    """Return the towns that could be meant, the likeliest first; see ``town_to_zone``.

    Raises:
        BadInputError: when ``country`` is no country's code.
    """
    if len(name) > LONGEST_TOWN:
        return ()
    code = country_code(country)
    around = [region] if region else []
    called = _called(name, code, around)
    if not called and "," in name:
        name, *others = (part.strip() for part in name.split(","))
        around += filter(None, others)
        called = _called(name, code, around)
    called.sort(key=lambda town: -town.population)
    if not code and not around:
        # Other names are also those of airports, and of towns in other languages: Hof is Hufuf.
        called.sort(key=lambda town: fold(town.name) != fold(name))
    return tuple(called)


def is_clear(towns: tuple[Town, ...]) -> bool:
    """Whether the first of some towns of one name is meant, as it is much larger than others."""
    others = [town.population for town in towns[1:]]
    return not others or towns[0].population >= MUCH_LARGER * max(others)


def _called(name: str, country: str, around: list[str]) -> list[Town]:
    """Return the towns called ``name`` in a country, that lie in everything that is around them."""
    found = search_towns(name, MOST_IN_FILES, country or None)
    called = [town for town in found if fold(name) in {fold(town.name), fold(town.matched)}]
    return [town for town in called if all(is_in(town, part) for part in around)]


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
    return {one for one in names | set(NAME_PARTS.split(name)) if one and one not in NO_REGIONS}


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
            names |= set(NAME_PARTS.split(str(areas.name[area]))) - NO_REGIONS
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
