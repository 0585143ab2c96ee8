"""Runs the steps on the connection that ``store/migrate.py`` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DefaultClause, False_, True_, TypeDecorator

from mapapp.store.tables import Base


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write true and false so that every database understands them (SQLite would say 1 and 0).

    A type of our own is written as what the database holds: our classes may change, a step may not.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    if kind == "server_default" and isinstance(item, DefaultClause):
        for words, constant in (("sa.true()", True_), ("sa.false()", False_)):
            if isinstance(item.arg, constant):
                return words
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=_render,
    render_as_batch=True,  # SQLite alters a table by copying it
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
