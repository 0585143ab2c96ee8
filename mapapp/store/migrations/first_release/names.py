"""Constraints and indexes under the names that ``store/base.py`` gives them."""

import sqlalchemy as sa
from alembic import op


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """Return the primary key of a table."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Return a constraint that no two rows are alike in these columns."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{columns[0]}"))


def link(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    """Return a link from a column to the ``id`` of another table."""
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def index(table: str, column: str) -> None:
    """Make the index of one column."""
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
