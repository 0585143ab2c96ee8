"""Whether anything has changed that visitors read: then what was made from it is old.

The fact ``PUBLIC_VERSION`` gets another value in each transaction that writes what visitors may
read. No act has to think of it, because the statements are looked at (``store.database``).
"""

import re
import secrets
import sqlite3
from functools import lru_cache
from threading import Lock
from urllib.parse import quote

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from mapapp.store.facts import PUBLIC_VERSION, SiteFact
from mapapp.store.tables import Base

NOT_SHOWN = frozenset(
    {
        # Accounts, and what members keep to themselves or tell each other.
        "address_change",
        "adviser_offer",
        "block",
        "case_note",
        "consent",
        "contact_request",
        "contact_wish",
        "conversation",
        "conversation_side",
        "imported_row",
        "member_import",
        "member_language",
        "member_staff_role",
        "message",
        "open_question",
        "passkey",
        "people_alert",
        "sign_in_link",
        "staff_role",
        "treatment_use",
        "web_session",
        # What webhooks are told.
        "map_step",
        "webhook",
        "webhook_delivery",
        # Counting, mail, and the staff's own.
        "audit_entry",
        "erasure",
        "export",
        "kept_restriction",
        "moderation_case",
        "outbox",
        "ledger_entry",
        "quota",
        "reading",
        "release_share",
        "report",
        "ruling",
        # What a publication is made from; readers see it after the flip, which states a fact.
        "member",
        "membership",
        "number_change",
    }
)
"""Tables that show in no finished answer. Every other one counts as shown."""

_WRITES = re.compile(
    r"\s*(?:(?:INSERT|REPLACE)(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|(DELETE)\s+FROM)\s+"
    r"(?:ONLY\s+)?[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_RENAMES = re.compile(r"UPDATE membership SET\b.*\bpseudonym=", re.S)
"""A member's other name. It stands beside what they wrote at once, and not with a publication."""
_WRITES_INSIDE = re.compile(
    r"\s*WITH\b.*\b(?:INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.S
)
_CHANGED = "mapapp_public_change"


def note_change(connection: Connection, statement: str) -> None:
    """Note on the connection that ``statement`` changes what visitors read, if it does."""
    if is_shown_change(statement) and not connection.get_execution_options().get("beside"):
        connection.info[_CHANGED] = True


def forget_changes(connection: Connection) -> None:
    """Forget what was noted: the transaction is rolled back."""
    if not (connection.closed or connection.invalidated):
        connection.info.pop(_CHANGED, None)


def tell_of_changes(connection: Connection) -> None:
    """Give the fact another value, once, just before a transaction with such a change commits.

    It is the last row that a transaction takes, so nobody who waits for it holds anybody up.
    """
    if connection.info.get(_CHANGED):
        # A random value: unlike a number it cannot be the one of a state that a backup undid.
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        stating = dialect.insert(SiteFact).values(key=PUBLIC_VERSION, value=secrets.token_hex(8))
        values = {"value": stating.excluded.value}
        connection.execute(stating.on_conflict_do_update(index_elements=["key"], set_=values))
        connection.info.pop(_CHANGED, None)  # that statement noted a change, too


@lru_cache(maxsize=2000)  # the program has some hundred statements
def is_shown_change(statement: str) -> bool:
    """Whether a statement writes to a table that visitors may read."""
    found = _WRITES.match(statement)
    if _RENAMES.match(statement):
        return True
    if found is None:
        return _WRITES_INSIDE.match(statement) is not None
    deletes, table = found.groups()
    if table not in Base.metadata.tables:
        return False  # a migration's own; what it changes in the others is seen
    return table in (_gone_with_something_shown() if deletes else _shown())


@lru_cache(maxsize=1)
def _shown() -> frozenset[str]:
    return frozenset(Base.metadata.tables) - NOT_SHOWN


@lru_cache(maxsize=1)
def _gone_with_something_shown() -> frozenset[str]:
    """Return the tables whose deleted rows change shown ones: these, and those they hang on.

    The database itself deletes what an author wrote together with the author.
    """
    found = set(_shown())
    while True:
        more = {
            key.column.table.name
            for name in found
            for key in Base.metadata.tables[name].foreign_keys
        }
        if more <= found:
            return frozenset(found)
        found |= more


class PublicVersion:
    """Reads the fact for all threads of a process, anew each time, outside of any transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._beside: sqlite3.Connection | None = None
        self._known: tuple[int, str] | None = None

    def now(self) -> str | None:
        """Return the value that the last commit left; None where the database does not tell."""
        if self._engine.dialect.name != "sqlite":
            return self._asked()
        with self._lock:
            try:
                return self._looked_up()
            except sqlite3.Error:
                self._close()
                return None

    def close(self) -> None:
        """Close its own connection; the next look opens one."""
        with self._lock:
            self._close()

    def __del__(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._beside is not None:
            self._beside.close()
        self._beside, self._known = None, None

    def _looked_up(self) -> str:
        """Ask SQLite whether anybody committed since, which takes a few microseconds."""
        if self._beside is None:
            file = f"file:{quote(self._engine.url.database or '')}?mode=rw"
            self._beside = sqlite3.connect(
                file, timeout=0, uri=True, isolation_level=None, check_same_thread=False
            )
            self._beside.execute("PRAGMA query_only=ON")
        # The number first: what is committed in between is then read again the next time.
        number = int(self._beside.execute("PRAGMA data_version").fetchall()[0][0])
        if self._known is None or self._known[0] != number:
            rows = self._beside.execute(
                "SELECT value FROM site_fact WHERE key = ?", (PUBLIC_VERSION,)
            ).fetchall()
            self._known = (number, str(rows[0][0]) if rows else "")
        return self._known[1]

    def _asked(self) -> str | None:
        wanted = select(SiteFact.value).where(SiteFact.key == PUBLIC_VERSION)
        try:
            # Without a transaction around it, which would be two more ways to the server.
            alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            with alone.connect() as connection:
                return str(connection.scalar(wanted) or "")
        except SQLAlchemyError:
            return None
