"""One area of one condition: its numbers, its parts, its people and its neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import Page, Spot
from mapapp.actions.published.adviser_lists import MOST_ADVISERS, advisers_first
from mapapp.actions.published.card_lists import Listing
from mapapp.actions.published.listed_totals import rolled_up
from mapapp.actions.published.listings import People, listings_of, shown_to
from mapapp.domain.areas.area_tree import COUNTRY, REGION, ZONE, Area, load_areas
from mapapp.domain.areas.distance import bands_from
from mapapp.domain.published.counts import Totals

FARTHEST_BAND = {COUNTRY: 5, REGION: 4, ZONE: 4}
"""Up to which distance band an area of each level has neighbours."""
MOST_NEIGHBOURS = 12


@dataclass(frozen=True)
class Counted:
    """An area and how many people are listed in it, with all of its parts."""

    area: Area
    people: int


@dataclass(frozen=True)
class Neighbours:
    """Areas of the same level within one distance band."""

    band: int
    areas: tuple[Counted, ...]


@dataclass(frozen=True)
class AreaPage:
    """What the page of an area shows.

    Attributes:
        area: the area itself.
        above: its country and region, outermost first, without itself.
        people: how many are listed in it, with all of its parts.
        placed: how many of them chose exactly this area and none of its parts.
        everywhere: how many there are in the world.
        parts: its sub-areas that have people, most first.
        parts_in_all: how many sub-areas it has.
        neighbours: areas nearby that have people, by distance band.
        listed: a page of the people the reader may see by name.
        advisers: those who are shown first to a reader who is new.
    """

    area: Area
    above: tuple[Area, ...]
    people: int
    placed: int
    everywhere: int
    parts: tuple[Counted, ...]
    parts_in_all: int
    neighbours: tuple[Neighbours, ...]
    listed: Page[Listing]
    advisers: tuple[Listing, ...]


def area_page(session: Session, people: People, area_id: int, spot: Spot | None = None) -> AreaPage:
    """Return what the page of ``area_id`` shows to this reader, with the people at ``spot``.

    Raises:
        NotFoundError: for an area that does not exist.
    """
    areas = load_areas()
    area = areas.get(area_id)
    shown = shown_to(session, people)
    numbers = rolled_up(shown.placed)
    children, inside = areas.children(area_id), areas.subtree(area_id)
    first = advisers_first(session, shown, spot)
    here = [one for one in first if inside.start <= one.area_id < inside.stop]
    return AreaPage(
        area=area,
        above=tuple(areas.get(i) for i in areas.ancestors(area_id) if i != area_id),
        people=int(numbers.by_area[area_id]),
        placed=int(numbers.placed[area_id]),
        everywhere=numbers.everywhere,
        parts=counted_parts(numbers, area_id),
        parts_in_all=len(children),
        neighbours=_neighbours(area, numbers),
        listed=listings_of(session, shown, area_id, spot),
        advisers=tuple(here[:MOST_ADVISERS]),
    )


def _most_first(ids: NDArray[np.integer[Any]], numbers: Totals) -> tuple[Counted, ...]:
    here = numbers.by_area[ids]
    order = np.lexsort((ids, -here))
    areas = load_areas()
    return tuple(Counted(areas.get(int(ids[i])), int(here[i])) for i in order if here[i] > 0)


def _neighbours(area: Area, numbers: Totals) -> tuple[Neighbours, ...]:
    """Return the nearest bands that have people; inside a band, areas with most people first."""
    if area.level not in FARTHEST_BAND:
        return ()
    areas = load_areas()
    bands = bands_from(areas, area.id)
    beside = (
        (areas.level == area.level) & (numbers.by_area > 0) & (bands <= FARTHEST_BAND[area.level])
    )
    beside[area.id] = False
    found: list[Neighbours] = []
    for band in np.unique(bands[beside]):
        left = MOST_NEIGHBOURS - sum(len(group.areas) for group in found)
        if left <= 0:
            break
        ids = np.flatnonzero(beside & (bands == band))
        found.append(Neighbours(int(band), _most_first(ids, numbers)[:left]))
    return tuple(found)


def counted_parts(numbers: Totals, area_id: int) -> tuple[Counted, ...]:
    """Return the parts of an area that have people, most first."""
    return _most_first(load_areas().children(area_id), numbers)


def largest_countries(numbers: Totals, most: int) -> tuple[Counted, ...]:
    """Return the countries with most people, at most ``most`` of them."""
    return counted_parts(numbers, 0)[:most]
