"""Translates the words around towns' names in the names of areas.

``scripts/build_areas.py`` names an area without a town of its own "near Leeds (south-west)".
"Brighton and Hove" stays as it is: a name can contain an "and".
"""

import re

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
