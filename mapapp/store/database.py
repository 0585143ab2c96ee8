"""Engine, session and what SQLite needs to be a good server database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mapapp.store.public_version import forget_changes, note_change, tell_of_changes

FOR_WRITING = {"write": True}
"""Execution options of a transaction that will write; see ``prepare``."""

FOR_READING = {"write": False}
"""Execution options of a transaction that may not write: the first attempt is refused."""

CHANGES = ("INSERT", "UPDATE", "DELETE")
"""How statements begin that write."""

EMPTY_JOURNAL = "PRAGMA wal_checkpoint(TRUNCATE)"
SHORT_WAIT = 200  # milliseconds
USUAL_ROOM, MUCH_ROOM = 2_000, 32_000  # kB of the file that a connection to SQLite keeps in memory


IN_THE_WAY = frozenset({"40001", "40P01"})
"""PostgreSQL's codes where it ends one of two transactions: the other changed what this one had
read, or each waited for the other."""

TIMES = 5
"""So often a transaction is begun that others are in the way of."""

T = TypeVar("T")


class OnlyReadsError(Exception):
    """A transaction that was begun for reading was about to write."""


def engine_options(url: str) -> dict[str, Any]:
    """Return what ``create_engine`` is given for ``url``."""
    # Values of statements are people's places and words; no error message may repeat them.
    always = {"url": url, "hide_parameters": True}
    if url.startswith("sqlite"):
        return {**always, "connect_args": {"timeout": 30}}
    return {**always, "pool_pre_ping": True}


def make_engine(url: str) -> Engine:
    """Return an engine for ``url``, prepared."""
    return prepare(create_engine(**engine_options(url)))


def prepare(engine: Engine) -> Engine:
    """Hold transactions to what they were begun for; give SQLite its pragmas and honest ones.

    A transaction that changes what visitors read says so in its last statement.
    """

    @event.listens_for(engine, "before_cursor_execute")
    def _hold(connection: Connection, _cursor: Any, statement: str, *_given: Any) -> None:
        may = connection.get_execution_options().get("write", True)
        if not may and statement.lstrip().startswith(CHANGES):
            raise OnlyReadsError
        if may:
            note_change(connection, statement)

    event.listen(engine, "commit", tell_of_changes)
    event.listen(engine, "rollback", forget_changes)

    if engine.dialect.name != "sqlite":
        event.listen(engine, "begin", _read_one_state)
        return engine

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what was erased is overwritten, not just unlinked
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later can meet "database is locked" without
        # waiting; one that says IMMEDIATE at its start waits its turn instead.
        writes = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _read_one_state(connection: Connection) -> None:
    """Let one who only reads see one state, such as one publication, as SQLite does anyway."""
    given = connection.get_execution_options()
    if given.get("write") is False and given.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def empty_journal(engine: Engine) -> bool:
    """Clear erased rows from SQLite's journal; call it after the commit.

    Erased rows are overwritten where they stood (``secure_delete``), but the journal still holds
    pages as they were, until nobody reads an older state any more. That is waited for only shortly,
    because nobody else can write meanwhile.

    Returns:
        Whether it is done; not while another connection still reads the earlier state.
    """
    return _outside(engine, EMPTY_JOURNAL)


def forget_erased(engine: Engine) -> bool:
    """Rewrite SQLite's file, so that no unused part of a page holds a copy of erased rows.

    A page that fills up is split, and what moved to another page is not overwritten where it was.
    The whole file is written, so this is for the worker, not for a request.

    Returns:
        Whether the journal could be emptied afterwards; otherwise call ``empty_journal`` later.
    """
    return _outside(engine, "VACUUM", EMPTY_JOURNAL)


def _outside(engine: Engine, *statements: str) -> bool:
    """Run SQLite statements that must be outside a transaction.

    The last one empties the journal; its first figure tells whether something kept it from that.
    """
    if engine.dialect.name != "sqlite":
        return True
    raw = engine.raw_connection()
    cursor = raw.cursor()
    patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    try:
        for statement in statements:
            if statement == EMPTY_JOURNAL:
                cursor.execute(f"PRAGMA busy_timeout={SHORT_WAIT}")
            rows = cursor.execute(statement).fetchall()
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")  # the connection goes back to the pool
        raw.close()
    return not rows[0][0]


@contextmanager
def much_room(of: Engine | Connection) -> Iterator[None]:
    """Let SQLite keep more of its file in memory meanwhile, for one who writes all over it.

    An engine is meant that has one connection at a time, such as that of the worker.
    """
    _set_room(of, MUCH_ROOM)
    try:
        yield
    finally:
        _set_room(of, USUAL_ROOM)


def _set_room(of: Engine | Connection, kilobytes: int) -> None:
    if isinstance(of, Engine):
        with of.connect() as connection:
            _set_room(connection, kilobytes)
    elif of.dialect.name == "sqlite":
        of.exec_driver_sql(f"PRAGMA cache_size=-{kilobytes}")


def gave_way(error: DBAPIError) -> bool:
    """Whether a transaction was ended because another was in its way: begun anew, it succeeds."""
    return getattr(error.orig, "sqlstate", None) in IN_THE_WAY


def in_transaction(
    engine: Engine, act: Callable[[Session], T], *, write: bool = True, beside: bool = False
) -> T:
    """Do something in a ``transaction`` of its own, begun anew where it gave way to another."""

    def _act() -> T:
        with transaction(engine, write=write, beside=beside) as session:
            return act(session)

    return begun_anew(_act)


def begun_anew(act: Callable[[], T]) -> T:
    """Return what ``act`` returns, which begins a transaction; called again where that gave way."""
    for _ in range(TIMES - 1):
        try:
            return act()
        except DBAPIError as error:
            if not gave_way(error):
                raise
    return act()


@contextmanager
def transaction(engine: Engine, *, write: bool = True, beside: bool = False) -> Iterator[Session]:
    """A session in one transaction: returning commits, raising rolls back.

    Args:
        engine: of the site.
        write: whether it will write.
        beside: whether it writes only what no reader sees before a later transaction.
    """
    with Session(engine) as session, session.begin():
        if write:
            session.connection(execution_options={**FOR_WRITING, "beside": beside})
        yield session
