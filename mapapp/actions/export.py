"""Export of regional statistics: frozen once an epoch, in rounded numbers, with a codebook.

The numbers of a condition are taken at its first export in an epoch and kept; every level and
format of that epoch is made from them, and the file made is kept too. So whoever asks twice
learns nothing from the difference.
"""

import hashlib
import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions import audit
from mapapp.actions.find import totals
from mapapp.domain.areas import load_areas
from mapapp.domain.codebook import DEMO, codebook
from mapapp.domain.epochs import epoch_of, first_day
from mapapp.domain.export_table import (
    COLUMNS,
    EXPORT_LEVELS,
    MOST_ROWS,
    Frozen,
    freeze,
    table_ids,
    table_rows,
)
from mapapp.domain.months import this_day
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.service import Export

MIMETYPES = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(MIMETYPES)
WITH_SHAPES = frozenset({"geojson", "gpkg", "parquet"})
NUMBERS = "application/json; purpose=frozen-numbers"


@dataclass(frozen=True)
class ExportFile:
    """A file as it is handed over; ``key`` finds it again."""

    key: str
    epoch: str
    filename: str
    mimetype: str
    content: bytes
    codebook: str


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
            raise BadInputError(f"Levels of an export are {', '.join(EXPORT_LEVELS)}.")
        if self.file_format not in FORMATS:
            raise BadInputError(f"Formats of an export are {', '.join(FORMATS)}.")
        if not self.slugs:
            raise BadInputError("Choose at least one condition.")
        return Request(tuple(sorted(set(self.slugs))), self.level, self.file_format)

    def key(self, epoch: str) -> str:
        """Return the key under which the file is kept."""
        return _key(epoch, "file", self.level, self.file_format, *self.slugs)


def export(
    session: Session,
    request: Request,
    *,
    actor: str,
    reason: str,
    site: str,
    today: date | None = None,
) -> ExportFile:
    """Return the file asked for; the same bytes for the same request until the epoch ends.

    Raises:
        BadInputError: for a level, format or number of conditions that cannot be.
        NotFoundError: for a condition that does not exist.
    """
    wanted = request.checked()
    conditions = [_condition(session, slug) for slug in wanted.slugs]
    epoch = epoch_of(today or this_day())
    audit.record(
        session,
        actor,
        "export",
        reason,
        conditions=list(wanted.slugs),
        level=wanted.level,
        format=wanted.file_format,
        epoch=epoch,
    )
    kept = session.get(Export, wanted.key(epoch))
    if kept is None:
        kept = _make(session, wanted, conditions, epoch, site)
        session.add(kept)
        session.flush()
    return _as_file(kept)


def stored_file(session: Session, key: str) -> ExportFile:
    """Return a file that was exported before.

    Raises:
        NotFoundError: when there is none under this key.
    """
    kept = session.get(Export, key)
    if kept is None or kept.mimetype == NUMBERS:
        raise NotFoundError("There is no such export. Ask for it anew.")
    return _as_file(kept)


def _as_file(row: Export) -> ExportFile:
    return ExportFile(row.key, row.epoch, row.filename, row.mimetype, row.content, row.codebook)


def _make(
    session: Session, request: Request, conditions: Sequence[Condition], epoch: str, site: str
) -> Export:
    areas = load_areas()
    ids = table_ids(areas, request.level)
    if len(ids) * len(conditions) > MOST_ROWS:
        most = MOST_ROWS // len(ids)
        raise BadInputError(
            f"That would be too large a table. Choose at most {most} conditions for this level."
        )
    kept = {(c.slug, c.name): _frozen(session, c, epoch) for c in conditions}
    frozen = {condition: _numbers_in(row) for condition, row in kept.items()}
    has_shapes = request.file_format in WITH_SHAPES
    words = codebook(
        site=site,
        epoch=epoch,
        level=request.level,
        conditions=list(frozen),
        area_version=areas.version,
        columns=(*COLUMNS, "geometry") if has_shapes else COLUMNS,
        has_demo=any(DEMO in row.codebook for row in kept.values()),
    )
    # The libraries for shapes and sheets take seconds to load, and a web process that nobody asks
    # for an export never needs them.
    files = importlib.import_module("mapapp.actions.export_files")
    rows = table_rows(areas, ids, frozen)
    content = files.write(request.file_format, rows, request.level, words, first_day(epoch))
    subject = request.slugs[0] if len(conditions) == 1 else f"{len(conditions)}-conditions"
    return Export(
        key=request.key(epoch),
        epoch=epoch,
        filename=f"{subject}-{request.level}-{epoch}.{request.file_format}",
        mimetype=MIMETYPES[request.file_format],
        content=content,
        codebook=words,
    )


def _frozen(session: Session, condition: Condition, epoch: str) -> Export:
    """Return the kept numbers of ``condition`` in ``epoch``, taken now if nobody did before."""
    key = _key(epoch, "numbers", condition.code)
    kept = session.get(Export, key)
    if kept is None:
        kept = Export(
            key=key,
            epoch=epoch,
            filename=f"{condition.slug}-{epoch}.json",
            mimetype=NUMBERS,
            content=json.dumps(freeze(totals(session, condition.id))).encode(),
            codebook=DEMO if facts.fact(session, facts.HAS_DEMO) else "",
        )
        session.add(kept)
    return kept


def _numbers_in(row: Export) -> Frozen:
    return {int(area): shown for area, shown in json.loads(row.content).items()}


def forget_demo_exports(session: Session) -> None:
    """Delete what was exported while invented people were there; real people's exports stay."""
    session.execute(delete(Export).where(Export.codebook.contains(DEMO)))


def _condition(session: Session, slug: str) -> Condition:
    found = session.scalar(select(Condition).where(Condition.slug == slug))
    if found is None:
        raise NotFoundError(f"There is no condition “{slug}”. Its short name is in its address.")
    return found


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
