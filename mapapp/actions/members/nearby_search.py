"""Who is near an area: numbers by distance band first, then people, nearest band first.

Everything is computed from the label points of areas (privacy rules 1 and 5): two people in one
zone are in the same band for everyone, and inside a band only the keyed hash orders them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import NO_PAGE, PEOPLE_A_PAGE, Page, Spot, Values, as_page
from mapapp.actions.members.near_numbers import (
    Around,
    NearNumbers,
    cards_at,
    look_around,
    numbers_around,
)
from mapapp.actions.published.adviser_lists import MOST_ADVISERS, advisers_first
from mapapp.actions.published.card_lists import Listing, read_cards
from mapapp.actions.published.listings import Left, People, languages_spoken, left_of
from mapapp.domain.areas.distance import FARTHER
from mapapp.errors import BadInputError

FEW = 100
"""So few who match a role or a language are read at once, wherever they are."""
AFTER_ALL: Values = (2**63 - 1, "~")
"""Greater than what anybody is ordered by: a keyed hash and a public id."""

OF_A_SPOT = 3  # a band, a keyed hash and a public id

Group = tuple[int, ...]
"""Bands, nearest first, that are read by one statement."""


@dataclass(frozen=True)
class NearPerson:
    """A listed person and the distance band they are in."""

    band: int
    person: Listing


Found = tuple[NearPerson, Values]
"""A person, and the band and what the list is ordered by inside it."""


@dataclass(frozen=True)
class Nearby:
    """Who is near an area.

    Attributes:
        numbers: of everybody, whatever is asked for.
        listed: a page of the people that the reader may see by name, nearest band first; of those
            who match, where a role or a language chooses among them.
        languages: of the people that the reader may see by name, in the world.
        advisers: those who are shown first to a reader who is new, the nearest ones.
    """

    numbers: NearNumbers
    listed: Page[NearPerson]
    languages: tuple[str, ...]
    advisers: tuple[NearPerson, ...]


def nearby(
    session: Session,
    people: People,
    area_id: int,
    spot: Spot | None = None,
    mine: Collection[str] = (),
) -> Nearby:
    """Return who is near ``area_id``, with the people at ``spot``.

    Role and languages choose among the people who are shown by name, never among others.

    Args:
        session: of the reader.
        people: of which map, who reads, and what they ask for.
        area_id: from where.
        spot: in the list; None is its beginning.
        mine: the languages of the reader.

    Raises:
        NotFoundError: for an area that does not exist.
        BadInputError: for a spot of another list.
    """
    reach = _reach(session, people, area_id)
    return Nearby(
        numbers=numbers_around(session, reach.around, mine),
        listed=_people(session, reach, spot),
        languages=reach.languages,
        advisers=_advisers(session, reach.around, spot),
    )


def pages_near(
    session: Session, people: People, area_id: int, most: int
) -> Iterator[tuple[NearPerson, ...]]:
    """Yield the first pages, at most so many, of the list that ``nearby`` returns one page of."""
    reach, spot = _reach(session, people, area_id), None
    for _page in range(most):
        found = _people(session, reach, spot)
        yield found.items
        spot = found.next
        if spot is None:
            return


def _advisers(session: Session, around: Around, spot: Spot | None) -> tuple[NearPerson, ...]:
    first = advisers_first(session, around.shown, spot)
    found = [NearPerson(int(around.bands[one.area_id]), one) for one in first]
    return tuple(sorted(found, key=lambda near: near.band)[:MOST_ADVISERS])


@dataclass(frozen=True)
class _Reach:
    """What there is to list around an area, and how many role and languages leave of it.

    Attributes:
        languages: of the people that the reader may see by name, in the world.
    """

    around: Around
    left: Left
    languages: tuple[str, ...]

    def groups(self) -> list[Group]:
        """Return the bands with people, nearest first, together where they are few."""
        seen = self.around.seen
        bands = [band for band in range(FARTHER + 1) if seen[band] > 0]
        if self.around.shown.people.narrows and self.left.most <= FEW:
            return [tuple(bands)] if bands and self.left.most else []
        groups: list[Group] = []
        for band in bands:
            together = (*groups[-1], band) if groups else (band,)
            if groups and sum(seen[one] for one in together) <= PEOPLE_A_PAGE:
                groups[-1] = together
            else:
                groups.append((band,))
        return groups

    def read(self, session: Session, group: Group, spot: Spot | None) -> list[Found]:
        """Return people of a group of bands beside ``spot``, nearest to it first, enough for a page
        and one more.
        """
        if len(group) == 1:
            return self._read(session, group, PEOPLE_A_PAGE + 1, _inside(group[0], spot))
        most = min(self.left.most, sum(self.around.seen[band] for band in group))
        whole = self._read(session, group, most, None)
        beside = [one for one in whole if spot is None or _is_beside(one[1], spot)]
        return sorted(beside, key=_values, reverse=spot is not None and spot.is_end)

    def _read(self, session: Session, group: Group, size: int, spot: Spot | None) -> list[Found]:
        shown, bands = self.around.shown, self.around.bands
        here = np.isin(bands[shown.placed.ids], group)
        rows = read_cards(session, cards_at(shown, here, self.left), size, spot)
        found = ((int(bands[person.area_id]), person, values) for person, values in rows)
        return [(NearPerson(band, person), (band, *values)) for band, person, values in found]


def _reach(session: Session, people: People, area_id: int) -> _Reach:
    around = look_around(session, people, area_id)
    spoken = languages_spoken(session, around.shown)
    return _Reach(around, left_of(session, around.shown, spoken), tuple(spoken))


def _people(session: Session, reach: _Reach, spot: Spot | None) -> Page[NearPerson]:
    """Return a page of people, nearest band first.

    A spot is the band and the spot in the order of the keyed hash inside it.
    """
    if spot is not None and len(spot.values) != OF_A_SPOT:
        raise BadInputError(NO_PAGE)
    found: list[Found] = []
    for group in _groups_from(reach.groups(), spot):
        if len(found) > PEOPLE_A_PAGE:
            break
        found += reach.read(session, group, spot)
    shown = reach.around.shown
    # Those who match a role or a language are not counted: the list stops when it is full.
    total = len(found) if shown.people.narrows else sum(reach.around.seen)
    return as_page(found, PEOPLE_A_PAGE, spot, total)


def _groups_from(groups: list[Group], spot: Spot | None) -> list[Group]:
    """Return the groups on the spot's side, nearest to it first."""
    if spot is None:
        return groups
    band = int(spot.values[0])
    if spot.is_end:
        return [group for group in reversed(groups) if group[0] <= band]
    return [group for group in groups if group[-1] >= band]


def _inside(band: int, spot: Spot | None) -> Spot | None:
    """Return where to begin in a band, for a list that begins or ends at ``spot``."""
    if spot is None:
        return None
    if int(spot.values[0]) == band:
        return Spot(spot.values[1:], spot.is_end)
    # Read from its end, for the page ends at the spot: behind everything that there can be.
    return Spot(AFTER_ALL, is_end=True) if spot.is_end else None


def _values(found: Found) -> Values:
    return found[1]


def _is_beside(values: Values, spot: Spot) -> bool:
    """Whether what is ordered by ``values`` is on the spot's side."""
    return values < spot.values if spot.is_end else values > spot.values
