"""Export of regional statistics: exact as on the map, frozen for a day, with a codebook.

The numbers of a condition are taken at its first export on a day and kept; every level and
format of that day is made from them, and the file made is kept too.
"""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.statistics.export_kept import ExportFile, keep_first, stored_file
from mapapp.actions.statistics.export_plan import Plan, area_ids, plan_file, shown_condition
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.core.dates import this_day
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS, MIMETYPES
from mapapp.domain.statistics.export_table import MOST_ROWS
from mapapp.errors import BadInputError, Nn_
from mapapp.first_use import OnFirstUse
from mapapp.store.records import Export

if TYPE_CHECKING:
    from mapapp.actions.statistics import export_files
else:
    export_files = OnFirstUse("mapapp.actions.statistics.export_files")

MOST_LINES_OF_A_MAP = 1_000
"""About as many as a map's growth or releases have."""


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
        keep_first(session, write_file(plan_file(session, wanted, day, site)))
    return stored_file(session, key)


def record_export(session: Session, request: Request, by: audit.By, day: str) -> None:
    """Check what is asked for, and note who asks, and why.

    Raises:
        BadInputError: for more conditions than a table may have.
        NotFoundError: for a condition that does not exist, or that staff hid.
    """
    for slug in request.slugs:
        shown_condition(session, slug)
    rows = _rows_each(request)
    if rows * len(request.slugs) > MOST_ROWS:
        raise BadInputError(
            Nn_(
                "That would be too large a table. Choose at most %(n)s condition for this level.",
                "That would be too large a table. Choose at most %(n)s conditions for this level.",
            ),
            n=MOST_ROWS // rows,
        )
    more = {"countries": list(request.countries)} if request.countries else {}
    audit.record(
        session,
        by.actor,
        "export",
        by.reason,
        conditions=list(request.slugs),
        level=request.level,
        format=request.file_format,
        day=day,
        **more,
    )


def _rows_each(request: Request) -> int:
    """Return how many lines a condition has, or about the most it may have."""
    if request.level not in EXPORT_LEVELS:
        return MOST_LINES_OF_A_MAP
    return len(area_ids(request))


def write_file(plan: Plan) -> Export:
    """Return the row of a new file. The largest take long: hold no transaction open."""
    request = plan.request
    return Export(
        key=request.key(plan.day),
        day=plan.day,
        filename=request.filename(plan.contents.day),
        mimetype=MIMETYPES[request.file_format],
        content=export_files.write_plan(plan),
        codebook=plan.codebook,
    )
