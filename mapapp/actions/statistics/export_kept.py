"""What is kept of exports, so that asking again gives the same bytes, and for how long."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.actions.published.numbers_kept import placed_at
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.counts import Ints, roll_up
from mapapp.domain.published.packed import Placed
from mapapp.domain.statistics.codebook import DEMO_NOTE
from mapapp.domain.statistics.export_choices import MIMETYPES
from mapapp.errors import N_, NotFoundError
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.records import Export

NUMBERS = "application/octet-stream; purpose=frozen-numbers"
NO_EXPORT = N_("There is no such export. Ask for it again.")
DAYS_KEPT = 30
"""What is exported; whoever needs it longer has the file."""
LAST_FIRST = Order((Key(Export.asked_at, falls=True), Key(Export.key, falls=True)), 20)


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


def stored_file(session: Session, key: str) -> ExportFile:
    """Return a file that was exported before.

    Raises:
        NotFoundError: when there is none under this key.
    """
    row = _stored(session, key)
    return ExportFile(*_noted(row), row.content)


def stored_note(session: Session, key: str) -> ExportNote:
    """Return what is known of a file that was exported before, without reading it.

    Raises:
        NotFoundError: when there is none under this key.
    """
    return ExportNote(*_noted(_stored(session, key)))


@dataclass(frozen=True)
class StoredExport:
    """A file in the list of those that are kept.

    Attributes:
        by: the account that asked first, ``audit.SHELL``, or '' in files of old versions.
        name: what that account is called on the staff, or ''.
        at: when it was asked for; None in files of old versions.
        size: bytes.
    """

    key: str
    day: str
    filename: str
    by: str
    name: str
    at: datetime | None
    size: int

    @property
    def goes(self) -> date | None:
        """The day on which it is deleted; None in files that are named after a quarter."""
        if "Q" in self.day:
            return None
        return date.fromisoformat(self.day) + timedelta(days=DAYS_KEPT + 1)


def stored_exports(session: Session, spot: Spot | None) -> Page[StoredExport]:
    """Return a page of the files that are kept, those asked for last first; none is read."""
    query = (
        select(
            Export.key,
            Export.day,
            Export.filename,
            Export.asked_by,
            func.coalesce(Member.staff_name, "").label("name"),
            Export.asked_at,
            func.length(Export.content).label("size"),
        )
        .outerjoin(Member, Member.account_id == Export.asked_by)
        .where(Export.filename != "")  # others are numbers, and what is to be made
    )
    return mapped(read_page(session, query, LAST_FIRST, spot), _as_stored)


def _as_stored(row: Row[Any]) -> StoredExport:
    moment = datetime.fromtimestamp(row.asked_at, UTC) if row.asked_at else None
    return StoredExport(
        row.key, row.day, row.filename, row.asked_by, row.name, moment, int(row.size)
    )


def _stored(session: Session, key: str) -> Export:
    kept = session.get(Export, key)
    if kept is None or kept.mimetype not in MIMETYPES.values():
        raise NotFoundError(NO_EXPORT)
    return kept


def _noted(row: Export) -> tuple[str, str, str, str, str]:
    return row.key, row.day, row.filename, row.mimetype, row.codebook


@dataclass(frozen=True)
class Frozen:
    """The numbers of a condition on a day.

    Attributes:
        by_area: int64 array, listed people in each area of the tree.
        has_demo: whether invented people are among them.
    """

    by_area: Ints
    has_demo: bool


def frozen_numbers(session: Session, condition: Condition, day: str) -> Frozen:
    """Return the kept numbers of ``condition`` on ``day``, taken now if nobody did before."""
    key = key_of(day, "exact numbers", condition.code)
    kept = _numbers(session, key)
    if kept is None:
        made = Export(
            key=key,
            day=day,
            filename="",
            mimetype=NUMBERS,
            content=_packed(placed_at(session, condition.id)),
            codebook=DEMO_NOTE if facts.fact(session, facts.HAS_DEMO) else "",
        )
        kept = made if keep_first(session, made) else _numbers(session, key)
    if kept is None:
        raise NotFoundError(NO_EXPORT)
    session.expunge(kept)  # a session that held those of many conditions would be large
    ids, people = np.frombuffer(kept.content, "<i4").reshape(-1, 2).astype(np.int64).T
    return Frozen(roll_up(load_areas(), ids, people).by_area, DEMO_NOTE in kept.codebook)


def keep_first(session: Session, made: Export) -> bool:
    """Keep a row, unless another process has kept one under its key; return whether it was kept."""
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return False
    return True


def _numbers(session: Session, key: str) -> Export | None:
    return session.get(Export, key, options=[undefer(Export.content)])


def _packed(placed: Placed) -> bytes:
    """Return areas and people as little-endian 32-bit integers; who sees them is left out."""
    return np.column_stack((placed.ids, placed.people)).astype("<i4").tobytes()


def forget_demo_exports(session: Session) -> None:
    """Delete what was exported while invented people were there; real people's exports stay."""
    session.execute(delete(Export).where(Export.codebook.contains(DEMO_NOTE)))


def forget_old_exports(session: Session, today: date) -> None:
    """Delete what was exported more than ``DAYS_KEPT`` days ago."""
    oldest = today - timedelta(days=DAYS_KEPT)
    quarter = f"{oldest.year}-Q{(oldest.month + 2) // 3}"  # old exports are named after theirs
    is_quarter = Export.day.contains("Q")
    is_old = (is_quarter & (Export.day < quarter)) | (~is_quarter & (Export.day < f"{oldest}"))
    session.execute(delete(Export).where(is_old).execution_options(synchronize_session=False))


def key_of(*parts: str) -> str:
    """Return the key of a row of exports."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
