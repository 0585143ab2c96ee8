"""Inserts very many rows at once, without an object for each."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mapapp.store.base import Base
from mapapp.store.public_version import note_change

ROWS_A_CALL = 20_000

Values = tuple[Any, ...]


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


def copy_rows(
    connection: Connection, table: type[Base], columns: Sequence[str], rows: Iterable[Values]
) -> None:
    """Insert rows as the driver takes them, past what SQLAlchemy does for each value.

    Args:
        connection: in a transaction that writes.
        table: where to.
        columns: names; those left out get what the database gives them.
        rows: a plain value for each column.
    """
    named = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        note_change(connection, f"INSERT INTO {table.__tablename__}")
        _copy(connection, f"COPY {table.__tablename__} ({named}) FROM STDIN", rows)
        return
    marks = ", ".join("?" * len(columns))
    words = f"INSERT INTO {table.__tablename__} ({named}) VALUES ({marks})"  # noqa: S608
    left = iter(rows)
    while part := list(islice(left, ROWS_A_CALL)):
        connection.exec_driver_sql(words, part)


def _copy(connection: Connection, words: str, rows: Iterable[Values]) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(words) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:  # as for every other statement
        raise DBAPIError(words, None, error, hide_parameters=True) from None
