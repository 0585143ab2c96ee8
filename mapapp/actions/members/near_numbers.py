"""How many are near an area: everybody by distance band, and what the nearest have in common.

The first are the numbers that everybody reads. The others (privacy rule 7) are of the cards that a
list begins with, and whoever is told of them must have these names counted, as in the list. A block
changes none of the numbers: a smaller one beside the others would tell of it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE
from mapapp.actions.published.card_lists import Cards, Listing, cards_of_members, read_cards
from mapapp.actions.published.listings import Left, People, Shown, shown_to
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER, bands_from

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
        cards: for each band, how many cards of others in it this kind of reader sees.
        seen: the same without those whom a block parts from the reader, as in lists.
    """

    bands: Bands
    shown: Shown
    within: tuple[int, ...]
    includes_reader: bool
    cards: tuple[int, ...]
    seen: tuple[int, ...]


@dataclass(frozen=True)
class NearNumbers:
    """What can be said of the people near an area before any name is.

    Attributes:
        within: for each band, how many are listed in it or nearer; the reader is not among them.
        includes_reader: whether the reader was taken out of those numbers.
        band: up to which band cards were counted; None where there are none.
        counted: public ids of those who were counted: at most as many as a page of a list names.
        roles: how many of them have each role.
        languages: how many speak each language.
        speak_mine: how many speak any of the reader's languages.
    """

    within: tuple[int, ...]
    includes_reader: bool
    band: int | None
    counted: tuple[str, ...]
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
    """Return how many are near ``area_id``, and what the nearest have in common.

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
    cards = _sums(at, shown.seen)
    seen = list(cards)
    includes_reader = False
    for row in _left_out(session, shown):
        band, is_seen = bands[row.area_id], row.visibility in shown.visibilities
        seen[band] -= is_seen
        if row.member_id == people.reader_id:
            within[band] -= 1
            cards[band] -= is_seen
            includes_reader = True
    sums = tuple(accumulate(within))
    return Around(bands, shown, sums, includes_reader, tuple(cards), tuple(seen))


def numbers_around(session: Session, around: Around, mine: Collection[str]) -> NearNumbers:
    """Return the numbers of what was looked at; ``mine`` are the languages of the reader."""
    band = _band_to_count(around)
    nearest = [] if band is None else _nearest(session, around, band)
    return NearNumbers(
        within=around.within,
        includes_reader=around.includes_reader,
        band=band,
        counted=tuple(one.public_id for one in nearest),
        roles=Counter(one.role for one in nearest),
        languages=Counter(tag for one in nearest for tag in one.languages),
        speak_mine=sum(not set(mine).isdisjoint(one.languages) for one in nearest),
    )


def cards_at(shown: Shown, here: NDArray[np.bool_], left: Left | None = None) -> Cards:
    """Return which cards to read ``here``, but for the reader's own; arguments as ``Shown.cards``.

    Where nobody is anywhere else, they are read as those of the world, which costs less.
    """
    is_all = not shown.seen[~here].any()
    return shown.cards(None if is_all else here, left, but_own=True)


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


def _nearest(session: Session, around: Around, band: int) -> list[Listing]:
    """Return the cards that are counted, whatever is asked for and whomever a block parts."""
    people = around.shown.people
    anyone = People(people.condition_id, people.reader_id)
    everyone = replace(around.shown, people=anyone, without=frozenset())
    near = cards_at(everyone, around.bands[everyone.placed.ids] <= band)
    return [card for card, _order in read_cards(session, near, PEOPLE_A_PAGE)]


def _band_to_count(around: Around) -> int | None:
    """Return up to where cards are counted: where there is company, or as far as a page reaches.

    Of the first band with people a page is counted, however many there are.
    """
    counted = None
    for band, n in enumerate(accumulate(around.cards)):
        if n > PEOPLE_A_PAGE and counted is not None:
            break
        if around.cards[band]:
            counted = band
        if n >= COMPANY and band >= NEAR_BY:
            break
    return counted
