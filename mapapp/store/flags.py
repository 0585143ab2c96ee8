"""A column that holds a set of flags as a small number, and how statements ask for one of them."""

from enum import IntFlag
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Dialect, SmallInteger, TypeDecorator
from sqlalchemy.orm import InstrumentedAttribute

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
