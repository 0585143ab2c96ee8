"""The declarative base of all tables; constraints have names, so migrations can alter them."""

from typing import Any

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

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
