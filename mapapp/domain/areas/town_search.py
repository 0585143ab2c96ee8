"""Which towns may be meant by what was typed: those of that name, the likelier first, and guesses.

Nothing is ever done on a guess: what only looks like the words is offered as another spelling.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mapapp.domain.areas.gazetteer import PER_TENFOLD, Town, search_towns
from mapapp.domain.core.folding import fold

MOST_NAMESAKES = 100
"""How many towns are looked at; no name is shared by half as many."""
HOME, NEIGHBOUR = 20, 5
"""How many times likelier a town is in the reader's country, and where their language is spoken."""
CLEARLY = 5
"""A name means the likeliest of its towns if that is so many times likelier than the next."""


@dataclass(frozen=True)
class Reader:
    """What a request tells about where a reader may be: it orders towns, and is kept nowhere.

    Attributes:
        home: ISO 3166-1 codes of countries where they are or come from.
        neighbours: of those where the language of the page they asked for is spoken.
    """

    home: Collection[str] = ()
    neighbours: Collection[str] = ()

    def factor(self, country: str) -> int:
        """Return how many times likelier than others a town of ``country`` is."""
        return HOME if country in self.home else NEIGHBOUR if country in self.neighbours else 1


ANYBODY = Reader()


def find_towns(typed: str, reader: Reader = ANYBODY) -> list[Town]:
    """Return the towns that may be meant: first those that have what was typed, then guesses.

    Towns of exactly that name hide smaller ones of other names. Larger ones stay: who types "Roma"
    may mean Rome, and not the town in Texas.

    Raises:
        BadInputError: for text that is no name of a town.
    """
    found = [_likelier(town, reader) for town in search_towns(typed, MOST_NAMESAKES)]
    called = fold(typed)
    largest = max((t.population for t in found if fold(t.name) == called), default=-1)
    fitting = (t for t in found if largest < t.population or called in fold(t.name))
    return sorted(fitting, key=lambda town: (town.is_guess, -town.score))


def is_called(town: Town, typed: str) -> bool:
    """Whether ``typed`` is a whole name of ``town``."""
    return fold(typed) in {fold(town.name), fold(town.matched)}


def clearly_meant(towns: Sequence[Town], typed: str) -> Town | None:
    """Return the town that ``typed`` clearly means, or None where a reader has to choose.

    Args:
        towns: which may be meant, the likelier first, no two of them in one zone.
        typed: a name, whole.
    """
    called = [town for town in towns if is_called(town, typed)]
    if not called or called[0] != towns[0]:
        return None
    enough = PER_TENFOLD * math.log10(CLEARLY)
    if len(called) > 1 and called[0].score - called[1].score < enough:
        return None
    return called[0]


def _likelier(town: Town, reader: Reader) -> Town:
    more = PER_TENFOLD * math.log10(reader.factor(town.country))
    return replace(town, score=town.score + more)
