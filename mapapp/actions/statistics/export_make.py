"""Export of regional statistics: frozen for a day, in rounded numbers, with a codebook.

The numbers of a condition are taken at its first export on a day and kept; every level and
format of that day is made from them, and the file made is kept too. So a reader who asks twice
learns nothing from the difference.
"""

import hashlib
import importlib
import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.published.listed_totals import totals
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.domain.core.dates import this_day
from mapapp.domain.statistics.codebook import DEMO_NOTE, Contents, codebook
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS, FORMATS, MIMETYPES
from mapapp.domain.statistics.export_table import (
    COLUMNS,
    MOST_ROWS,
    Counted,
    Frozen,
    freeze,
    table_ids,
    table_rows,
)
from mapapp.errors import N_, BadInputError, Nn_, NotFoundError
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.records import Export

WITH_SHAPES = frozenset({"geojson", "gpkg", "parquet"})
NUMBERS = "application/json; purpose=frozen-numbers"


@dataclass(frozen=True)
class ExportNote:
    """What is known of a file without reading it; ``key`` finds it again."""

    key: str
    day: str
    filename: str
    mimetype: str
    codebook: str


@dataclass(frozen=True)
class ExportFile(ExportNote):
    """A file as it is handed over."""

    content: bytes


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
    kept = session.get(Export, wanted.key(day))
    if kept is None:
        kept = write_file(plan_file(session, wanted, day, site))
        session.add(kept)
        session.flush()
    return _as_file(kept)


def stored_file(session: Session, key: str) -> ExportFile:
    """Return a file that was exported before.

    Raises:
        NotFoundError: when there is none under this key.
    """
    return _as_file(_stored(session, key))


def stored_note(session: Session, key: str) -> ExportNote:
    """Return what is known of a file that was exported before, without reading it.

    Raises:
        NotFoundError: when there is none under this key.
    """
    return ExportNote(*_noted(_stored(session, key)))


def _stored(session: Session, key: str) -> Export:
    kept = session.get(Export, key)
    if kept is None or kept.mimetype not in MIMETYPES.values():
        raise NotFoundError(N_("There is no such export. Ask for it again."))
    return kept


def _as_file(row: Export) -> ExportFile:
    return ExportFile(*_noted(row), row.content)


def _noted(row: Export) -> tuple[str, str, str, str, str]:
    return row.key, row.day, row.filename, row.mimetype, row.codebook


@dataclass(frozen=True)
class Plan:
    """All that a file is made from: nothing is read from the database while it is written."""

    request: Request
    day: str
    conditions: dict[Counted, Frozen]
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
    conditions = [_shown_condition(session, slug) for slug in request.slugs]
    kept = {_counted(c): _frozen(session, c, day) for c in conditions}
    has_shapes = request.file_format in WITH_SHAPES
    contents = Contents(
        site=site,
        day=day,
        level=request.level,
        conditions=list(kept),
        area_version=load_areas().version,
        columns=(*COLUMNS, "geometry") if has_shapes else COLUMNS,
        has_demo=any(DEMO_NOTE in row.codebook for row in kept.values()),
    )
    numbers = {condition: _numbers_in(row) for condition, row in kept.items()}
    return Plan(request, day, numbers, codebook(contents))


def write_file(plan: Plan) -> Export:
    """Return the row of a new file. For the largest it takes minutes: hold no transaction open."""
    request, areas = plan.request, load_areas()
    # The libraries for shapes and sheets take seconds to load, and a web process never needs them.
    files = importlib.import_module("mapapp.actions.statistics.export_files")
    rows = table_rows(areas, table_ids(areas, request.level), plan.conditions)
    day = date.fromisoformat(plan.day)
    content = files.write(request.file_format, rows, request.level, plan.codebook, day)
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
    entry = load_catalogue().by_code.get(condition.code)
    return Counted(
        condition.slug,
        condition.name,
        mondo=condition.code if condition.code.startswith("MONDO:") else "",
        orpha=f"ORPHA:{entry.orpha}" if entry and entry.orpha else "",
    )


def _frozen(session: Session, condition: Condition, day: str) -> Export:
    """Return the kept numbers of ``condition`` on ``day``, taken now if nobody did before."""
    key = key_of(day, "numbers", condition.code)
    kept = session.get(Export, key)
    if kept is None:
        kept = Export(
            key=key,
            day=day,
            filename=f"{condition.slug}-{day}.json",
            mimetype=NUMBERS,
            content=json.dumps(freeze(totals(session, condition.id))).encode(),
            codebook=DEMO_NOTE if facts.fact(session, facts.HAS_DEMO) else "",
        )
        session.add(kept)
    return kept


def _numbers_in(row: Export) -> Frozen:
    return {int(area): shown for area, shown in json.loads(row.content).items()}


def forget_demo_exports(session: Session) -> None:
    """Delete what was exported while invented people were there; real people's exports stay."""
    session.execute(delete(Export).where(Export.codebook.contains(DEMO_NOTE)))


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


def key_of(*parts: str) -> str:
    """Return the key of a row of exports."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
