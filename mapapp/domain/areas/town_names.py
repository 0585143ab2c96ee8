"""A town's name in a file, turned into the one town that is meant."""

from functools import lru_cache

from mapapp.domain.areas.gazetteer import Town, search_towns
from mapapp.domain.areas.place_cells import country_code
from mapapp.domain.areas.region_names import is_in
from mapapp.domain.areas.zone_towns import zone_of
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
