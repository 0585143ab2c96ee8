"""Publishing, from what is due to the flip: by the worker, on command, and live in an act."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.published import publisher
from mapapp.actions.published.month_ends import keep_month_ends
from mapapp.domain.core.dates import this_month
from mapapp.errors import N_, BadInputError
from mapapp.schedule import Schedule
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.database import in_transaction, much_room, transaction
from mapapp.store.members import Membership

PUBLISHING_LOCK = 7_305_022  # any number, the same in all versions, and not the one of migrations
WITH_THE_NEXT = 0
"""A moment before every other: what is due then comes with the next publication."""
ALL_DUE = 2**62
"""A moment after every other: with it, everything that waits is published."""
TIDY_EVERY = 20  # publications inside acts
EVERYBODY = 10_000_000
PUBLISHING_NOW = N_("The site is being published by another process. Try again in a minute.")

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Published:
    """What a run did: the publication that stands, and how many memberships came with it."""

    number: int
    memberships: int


def publish(
    engine: Engine,
    settings: Settings,
    now: int,
    *,
    until: int | None = None,
    advance: Advance = lambda done: None,
) -> Published:
    """Make a publication of what is due; nothing is flipped where nothing changed.

    Args:
        engine: of the site.
        settings: with the schedule.
        now: Unix seconds.
        until: what is due at this moment or earlier comes; None: what the schedule says.
        advance: called with how many memberships were staged.

    Raises:
        BadInputError: while another process publishes.
    """
    until = settings.schedule.last(now) if until is None else until
    with _alone(engine), much_room(engine):
        in_transaction(engine, partial(keep_month_ends, month=this_month(now)))
        _in_parts(engine, publisher.tidy)
        with transaction(engine, write=False) as session:
            number = publisher.standing_number(session) + 1
        stage = partial(publisher.stage, number=number, until=until)
        staged = _in_parts(engine, stage, advance)
        is_new = _finish(engine, number, now, settings.schedule)
        _in_parts(engine, publisher.forget_counted)
    return Published(number if is_new else number - 1, staged)


def _in_parts(
    engine: Engine, step: Callable[[Session], int], advance: Advance = lambda done: None
) -> int:
    """Repeat a step in short transactions while it finds something to do; return how much it did.

    Whoever else writes gets a turn between two of them.
    """
    done = 0
    while True:
        part = in_transaction(engine, step, beside=True)
        if not part:
            return done
        done += part
        advance(part)


def _finish(engine: Engine, number: int, now: int, when: Schedule) -> bool:
    """Count what was noted and flip; return whether anything changed."""
    moment = when.last(now)

    def _take(session: Session) -> bool:
        taken = publisher.take_changes(session, number)
        if not taken and not when.is_live:  # a site that publishes live misses no moment
            facts.state(session, facts.PUBLISHED_FOR, str(moment))
        return taken

    if not in_transaction(engine, _take):
        return False
    with transaction(engine, write=False) as session:
        changes = publisher.every_change(session, number)
    reached: publisher.Reached = {}
    for at in range(0, len(changes), publisher.CONDITIONS_A_PART):
        part = changes[at : at + publisher.CONDITIONS_A_PART]
        write = partial(publisher.write_numbers, number=number, changes=part)
        reached |= in_transaction(engine, write, beside=True)
    moment_kept = None if when.is_live else moment
    flip = partial(publisher.flip, number=number, moment=moment_kept)
    in_transaction(engine, partial(flip, changes=changes, reached=reached))
    return True


def publish_live(ctx: Context) -> None:
    """Publish inside an act's own transaction, for a site that publishes live."""
    publish_at_once(ctx.session)
    # Written by statements, past the objects of this session.
    for one in ctx.session:
        if isinstance(one, Membership):
            ctx.session.expire(one, ["due"])
        elif isinstance(one, Condition):
            ctx.session.expire(one, ["listed", "countries", "version"])


def publish_at_once(session: Session) -> None:
    """Publish what does not wait, inside a transaction that does something else as well.

    No moment is kept: it would be that of an act.
    """
    session.flush()
    is_shared = session.get_bind().dialect.name == "postgresql"
    if is_shared:  # one after the other
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PUBLISHING_LOCK})
    number = publisher.standing_number(session) + 1
    if not is_shared and number % TIDY_EVERY == 0:
        # On PostgreSQL it is left to the worker: others may hold rows of what was replaced.
        publisher.tidy(session, most=EVERYBODY)
    publisher.stage(session, number, WITH_THE_NEXT, most=EVERYBODY)
    if publisher.take_changes(session, number):
        changes = publisher.every_change(session, number)
        reached = publisher.write_numbers(session, number, changes)
        publisher.flip(session, number, None, changes, reached)
        publisher.forget_counted(session, most=EVERYBODY)


def is_published(engine: Engine) -> bool:
    """Whether any publication was ever made."""
    with transaction(engine, write=False) as session:
        return publisher.standing_number(session) > 0


def publish_due(engine: Engine, settings: Settings, now: float) -> bool:
    """Publish if the moment has come, for the worker; a run that was missed is caught up."""
    moment = settings.schedule.last(int(now))
    with transaction(engine, write=False) as session:
        if int(facts.fact(session, facts.PUBLISHED_FOR) or -1) >= moment:
            return False
    try:
        publish(engine, settings, int(now))
    except BadInputError:
        return False  # another process is at it
    return True


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Let one process publish at a time; the lock ends with the process, however that ends.

    Raises:
        BadInputError: while another one does.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.scalar(
                text("SELECT pg_try_advisory_lock(:lock)"), {"lock": PUBLISHING_LOCK}
            ):
                raise BadInputError(PUBLISHING_NOW)
            connection.commit()
            try:
                yield
            finally:
                connection.execute(
                    text("SELECT pg_advisory_unlock(:lock)"), {"lock": PUBLISHING_LOCK}
                )
                connection.commit()
        return
    # A file of its own, held by SQLite's lock: that works alike on every system.
    beside = sqlite3.connect(
        Path(f"{engine.url.database}.publishing"), timeout=0, isolation_level=None
    )
    try:
        try:
            beside.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise BadInputError(PUBLISHING_NOW) from None
        yield
    finally:
        beside.close()
