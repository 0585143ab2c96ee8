"""How many are near an area: everybody by distance band, and what those on cards have in common.

The first are the numbers that everybody reads. The others (privacy rule 7) are of cards that the
reader may read one by one anyway, and of no more than one may read in a day.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from mapapp.actions.published.card_lists import cards_of_members, count_cards
from mapapp.actions.published.listings import People, Shown, shown_to
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER, bands_from
from mapapp.domain.safety.reading_limits import MOST_PEOPLE

NEAR_BY = 2
"""The band (under 100 km) in which one looks for company first."""
COMPANY = 3
"""So few are too few to stop at: their number is told of a wider circle."""

Bands = NDArray[np.uint8]


@dataclass(frozen=True)
class Around:
    """A map as seen from an area, by one reader.

    Attributes:
        bands: of every area.
        shown: which cards the reader sees by name.
        within: for each band, how many are listed in it or nearer; the reader is not among them.
        includes_reader: whether the reader was taken out of those numbers.
        seen: for each band, how many of those in it the reader may see by name, but for the reader.
    """

    bands: Bands
    shown: Shown
    within: tuple[int, ...]
    includes_reader: bool
    seen: tuple[int, ...]


@dataclass(frozen=True)
class NearNumbers:
    """What can be said of the people near an area before any name is.

    Attributes:
        within: for each band, how many are listed in it or nearer; the reader is not among them.
        includes_reader: whether the reader was taken out of those numbers.
        band: up to which band cards were counted; None where there are none, or too many.
        roles: how many of those cards have each role.
        languages: how many speak each language.
        speak_mine: how many speak any of the reader's languages.
    """

    within: tuple[int, ...]
    includes_reader: bool
    band: int | None
    roles: Mapping[str, int]
    languages: Mapping[str, int]
    speak_mine: int

    @property
    def first_band(self) -> int | None:
        """The nearest band with people; None if nobody is listed in the world."""
        return next((band for band, n in enumerate(self.within) if n), None)


def near_numbers(
    session: Session, people: People, area_id: int, mine: Collection[str] = ()
) -> NearNumbers:
    """Return how many are near ``area_id``, and of those near by, what they have in common.

    Args:
        session: of the reader.
        people: of which map, and who reads; everyone is counted, whatever it asks for.
        area_id: from where.
        mine: the languages of the reader.

    Raises:
        NotFoundError: for an area that does not exist.
    """
    return numbers_around(session, look_around(session, people, area_id), mine)


def look_around(session: Session, people: People, area_id: int) -> Around:
    """Return a map as this reader sees it from ``area_id``.

    Raises:
        NotFoundError: for an area that does not exist.
    """
    bands = bands_around(area_id)
    shown = shown_to(session, people)
    at = bands[shown.placed.ids]
    within = _sums(at, shown.placed.people)
    seen = _sums(at, shown.seen)
    includes_reader = False
    for row in _left_out(session, shown):
        seen[bands[row.area_id]] -= row.visibility in shown.visibilities
        if row.member_id == people.reader_id:
            within[bands[row.area_id]] -= 1
            includes_reader = True
    return Around(bands, shown, tuple(accumulate(within)), includes_reader, tuple(seen))


def numbers_around(session: Session, around: Around, mine: Collection[str]) -> NearNumbers:
    """Return the numbers of what was looked at; ``mine`` are the languages of the reader."""
    band = _band_to_count(around)
    roles: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    speak_mine = 0
    if band is not None:
        ids = around.shown.placed.ids
        near = around.shown.cards(around.bands[ids] <= band, but_own=True)
        for role, spoken, n in count_cards(session, near):
            roles[role] += n
            languages.update(dict.fromkeys(spoken, n))
            speak_mine += n if not set(mine).isdisjoint(spoken) else 0
    return NearNumbers(
        around.within, around.includes_reader, band, dict(roles), dict(languages), speak_mine
    )


def bands_around(area_id: int) -> Bands:
    """Return the band of every area as seen from ``area_id``, whose own parts are all "here"."""
    areas = load_areas()
    bands: Bands = bands_from(areas, areas.get(area_id).id).copy()
    bands[areas.subtree(area_id)] = 0
    return bands


def _sums(at: Bands, numbers: NDArray[np.int64]) -> list[int]:
    sums: list[int] = np.bincount(at, weights=numbers, minlength=FARTHER + 1).astype(int).tolist()
    return sums


def _left_out(session: Session, shown: Shown) -> list[Any]:
    """Return the cards that lists leave out: of those a block parts from the reader, and theirs."""
    reader_id = shown.people.reader_id
    if reader_id is None:
        return []
    wanted = (reader_id, *shown.without)
    return list(cards_of_members(session, shown.people.condition_id, wanted))


def _band_to_count(around: Around) -> int | None:
    """Return up to where cards are counted: where there is company, or else as far as may be."""
    counted = None
    for band, n in enumerate(accumulate(around.seen)):
        if n > MOST_PEOPLE:
            break
        if around.seen[band]:
            counted = band
        if n >= COMPANY and band >= NEAR_BY:
            break
    return counted
