"""Who is near an area: counts by distance band first, then people, nearest band first.

Everything is computed from the label points of areas (PRIVACY rules 1 and 5): two people in one
zone stand in the same band for everybody, and inside a band only the keyed hash orders them.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from mapapp.actions.find import Listing, listed_people, shown_to
from mapapp.actions.paging import PEOPLE_A_PAGE, Page, page_start
from mapapp.domain.areas import load_areas
from mapapp.domain.distance import bands_from
from mapapp.domain.permissions import LISTED
from mapapp.store.conditions import AreaCount
from mapapp.store.members import MemberLanguage, Membership

FARTHER = 6
"""The last band: everywhere else. Its people are listed only when nobody is nearer."""

Bands = NDArray[np.uint8]
Terms = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class NearPerson:
    """A listed person and the distance band they stand in."""

    band: int
    person: Listing


@dataclass(frozen=True)
class Nearby:
    """Who is near an area.

    Attributes:
        area_id: where from.
        within: for each band, how many are listed in it or nearer; the reader is not among them.
        includes_reader: whether the reader was taken out of those numbers.
        listed: a page of those whom the reader may see by name, nearest band first.
        farther: how many more the reader could see by name farther away than the list reaches.
    """

    area_id: int
    within: tuple[int, ...]
    includes_reader: bool
    listed: Page[NearPerson]
    farther: int

    @property
    def first_band(self) -> int | None:
        """The nearest band that has anybody; None when nobody is listed in the world."""
        return next((band for band, n in enumerate(self.within) if n), None)


def nearby(
    session: Session,
    condition_id: int,
    area_id: int,
    reader_id: int | None,
    role: str | None = None,
    language: str | None = None,
    page: int = 1,
) -> Nearby:
    """Return who is near ``area_id``, widening until there is somebody.

    ``role`` and ``language`` choose among the people who are shown by name, never among others.

    Raises:
        NotFoundError: for an area that does not exist.
    """
    bands = bands_around(area_id)
    own_area = _own_area(session, condition_id, reader_id)
    shown = shown_to(condition_id, reader_id, role, language)
    if reader_id is not None:
        shown += (Membership.member_id != reader_id,)
    reach = _reach(session, bands, shown)
    return Nearby(
        area_id=area_id,
        within=_within(session, condition_id, bands, own_area),
        includes_reader=own_area is not None,
        listed=_people(session, reach, shown, page),
        farther=reach.sizes[FARTHER] if FARTHER not in reach.bands else 0,
    )


def bands_around(area_id: int) -> Bands:
    """Return the band of every area as seen from ``area_id``, whose own parts are all "here"."""
    areas = load_areas()
    bands: Bands = bands_from(areas, areas.get(area_id).id).copy()
    bands[areas.subtree(area_id)] = 0
    return bands


def _own_area(session: Session, condition_id: int, reader_id: int | None) -> int | None:
    """Return where the reader is counted themself, if they are."""
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
    """Where the people are whom the reader may see by name.

    Attributes:
        areas: for each band, the areas that have such people.
        sizes: for each band, how many they are.
    """

    areas: tuple[list[int], ...]
    sizes: tuple[int, ...]

    @property
    def bands(self) -> tuple[int, ...]:
        """The bands to list: the last one, which can hold most of the world, only when alone."""
        return tuple(range(FARTHER)) if any(self.sizes[:FARTHER]) else (FARTHER,)

    def term(self, band: int) -> ColumnElement[bool]:
        """Return what holds for people of ``band``.

        When the last band is listed it holds everybody, and needs no term; so no query ever names
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


def _people(session: Session, reach: _Reach, shown: Terms, number: int) -> Page[NearPerson]:
    """Return a page of people, nearest band first."""
    start = page_start(number, PEOPLE_A_PAGE)
    found: list[NearPerson] = []
    for band in reach.bands:
        wanted = PEOPLE_A_PAGE - len(found)
        if wanted and start < reach.sizes[band]:
            some = listed_people(session, (*shown, reach.term(band)), start, wanted)
            found += [NearPerson(band, person) for person in some]
        start = max(0, start - reach.sizes[band])
    total = sum(reach.sizes[band] for band in reach.bands)
    return Page(tuple(found), number, PEOPLE_A_PAGE, total)


def languages_spoken(session: Session, condition_id: int, reader_id: int | None) -> list[str]:
    """Return the languages of the people whom this reader may see by name."""
    query = (
        select(MemberLanguage.language)
        .where(
            MemberLanguage.member_id == Membership.member_id,
            *shown_to(condition_id, reader_id, None, None),
        )
        .distinct()
        .order_by(MemberLanguage.language)
    )
    return list(session.scalars(query))


def place_of(session: Session, condition_id: int, member_id: int) -> int | None:
    """Return the area of a member's own membership; for nobody but that member."""
    query = select(Membership.area_id).where(
        Membership.condition_id == condition_id, Membership.member_id == member_id
    )
    return session.scalar(query)
