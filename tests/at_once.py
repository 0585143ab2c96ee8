"""Several acts at the same moment, each in its own thread and transaction."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from mapapp.store.database import transaction

LONGEST = 60  # seconds that anything here may take before it counts as stuck
BLOCKED = 0.02
"""Seconds without a statement from other threads after which they are assumed to wait."""

LOOK_AGAIN = 0.005  # seconds
LOCKED = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)

Act = Callable[[], object]
Work = Callable[[Session], object]


def outcomes(acts: Sequence[Act]) -> list[Any]:
    """Start all acts together; return, in order, what each returned or the error it raised."""
    start = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def _run(number: int) -> None:
        start.wait()
        try:
            found[number] = acts[number]()
        except BaseException as error:
            found[number] = error

    threads = [threading.Thread(target=_run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "an act waits for ever"
    return found


def at_once(acts: Sequence[Act]) -> list[BaseException]:
    """Start all acts together; return the errors they raised."""
    return [found for found in outcomes(acts) if isinstance(found, BaseException)]


def transactions_at_once(engine: Engine, acts: Sequence[Work]) -> list[BaseException]:
    """The same for acts that take a session, each in its own transaction."""
    return at_once([in_transaction(engine, act) for act in acts])


def in_transaction(engine: Engine, act: Work) -> Act:
    """Return an act that opens a transaction, does ``act`` in it and commits."""

    def _act() -> object:
        with transaction(engine) as own:
            return act(own)

    return _act


@contextmanager
def crossing(engine: Engine) -> Iterator[None]:
    """Let threads take turns, one statement each, so that what can cross does.

    A thread goes on when another one has run a statement, or when none did for a moment, because
    they wait for what this one holds or have ended.
    """
    turn = threading.Condition()
    ran: dict[int, int] = {}

    def _let_another_run(*_given: object) -> None:
        me = threading.get_ident()
        with turn:
            ran[me] = ran.get(me, 0) + 1
            others = sum(ran.values()) - ran[me]
            turn.notify_all()
            turn.wait_for(lambda: sum(ran.values()) - ran[me] > others, BLOCKED)

    event.listen(engine, "after_cursor_execute", _let_another_run)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", _let_another_run)


def begun(engine: Engine, act: Act) -> Act:
    """Begin ``act`` in another thread; return when it waits for a lock, or is over.

    Returns:
        A function that waits for the end, once the lock was given up, and returns what ``act``
        returned or the error it raised.
    """
    found: list[Any] = []

    def _run() -> None:
        try:
            found.append(act())
        except BaseException as error:
            found.append(error)

    def _end() -> Any:
        thread.join(LONGEST)
        assert not thread.is_alive(), "an act waits for ever"
        return found[0]

    thread = threading.Thread(target=_run)
    with _waiting(engine, thread) as waits:
        thread.start()
        while thread.is_alive() and not waits():
            thread.join(LOOK_AGAIN)
    return _end


@contextmanager
def _waiting(engine: Engine, thread: threading.Thread) -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether ``thread`` waits for a database lock."""
    if engine.dialect.name == "postgresql":
        # Within one transaction, the result would be the same each time.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield lambda: bool(connection.scalar(LOCKED))
        return
    asked = threading.Event()

    def _note(_connection: Any, _cursor: Any, statement: str, *_given: Any) -> None:
        # SQLite has one lock for all writers, which is taken when a transaction begins.
        if statement == "BEGIN IMMEDIATE" and threading.current_thread() is thread:
            asked.set()

    event.listen(engine, "before_cursor_execute", _note)
    try:
        yield asked.is_set
    finally:
        event.remove(engine, "before_cursor_execute", _note)
