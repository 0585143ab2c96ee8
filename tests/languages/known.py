"""What stays as it is in every language: names of places, of helplines and of programs."""

from babel import Locale

from mapapp.domain.areas.area_phrases import place_phrase
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.translations import ENGLISH, Language
from mapapp.domain.members.pseudonyms import FIRST, SECOND
from mapapp.domain.operations.credits import DATA_CREDITS, PROGRAMS
from mapapp.domain.safety.helplines import load_book
from mapapp.domain.statistics.codebook import LICENCE
from tests.languages.reading import Data
from tests.trust import LEEDS, YORK

JOINED = " and neighbours"
"""So ends the name of a region that others were joined to; the words are translated."""


class _Silent(Language):
    def say(self, message: str, /, **values: object) -> str:
        return ""


def known_names() -> Data:
    """Return the names that pages may show as they are."""
    areas = load_areas()
    silent = _Silent(ENGLISH.locale, ENGLISH.catalogue)
    places = {str(name) for name in areas.name}
    near = {areas.get(a).name for zone in (LEEDS, YORK) for a in (zone, *areas.ancestors(zone))}
    credits = (*DATA_CREDITS, *PROGRAMS)
    alone = {
        *(name for name in places if place_phrase(name, silent) == name),
        *Locale("en").languages.values(),  # those that the other language has no name for
        *(credit.name for credit in credits),
        LICENCE,
        *(line.name for lines in load_book().helplines.values() for line in lines),
        *(f"{first} {second}" for first in FIRST for second in SECOND),  # suggested to members
    }
    joined = {name.removesuffix(JOINED) for name in places if name.endswith(JOINED)}
    inside = {*near, *joined, *(credit.licence for credit in credits)}
    return Data(frozenset(alone), tuple(sorted(inside, key=len, reverse=True)))
