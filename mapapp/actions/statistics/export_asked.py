"""Exports that staff asked for and the worker makes: the pages never wait for a file.

What is asked for is a row beside the files. A worker takes it for ``LEASE`` seconds; if that
worker is killed, the next one takes it then. The row goes when the file is there.
"""

import json
import logging
import time
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.statistics.export_kept import key_of
from mapapp.actions.statistics.export_make import Request, plan_file, record_export, write_file
from mapapp.domain.core.dates import this_day
from mapapp.errors import MapappError
from mapapp.store.database import transaction
from mapapp.store.records import Export

TO_BE_MADE = "application/json; purpose=asked"
LEASE = 10 * 60  # seconds; longer than the largest file takes
MOST_TRIES = 3
"""A file that takes too much memory ends each worker that tries."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A file that is not there yet.

    Attributes:
        key: of the file, once it is there.
        tries: how often it was begun.
        until: the moment, in seconds since 1970, up to which a worker has taken it; 0 for none.
    """

    key: str
    day: str
    slugs: tuple[str, ...]
    level: str
    file_format: str
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
        return Request(tuple(self.slugs), self.level, self.file_format)


def ask_for(session: Session, request: Request, by: audit.By) -> str:
    """Ask for a file, unless it is there already, and return its key.

    Raises:
        BadInputError: for a level, format or number of conditions that cannot be.
        NotFoundError: for a condition that does not exist.
    """
    wanted, day = request.checked(), this_day().isoformat()
    record_export(session, wanted, by, day)
    key = wanted.key(day)
    if session.get(Export, key) is not None:
        return key
    before = asked_for(session, key)
    if before is None:
        fresh = Asked(key, day, wanted.slugs, wanted.level, wanted.file_format)
        session.add(
            Export(
                key=_row_key(key),
                day=day,
                filename="",
                mimetype=TO_BE_MADE,
                content=_packed(fresh),
                codebook="",
            )
        )
    elif before.has_failed:
        _keep(session, before, tries=0, until=0)
    session.flush()
    return key


def asked_for(session: Session, key: str) -> Asked | None:
    """Return the file under ``key`` that is not there yet, or None if nobody asked for it."""
    row = session.get(Export, _row_key(key))
    return _unpacked(row.content) if row else None


def is_any_asked(engine: Engine) -> bool:
    """Whether there is a file to make now."""
    with transaction(engine, write=False) as session:
        return _next(session) is not None


def make_asked(engine: Engine, site: str) -> int:
    """Make every file that is asked for, and return how many were made.

    Each is written while no transaction is open, so nobody waits for it.
    """
    made = 0
    while (taken := _take(engine)) is not None:
        try:
            _make(engine, taken, site)
            made += 1
        except (MapappError, MemoryError, OSError, ValueError) as error:
            # Tried again when its time is over. Without the message, which could hold values.
            log.error("an export was not made: %s", type(error).__name__)
    return made


def make_now(engine: Engine, key: str, site: str) -> None:
    """Make the file under ``key`` unless it is there, whoever else may be making it."""
    with transaction(engine, write=False) as session:
        asked = asked_for(session, key)
    if asked is not None:
        _make(engine, asked, site)


def _make(engine: Engine, asked: Asked, site: str) -> None:
    with transaction(engine) as session:
        plan = plan_file(session, asked.request, asked.day, site)
    made = write_file(plan)
    with transaction(engine) as session:
        if session.get(Export, asked.key) is None:
            session.add(made)
        session.execute(delete(Export).where(Export.key == _row_key(asked.key)))


def _take(engine: Engine) -> Asked | None:
    with transaction(engine) as session:
        found = _next(session)
        if found is not None:
            until = int(time.time()) + LEASE
            if not _keep(session, found, tries=found.tries + 1, until=until):
                return None  # another worker was faster
        return found


def _next(session: Session) -> Asked | None:
    rows = session.scalars(
        select(Export.content).where(Export.mimetype == TO_BE_MADE).order_by(Export.key)
    )
    free = (_unpacked(content) for content in rows)
    return next((one for one in free if one.tries < MOST_TRIES and not one.is_begun), None)


def _keep(session: Session, asked: Asked, *, tries: int, until: int) -> bool:
    """Change what was asked for, unless it has changed meanwhile; return whether it was."""
    changed = Asked(**{**asdict(asked), "tries": tries, "until": until})
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
    return Asked(**{**found, "slugs": tuple(found["slugs"])})
