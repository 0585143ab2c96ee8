"""Takes all that a file is made from, so that nothing is read while it is written."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.statistics.export_kept import frozen_numbers
from mapapp.actions.statistics.export_maps import (
    Conditions,
    quarter_of,
    read_growth,
    read_released,
)
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.conditions.codes import code_in, codes_of
from mapapp.domain.published.counts import Ints
from mapapp.domain.statistics.codebook import Contents, codebook
from mapapp.domain.statistics.export_choices import (
    DATA_PACKAGE,
    EXPORT_LEVELS,
    GROWTH,
    OUTLINED,
    RELEASED,
)
from mapapp.domain.statistics.export_table import COLUMNS, Counted, table_ids
from mapapp.domain.statistics.map_tables import MapTable
from mapapp.errors import N_, NotFoundError
from mapapp.store import facts
from mapapp.store.conditions import Condition


@dataclass(frozen=True)
class Plan:
    """All that a file is made from.

    Attributes:
        day: on which it was asked for.
        contents: what stands in it; its day is that of the numbers, or a quarter.
        stands: the day of the numbers, or the first of the quarter.
        ids: the areas of the table; none where it is of whole maps.
        people: how many there are in each of ``ids``.
        maps: the table of whole maps; a package has it beside that of areas.
    """

    request: Request
    day: str
    contents: Contents
    stands: date
    ids: Ints
    people: dict[Counted, Ints]
    maps: MapTable | None

    @cached_property
    def codebook(self) -> str:
        """What goes with the file."""
        return codebook(self.contents)


def area_ids(request: Request) -> Ints:
    """Return the areas of the table that is asked for."""
    return table_ids(load_areas(), request.level, [area.id for area in request.places()])


def plan_file(session: Session, request: Request, day: str, site: str) -> Plan:
    """Take the numbers that a file is made from, or find those taken before on this day.

    Raises:
        NotFoundError: for a condition that does not exist, or that staff hid.
    """
    rows = [shown_condition(session, slug) for slug in request.slugs]
    conditions = {counted(row): row for row in rows}
    maps = _of_maps(session, request, conditions)
    ids, people, has_demo = np.empty(0, np.int64), {}, bool(facts.fact(session, facts.HAS_DEMO))
    if request.level in EXPORT_LEVELS:
        ids, has_demo = area_ids(request), False
        for condition, row in conditions.items():
            frozen = frozen_numbers(session, row, day)
            people[condition] = frozen.by_area[ids]
            has_demo |= frozen.has_demo
    named, stands = day, date.fromisoformat(day)
    if request.level == RELEASED:
        named, stands = quarter_of(stands)
    contents = Contents(
        site=site,
        day=named,
        level=request.level,
        file_format=request.file_format,
        conditions=list(conditions),
        area_version=load_areas().version,
        columns=_columns(request, maps),
        has_demo=has_demo,
        countries=[area.name for area in request.places()],
        is_tagged=request.is_tagged,
    )
    return Plan(request, day, contents, stands, ids, people, maps)


def _of_maps(session: Session, request: Request, conditions: Conditions) -> MapTable | None:
    if request.level == RELEASED:
        return read_released(session, conditions, request.places())
    is_whole = request.file_format == DATA_PACKAGE and not request.countries
    return read_growth(session, conditions) if request.level == GROWTH or is_whole else None


def _columns(request: Request, maps: MapTable | None) -> tuple[str, ...]:
    columns = COLUMNS if request.level in EXPORT_LEVELS else ()
    outlines = ("geometry",) if columns and request.file_format in (*OUTLINED, DATA_PACKAGE) else ()
    more = maps.columns if maps else ()
    return tuple(dict.fromkeys((*columns, *outlines, *more)))


def counted(condition: Condition) -> Counted:
    """Return a condition as tables name it."""
    return Counted(
        condition.slug,
        condition.name,
        mondo=condition.code if condition.code.startswith("MONDO:") else "",
        orpha=code_in("ORPHA", codes_of(condition.code)),
    )


def shown_condition(session: Session, slug: str) -> Condition:
    """Return a condition: an export publishes nothing that no map shows (privacy rule 7).

    Raises:
        NotFoundError: when there is none, or staff hid it.
    """
    found = condition_with_slug(session, slug)
    if not found.shown:
        raise NotFoundError(
            N_("“%(condition)s” is hidden, so it cannot be exported. Show it again first."),
            condition=slug,
        )
    return found


def condition_with_slug(session: Session, slug: str) -> Condition:
    """Return a condition, shown or not, for imports.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.scalar(select(Condition).where(Condition.slug == slug))
    if found is None:
        raise NotFoundError(
            N_("There is no condition “%(condition)s”. Its short name is in its address."),
            condition=slug,
        )
    return found
