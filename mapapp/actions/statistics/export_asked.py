"""Exports that staff asked for and the worker makes: the pages never wait for a file.

What is asked for is a row beside the files. A worker takes it for ``LEASE`` seconds; if that
worker is killed, the next one takes it then. The row goes when the file is there.
"""

import json
import logging
import time
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import notify
from mapapp.actions.mail.outbox import AT_ONCE
from mapapp.actions.statistics.export_kept import keep_first, key_of
from mapapp.actions.statistics.export_make import record_export, write_file
from mapapp.actions.statistics.export_plan import plan_file
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.core.dates import this_day
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.records import Export

TO_BE_MADE = "application/json; purpose=asked"
STAGES = ("numbers", "writing", "keeping")
"""What making a file goes through: its numbers are taken, it is written, and it is kept."""
LEASE = 10 * 60  # seconds; longer than the largest file takes
MOST_TRIES = 3
"""A file that takes too much memory ends each worker that tries."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A file that is not there yet.

    Attributes:
        key: of the file, once it is there.
        by: the account that asked first, or ``audit.SHELL``.
        at: when, in seconds since 1970.
        mailed: accounts that get a mail when it is over.
        stage: how far it is, one of ``STAGES``; '' before it was ever begun.
        tries: how often it was begun.
        until: the moment, in seconds since 1970, up to which a worker has taken it; 0 for none.
    """

    key: str
    day: str
    slugs: tuple[str, ...]
    level: str
    file_format: str
    countries: tuple[str, ...] = ()
    is_tagged: bool = False
    by: str = ""
    at: int = 0
    mailed: tuple[str, ...] = ()
    stage: str = ""
    tries: int = 0
    until: int = 0

    @property
    def has_failed(self) -> bool:
        """Whether nobody tries any more, once the last try has had its time."""
        return self.tries >= MOST_TRIES and self.until <= time.time()

    @property
    def is_begun(self) -> bool:
        """Whether a worker is making it now."""
        return self.until > time.time()

    @property
    def request(self) -> Request:
        """What was asked for."""
        return Request(self.slugs, self.level, self.file_format, self.countries, self.is_tagged)


def ask_for(session: Session, request: Request, by: audit.By, *, mailed: bool = False) -> str:
    """Ask for a file, unless it is there already, and return its key.

    Args:
        mailed: whether who asks gets a mail when it is over.

    Raises:
        BadInputError: for a level, format or number of conditions that cannot be.
        NotFoundError: for a condition that does not exist.
    """
    wanted, day = request.checked(), this_day().isoformat()
    record_export(session, wanted, by, day)
    key = wanted.key(day)
    if session.get(Export, key) is not None:
        return key
    to = (by.actor,) if mailed else ()
    if asked_for(session, key) is None:
        now = int(time.time())
        fresh = Asked(key, day, **vars(wanted), by=by.actor, at=now, mailed=to)
        keep_first(session, _row_of(fresh))
    else:
        _ask_again(session, key, to)
    session.flush()
    return key


def _row_of(asked: Asked) -> Export:
    return Export(
        key=_row_key(asked.key),
        day=asked.day,
        filename="",
        mimetype=TO_BE_MADE,
        content=_packed(asked),
        codebook="",
        asked_by=asked.by,
        asked_at=asked.at,
    )


def _ask_again(session: Session, key: str, mailed: tuple[str, ...]) -> None:
    """Mail these accounts, too, and begin again what had failed, whatever a worker does beside."""
    while (before := asked_for(session, key)) is not None:
        again: dict[str, Any] = {}
        if before.has_failed:
            again = {"tries": 0, "until": 0, "stage": ""}
        everyone = tuple(dict.fromkeys((*before.mailed, *mailed)))
        if _keep(session, before, mailed=everyone, **again):
            return


def asked_for(session: Session, key: str) -> Asked | None:
    """Return the file under ``key`` that is not there yet, or None if nobody asked for it."""
    content = session.scalar(
        select(Export.content).where(Export.key == _row_key(key), Export.mimetype == TO_BE_MADE)
    )
    return _unpacked(content) if content is not None else None


def waiting(session: Session) -> list[Asked]:
    """Return all files that are not there yet, those asked for last first."""
    return sorted(_all_asked(session), key=lambda one: (-one.at, one.key))


