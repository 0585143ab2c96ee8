"""Who is near an area: counts by distance band first, then people, nearest band first.

Everything is computed from the label points of areas (privacy rules 1 and 5): two people in one
zone are in the same band for everyone, and inside a band only the keyed hash orders them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import PEOPLE_A_PAGE, Page, Spot, Values, as_page
from mapapp.actions.published.listings import Listing, People, listed_people, shown_to
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import bands_from
from mapapp.domain.core.visibilities import LISTED
from mapapp.store.conditions import AreaCount
from mapapp.store.members import MemberLanguage, Membership

FARTHER = 6
"""The last band: everywhere else. Its people are listed only when nobody is nearer."""

AFTER_ALL: Values = (2**63 - 1, "~")
"""Greater than what anybody is ordered by: a keyed hash and a public id."""

Bands = NDArray[np.uint8]
Terms = tuple[ColumnElement[bool], ...]


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
        farther: how many more the reader could see by name farther away than the list reaches.
    """

    area_id: int
    within: tuple[int, ...]
    includes_reader: bool
    listed: Page[NearPerson]
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
    own_area = _own_area(session, people.condition_id, people.reader_id)
    shown = shown_to(session, people)
    if people.reader_id is not None:
        shown += (Membership.member_id != people.reader_id,)
    reach = _reach(session, bands, shown)
    return Nearby(
        area_id=area_id,
        within=_within(session, people.condition_id, bands, own_area),
        includes_reader=own_area is not None,
        listed=_people(session, reach, shown, spot),
        farther=reach.sizes[FARTHER] if FARTHER not in reach.bands else 0,
    )


def bands_around(area_id: int) -> Bands:
    """Return the band of every area as seen from ``area_id``, whose own parts are all "here"."""
    areas = load_areas()
    bands: Bands = bands_from(areas, areas.get(area_id).id).copy()
    bands[areas.subtree(area_id)] = 0
    return bands


def _own_area(session: Session, condition_id: int, reader_id: int | None) -> int | None:
    """Return the area in which the reader is counted, if any."""
    if reader_id is None:
        return None
    query = select(Membership.area_id).where(
        Membership.condition_id == condition_id,
        Membership.member_id == reader_id,
        Membership.visibility.in_(LISTED),
    )
    return session.scalar(query)


def _within(
    session: Session, condition_id: int, bands: Bands, own_area: int | None
) -> tuple[int, ...]:
    counts = [0] * (FARTHER + 1)
    query = select(AreaCount.area_id, AreaCount.n).where(AreaCount.condition_id == condition_id)
    for area_id, n in session.execute(query):
        counts[bands[area_id]] += n
    if own_area is not None:
        counts[bands[own_area]] -= 1
    return tuple(accumulate(counts))


@dataclass(frozen=True)
class _Reach:
    """Where the people are that the reader may see by name.

    Attributes:
        areas: for each band, the areas that have such people.
        sizes: for each band, how many they are.
    """

    areas: tuple[list[int], ...]
    sizes: tuple[int, ...]

    @property
    def bands(self) -> tuple[int, ...]:
        """The bands to list: the last one, which can hold most of the world, only on its own."""
        return tuple(range(FARTHER)) if any(self.sizes[:FARTHER]) else (FARTHER,)

    def term(self, band: int) -> ColumnElement[bool]:
        """Return what holds for people of ``band``.

        When the last band is listed it holds everyone, and needs no term; so no query ever names
        more areas than lie within 1000 km.
        """
        return true() if band == FARTHER else Membership.area_id.in_(self.areas[band])


def _reach(session: Session, bands: Bands, shown: Terms) -> _Reach:
    query = select(Membership.area_id, func.count()).where(*shown).group_by(Membership.area_id)
    areas: tuple[list[int], ...] = tuple([] for _ in range(FARTHER + 1))
    sizes = [0] * (FARTHER + 1)
    for area_id, n in session.execute(query):
        areas[bands[area_id]].append(area_id)
        sizes[bands[area_id]] += n
    return _Reach(areas, tuple(sizes))


def _people(session: Session, reach: _Reach, shown: Terms, spot: Spot | None) -> Page[NearPerson]:
    """Return a page of people, nearest band first.

    A spot is the band and the spot in the order of the keyed hash inside it.
    """
    found: list[tuple[NearPerson, Values]] = []
    for band, inside in _bands_from(reach.bands, spot):
        if len(found) <= PEOPLE_A_PAGE and reach.sizes[band]:
            some = listed_people(session, (*shown, reach.term(band)), inside)
            found += [(NearPerson(band, person), (band, *values)) for person, values in some]
    total = sum(reach.sizes[band] for band in reach.bands)
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


def languages_spoken(session: Session, condition_id: int, reader_id: int | None) -> list[str]:
    """Return the languages of the people that this reader may see by name."""
    query = (
        select(MemberLanguage.language)
        .where(
            MemberLanguage.member_id == Membership.member_id,
            *shown_to(session, People(condition_id, reader_id)),
        )
        .distinct()
        .order_by(MemberLanguage.language)
    )
    return list(session.scalars(query))
