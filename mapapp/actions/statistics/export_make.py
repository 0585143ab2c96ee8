"""Export of regional statistics: exact as on the map, frozen for a day, with a codebook.

The numbers of a condition are taken at its first export on a day and kept; every level and
format of that day is made from them, and the file made is kept too.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.statistics.export_kept import (
    ExportFile,
    frozen_numbers,
    key_of,
    stored_file,
)
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.conditions.codes import code_in, codes_of
from mapapp.domain.core.dates import this_day
from mapapp.domain.published.counts import Ints
from mapapp.domain.statistics.codebook import Contents, codebook
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS, FORMATS, MIMETYPES
from mapapp.domain.statistics.export_table import (
    COLUMNS,
    MOST_ROWS,
    Counted,
    make_table,
    table_ids,
)
from mapapp.errors import N_, BadInputError, Nn_, NotFoundError
from mapapp.first_use import OnFirstUse
from mapapp.store.conditions import Condition
from mapapp.store.records import Export

if TYPE_CHECKING:
    from mapapp.actions.statistics import export_files
else:
    export_files = OnFirstUse("mapapp.actions.statistics.export_files")

WITH_SHAPES = frozenset({"geojson", "gpkg", "parquet"})


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    slugs: tuple[str, ...]
    level: str
    file_format: str

    def checked(self) -> "Request":
        """Return the request in its one form: conditions sorted, each once.

        Raises:
            BadInputError: for a level or format that does not exist, or no condition.
        """
        if self.level not in EXPORT_LEVELS:
            raise BadInputError(
                N_("The levels of an export are %(levels)s."), levels=", ".join(EXPORT_LEVELS)
            )
        if self.file_format not in FORMATS:
            raise BadInputError(
                N_("The formats of an export are %(formats)s."), formats=", ".join(FORMATS)
            )
        if not self.slugs:
            raise BadInputError(N_("Choose at least one condition."))
        return Request(tuple(sorted(set(self.slugs))), self.level, self.file_format)

    def key(self, day: str) -> str:
        """Return the key under which the file is kept."""
        return key_of(day, "file", self.level, self.file_format, *self.slugs)


def export_numbers(
    session: Session, request: Request, by: audit.By, *, site: str, today: date | None = None
) -> ExportFile:
    """Return the file asked for; the same bytes for the same request until the day ends.

    Raises:
        BadInputError: for a level, format or number of conditions that cannot be.
        NotFoundError: for a condition that does not exist, or that staff hid.
    """
    wanted, day = request.checked(), (today or this_day()).isoformat()
    record_export(session, wanted, by, day)
    key = wanted.key(day)
    if session.get(Export, key) is None:
        session.add(write_file(plan_file(session, wanted, day, site)))
        session.flush()
    return stored_file(session, key)


@dataclass(frozen=True)
class Plan:
    """All that a file is made from: nothing is read from the database while it is written.

    Attributes:
        ids: the areas of the table.
        people: how many there are in each of ``ids``.
        codebook: what goes with the file.
    """

    request: Request
    day: str
    ids: Ints
    people: dict[Counted, Ints]
    codebook: str


def record_export(session: Session, request: Request, by: audit.By, day: str) -> None:
    """Check what is asked for, and note who asks, and why.

    Raises:
        BadInputError: for more conditions than a table may have.
        NotFoundError: for a condition that does not exist, or that staff hid.
    """
    for slug in request.slugs:
        _shown_condition(session, slug)
    rows = len(table_ids(load_areas(), request.level))
    if rows * len(request.slugs) > MOST_ROWS:
        raise BadInputError(
            Nn_(
                "That would be too large a table. Choose at most %(n)s condition for this level.",
                "That would be too large a table. Choose at most %(n)s conditions for this level.",
            ),
            n=MOST_ROWS // rows,
        )
    audit.record(
        session,
        by.actor,
        "export",
        by.reason,
        conditions=list(request.slugs),
        level=request.level,
        format=request.file_format,
        day=day,
    )


def plan_file(session: Session, request: Request, day: str, site: str) -> Plan:
    """Take the numbers that a file is made from, or find those taken before on this day.

    Raises:
        NotFoundError: for a condition that does not exist, or that staff hid.
    """
    ids = table_ids(load_areas(), request.level)
    people, has_demo = {}, False
    for condition in [_shown_condition(session, slug) for slug in request.slugs]:
        frozen = frozen_numbers(session, condition, day)
        people[_counted(condition)] = frozen.by_area[ids]
        has_demo |= frozen.has_demo
    has_shapes = request.file_format in WITH_SHAPES
    contents = Contents(
        site=site,
        day=day,
        level=request.level,
        file_format=request.file_format,
        conditions=list(people),
        area_version=load_areas().version,
        columns=(*COLUMNS, "geometry") if has_shapes else COLUMNS,
        has_demo=has_demo,
    )
    return Plan(request, day, ids, people, codebook(contents))


def write_file(plan: Plan) -> Export:
    """Return the row of a new file. The largest take long: hold no transaction open."""
    request = plan.request
    table = make_table(load_areas(), plan.ids, plan.people)
    day = date.fromisoformat(plan.day)
    content = export_files.write(request.file_format, table, request.level, plan.codebook, day)
    many = len(request.slugs)
    subject = request.slugs[0] if many == 1 else f"{many}-conditions"
    return Export(
        key=request.key(plan.day),
        day=plan.day,
        filename=f"{subject}-{request.level}-{plan.day}.{request.file_format}",
        mimetype=MIMETYPES[request.file_format],
        content=content,
        codebook=plan.codebook,
    )


def _counted(condition: Condition) -> Counted:
    return Counted(
        condition.slug,
        condition.name,
        mondo=condition.code if condition.code.startswith("MONDO:") else "",
        orpha=code_in("ORPHA", codes_of(condition.code)),
    )


def _shown_condition(session: Session, slug: str) -> Condition:
    """Return a condition: an export publishes nothing that no map shows (privacy rule 7)."""
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
