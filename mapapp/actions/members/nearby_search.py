"""Who is near an area: counts by distance band first, then people, nearest band first.

Everything is computed from the label points of areas (privacy rules 1 and 5): two people in one
zone are in the same band for everyone, and inside a band only the keyed hash orders them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE, Page, Spot, Values, as_page
from mapapp.actions.published.card_lists import Cards, Listing, cards_of_members, read_cards
from mapapp.actions.published.listings import (
    People,
    Shown,
    languages_spoken,
    share_of,
    shown_to,
)
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import bands_from

FARTHER = 6
"""The last band: everywhere else. Its people are listed only when nobody is nearer."""

AFTER_ALL: Values = (2**63 - 1, "~")
"""Greater than what anybody is ordered by: a keyed hash and a public id."""

Bands = NDArray[np.uint8]


@dataclass(frozen=True)
class NearPerson:
    """A listed person and the distance band they are in."""

    band: int
    person: Listing


@dataclass(frozen=True)
class Nearby:
    """Who is near an area.

    Attributes:
        area_id: where from.
        within: for each band, how many are listed in it or nearer; the reader is not among them.
        includes_reader: whether the reader was taken out of those numbers.
        listed: a page of the people that the reader may see by name, nearest band first.
        languages: of the people that the reader may see by name, in the world.
        farther: how many more the reader could see by name farther away than the list reaches;
            0 where a role or a language chooses among them, who are not counted.
    """

    area_id: int
    within: tuple[int, ...]
    includes_reader: bool
    listed: Page[NearPerson]
    languages: tuple[str, ...]
    farther: int

    @property
    def first_band(self) -> int | None:
        """The nearest band with people; None if nobody is listed in the world."""
        return next((band for band, n in enumerate(self.within) if n), None)


def nearby(session: Session, people: People, area_id: int, spot: Spot | None = None) -> Nearby:
    """Return who is near ``area_id``, widening until there is anyone, with the people at ``spot``.

    Role and language choose among the people who are shown by name, never among others.

    Raises:
        NotFoundError: for an area that does not exist.
        BadInputError: for a spot of another list.
    """
    bands = bands_around(area_id)
    shown = shown_to(session, people)
    apart, own_area = _left_out(session, shown)
    languages = languages_spoken(session, shown)
    reach = _Reach(session, shown, bands, apart, languages.get(people.language or "", 0))
    within = np.bincount(
        bands[shown.placed.ids], weights=shown.placed.people, minlength=FARTHER + 1
    ).astype(int)
    if own_area is not None:
        within[bands[own_area]] -= 1
    return Nearby(
        area_id=area_id,
        within=tuple(accumulate(within.tolist())),
        includes_reader=own_area is not None,
        listed=_people(session, reach, spot),
        languages=tuple(languages),
        farther=0 if FARTHER in reach.bands or reach.narrows else reach.sizes[FARTHER],
    )


def bands_around(area_id: int) -> Bands:
    """Return the band of every area as seen from ``area_id``, whose own parts are all "here"."""
    areas = load_areas()
    bands: Bands = bands_from(areas, areas.get(area_id).id).copy()
    bands[areas.subtree(area_id)] = 0
    return bands


def _left_out(session: Session, shown: Shown) -> tuple[list[tuple[int, str]], int | None]:
    """Return where cards are that the list leaves out, and where the reader's own is, if anywhere.

    The first are area and visibility of those whom a block parts from the reader, and the reader's.
    """
    reader_id = shown.people.reader_id
    if reader_id is None:
        return [], None
    wanted = (reader_id, *shown.without)
    rows = cards_of_members(session, shown.people.condition_id, wanted)
    own = next((row.area_id for row in rows if row.member_id == reader_id), None)
    return [(row.area_id, row.visibility) for row in rows], own


class _Reach:
    """Where the people are that the reader may see by name.

    Attributes:
        sizes: for each band, how many they are, whatever their role and language.
        narrows: whether a role or a language chooses among them.
        bands: those to list. The last one, which can hold most of the world, only on its own.
    """

    def __init__(
        self,
        session: Session,
        shown: Shown,
        bands: Bands,
        apart: list[tuple[int, str]],
        speak: int,
    ) -> None:
        self._shown, self._ids = shown, shown.placed.ids
        self._bands = bands[self._ids]
        self._seen = shown.placed.seen_by(shown.visibilities)
        self.share, self.speak = share_of(session, shown, speak), speak
        sizes = np.bincount(self._bands, weights=self._seen, minlength=FARTHER + 1).astype(int)
        for area_id, visibility in apart:
            sizes[bands[area_id]] -= visibility in shown.visibilities
        self.sizes: list[int] = sizes.tolist()
        self.narrows = bool(shown.people.role or shown.people.language)
        self.bands = tuple(range(FARTHER)) if self._has_near(session) else (FARTHER,)

    def _has_near(self, session: Session) -> bool:
        if not any(self.sizes[:FARTHER]):
            return False
        near = (self._bands < FARTHER) & (self._seen > 0)
        return not self.narrows or bool(read_cards(session, self._cards(near), 1))

    def cards(self, band: int) -> Cards:
        """Return which cards to read for ``band``.

        When the last band is listed it holds everyone.
        """
        if band == FARTHER:
            return self._shown.cards(None, 0, speak=self.speak, but_own=True)
        return self._cards((self._bands == band) & (self._seen > 0))

    def _cards(self, chosen: NDArray[np.bool_]) -> Cards:
        expected = int(self._seen[chosen].sum()) * self.share
        ids = self._ids[chosen].tolist()
        return self._shown.cards(ids, expected, speak=self.speak, but_own=True)


def _people(session: Session, reach: _Reach, spot: Spot | None) -> Page[NearPerson]:
    """Return a page of people, nearest band first.

    A spot is the band and the spot in the order of the keyed hash inside it.
    """
    found: list[tuple[NearPerson, Values]] = []
    for band, inside in _bands_from(reach.bands, spot):
        if len(found) <= PEOPLE_A_PAGE and reach.sizes[band]:
            some = read_cards(session, reach.cards(band), PEOPLE_A_PAGE + 1, inside)
            found += [(NearPerson(band, person), (band, *values)) for person, values in some]
    # Those who match a role or a language are not counted: the list stops when it is full.
    total = len(found) if reach.narrows else sum(reach.sizes[band] for band in reach.bands)
    return as_page(found, PEOPLE_A_PAGE, spot, total)


def _bands_from(bands: tuple[int, ...], spot: Spot | None) -> Iterator[tuple[int, Spot | None]]:
    """Yield the bands on the spot's side, nearest to it first, each with where to begin in it."""
    if spot is None:
        yield from ((band, None) for band in bands)
        return
    first, *values = spot.values
    beyond = [band for band in bands if (band < int(first) if spot.is_end else band > int(first))]
    if int(first) in bands:  # the last one is not listed any more once anybody is nearer
        yield int(first), Spot(tuple(values), spot.is_end)
    # Read from their end, for the page ends at the spot: behind everything that there can be.
    farthest = Spot(AFTER_ALL, is_end=True) if spot.is_end else None
    for band in reversed(beyond) if spot.is_end else beyond:
        yield band, farthest
