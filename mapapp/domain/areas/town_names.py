"""A town's name in a file, turned into the one town that is meant."""

from functools import lru_cache

from mapapp.domain.areas.area_tree import REGION, load_areas
from mapapp.domain.areas.gazetteer import Town, search_towns
from mapapp.domain.areas.locate import latlng_to_zone
from mapapp.domain.areas.place_cells import COUNTRY_ALIASES, country_code
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


@lru_cache(maxsize=50_000)
def town_to_latlng(name: str, country: str = "", region: str = "") -> tuple[float, float]:
    """Return (lat, lng) of the town called ``name``, in any language and script.

    Args:
        name: its name; region and country may follow it, as in “Springfield, Illinois, US”.
        country: two letters such as ``DE``; '' where only one well-known town has the name.
        region: name or code of the state, province or the like; '' where it is not needed.

    Raises:
        BadInputError: when no town, or more than one, could be meant.
    """
    if len(name) > LONGEST_TOWN:
        raise BadInputError(NO_SUCH_TOWN)
    code = country_code(country)
    around = [region] if region else []
    called = _called(name, code, around)
    if not called and "," in name:
        first, *others = (part.strip() for part in name.split(","))
        called = _called(first, code, [*around, *filter(None, others)])
    if not called:
        raise BadInputError(NO_SUCH_TOWN)
    called.sort(key=lambda town: -town.population)
    if len(called) > 1 and called[0].population < MUCH_LARGER * called[1].population:
        raise BadInputError(SEVERAL_TOWNS)
    return called[0].lat, called[0].lng


def _called(name: str, country: str, around: list[str]) -> list[Town]:
    """Return the towns called ``name`` in a country, that lie in everything that is around them."""
    found = search_towns(name, MOST_IN_FILES, country or None)
    called = [town for town in found if fold(name) in {fold(town.name), fold(town.matched)}]
    return [town for town in called if all(_is_in(town, part) for part in around)]


def _is_in(town: Town, around: str) -> bool:
    """Whether a town lies in a region or country, which is given by name or code."""
    areas, said = load_areas(), fold(around)
    names = {town.country, town.division}
    names |= {code for code, meant in COUNTRY_ALIASES.items() if meant == town.country}
    for above in areas.ancestors(latlng_to_zone(town.lat, town.lng)):
        area = areas.get(above)
        if area.level <= REGION and area.code.startswith(town.country):
            names |= {area.name, area.code, area.code.partition("-")[2]}
    return said in {fold(name) for name in names if name}
