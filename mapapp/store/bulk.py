"""Inserts very many rows at once, without an object for each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.orm import Session

from mapapp.store.base import Base


def reserve_ids(session: Session, table: type[Base], number: int) -> list[int]:
    """Return ``number`` ids that nobody else is given.

    SQLite has one writer, so the next ids are free until this transaction ends; PostgreSQL hands
    them out of the table's sequence.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return _from_sequence(connection, table.__tablename__, number)
    first = (connection.scalar(select(func.max(table.__table__.c.id))) or 0) + 1
    return list(range(first, first + number))


def _from_sequence(connection: Connection, table: str, number: int) -> list[int]:
    ask = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)")
    return list(connection.scalars(ask, {"name": table, "n": number}))


def insert_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``; each has a value for every column that must not be empty."""
    if rows:
        session.connection().execute(insert(table.__table__), rows)  # type: ignore[arg-type]