def is_any_asked(engine: Engine) -> bool:
    """Whether there is a file to make now, or one to give up in words."""
    with transaction(engine, write=False) as session:
        return _next(session) is not None or bool(_given_up(session))


def make_asked(engine: Engine, settings: Settings) -> int:
    """Make every file that is asked for, and return how many were made.

    Each is written while no transaction is open, so nobody waits for it.
    """
    made = 0
    while (taken := _take(engine)) is not None:
        try:
            _make(engine, taken, settings)
            made += 1
        except (MapappError, MemoryError, OSError, ValueError) as error:
            # Tried again when its time is over. Without the message, which could hold values.
            log.error("an export was not made: %s", type(error).__name__)
    with transaction(engine) as session:
        for one in _given_up(session):
            if _keep(session, one, mailed=()):
                _tell(Context(session, settings), one)
    return made


def make_now(engine: Engine, key: str, settings: Settings) -> None:
    """Make the file under ``key`` unless it is there, whoever else may be making it."""
    with transaction(engine, write=False) as session:
        asked = asked_for(session, key)
    if asked is not None:
        _make(engine, asked, settings)


def _make(engine: Engine, asked: Asked, settings: Settings) -> None:
    _reach(engine, asked.key, "numbers")
    with transaction(engine) as session:
        plan = plan_file(session, asked.request, asked.day, settings.site_name)
    _reach(engine, asked.key, "writing")
    made = write_file(plan)
    made.asked_by, made.asked_at = asked.by, asked.at
    _reach(engine, asked.key, "keeping")
    with transaction(engine) as session:
        over = asked_for(session, asked.key)  # others may have asked meanwhile
        if session.get(Export, asked.key) is None:
            keep_first(session, made)
        session.execute(delete(Export).where(Export.key == _row_key(asked.key)))
        if over is not None:
            _tell(Context(session, settings), over)


def _reach(engine: Engine, key: str, stage: str) -> None:
    """Note how far a file is, for who waits; it is no matter if that is missed once."""
    with transaction(engine) as session:
        now = asked_for(session, key)
        if now is not None:
            _keep(session, now, stage=stage)


def _tell(ctx: Context, asked: Asked) -> None:
    """Mail everybody who wished for it; the mail is the one of all news (privacy rule 4)."""
    found = select(Member.id).where(Member.account_id.in_(asked.mailed))
    for member_id in ctx.session.scalars(found.order_by(Member.id)).all():
        try:
            notify(ctx, member_id, "request", AT_ONCE)
        except (
            MapappError
        ) as error:  # an address that cannot be read: the file is there all the same
            log.error("nobody was told of an export: %s", type(error).__name__)


def _take(engine: Engine) -> Asked | None:
    with transaction(engine) as session:
        found = _next(session)
        if found is not None:
            until = int(time.time()) + LEASE
            if not _keep(session, found, tries=found.tries + 1, until=until):
                return None  # another worker was faster
        return found


def _next(session: Session) -> Asked | None:
    free = (one for one in _all_asked(session) if one.tries < MOST_TRIES and not one.is_begun)
    return next(free, None)


def _given_up(session: Session) -> list[Asked]:
    """Return what nobody tries any more, and of which somebody was to be told."""
    return [one for one in _all_asked(session) if one.has_failed and one.mailed]


def _all_asked(session: Session) -> list[Asked]:
    rows = session.scalars(
        select(Export.content).where(Export.mimetype == TO_BE_MADE).order_by(Export.key)
    )
    return [_unpacked(content) for content in rows]


def _keep(session: Session, asked: Asked, **new: Any) -> bool:
    """Change what was asked for, unless it has changed meanwhile; return whether it was."""
    changed = Asked(**{**asdict(asked), **new})
    done = session.execute(
        update(Export)
        .where(Export.key == _row_key(asked.key), Export.content == _packed(asked))
        .values(content=_packed(changed))
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _row_key(key: str) -> str:
    return key_of("asked", key)


def _packed(asked: Asked) -> bytes:
    return json.dumps(asdict(asked)).encode()


def _unpacked(content: bytes) -> Asked:
    found = json.loads(content)
    several = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    return Asked(**{**found, **several})
