"""The declarative base of all tables, and columns that hold a set of flags as a small number.

Constraints have names, so migrations can alter them.
"""

from enum import IntFlag
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Dialect,
    ForeignKey,
    MetaData,
    SmallInteger,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, MappedColumn, mapped_column

CONSTRAINT_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table's class derives from."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)


def goes_with(column: str, **options: Any) -> MappedColumn[Any]:
    """Return a link to ``column``, such as ``member.id``; the row goes when what it names goes."""
    return mapped_column(ForeignKey(column, ondelete="CASCADE"), **options)


def outlives(column: str, **options: Any) -> MappedColumn[Any]:
    """Return a link to ``column`` that is empty from when what it names goes; the row stays."""
    return mapped_column(ForeignKey(column, ondelete="SET NULL"), **options)


F = TypeVar("F", bound=IntFlag)


class FlagSet(TypeDecorator[F]):
    """Members of one class of flags; a number that is none of them cannot be read."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, flags: type[F]) -> None:
        super().__init__()
        self.flags = flags

    def process_bind_param(self, value: F | None, dialect: Dialect) -> int | None:
        """Return what is stored."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> F | None:
        """Return what is read.

        Raises:
            ValueError: for a number with bits that no flag has.
        """
        return None if value is None else self.flags(value)


def has_flag(column: InstrumentedAttribute[F], flag: F) -> ColumnElement[bool]:
    """Return a term that lets through the rows with ``flag``, whatever else they have."""
    return column.bitwise_and(flag) != 0


def add_flag(column: InstrumentedAttribute[F], flag: F) -> ColumnElement[F]:
    """Return the column's value with ``flag``."""
    return column.bitwise_or(flag)


def remove_flag(column: InstrumentedAttribute[F], flag: F) -> ColumnElement[F]:
    """Return the column's value without ``flag``."""
    return column.bitwise_and(~flag)
