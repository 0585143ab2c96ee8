"""A town's name in a file, turned into the one town that is meant."""

from functools import lru_cache

from mapapp.domain.folding import fold
from mapapp.domain.towns import Town, search_towns
from mapapp.errors import BadInputError

MUCH_LARGER = 5
"""Of several towns with one name, the largest is meant if it has this many times more people."""


@lru_cache(maxsize=50_000)
def town_to_latlng(name: str, country: str = "") -> tuple[float, float]:
    """Return (lat, lng) of the town called ``name``, in any language and script.

    Args:
        name: its name, without the region or country.
        country: two letters such as ``DE``; '' where only one well-known town has the name.

    Raises:
        BadInputError: when no town, or more than one, could be meant.
    """
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise BadInputError("country must be two letters, such as DE.")
    called = [t for t in search_towns(name, 10, country.upper() or None) if _is_called(t, name)]
    if not called:
        raise BadInputError("There is no town of this name here. Check its spelling and country.")
    called.sort(key=lambda town: -town.population)
    if len(called) > 1 and called[0].population < MUCH_LARGER * called[1].population:
        raise BadInputError("More than one town has this name. Give its country, or lat and lng.")
    return called[0].lat, called[0].lng


def _is_called(town: Town, name: str) -> bool:
    return fold(name) in {fold(town.name), fold(town.matched)}
