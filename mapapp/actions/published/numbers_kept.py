"""The numbers that the last publication left, as they are kept in the database."""

from collections.abc import Mapping

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mapapp.domain.published.packed import Placed, unpack
from mapapp.store.published import AreaNumbers, ConditionNumber, standing

ByKey = Mapping[tuple[str, str], int]
"""Numbers of a whole map, by (key, visibility)."""


def placed_at(session: Session, condition_id: int) -> Placed:
    """Return how many are listed at exactly each area of a map, or of ``THE_SITE``."""
    newest = (
        select(AreaNumbers.numbers)
        .where(AreaNumbers.condition_id == condition_id, AreaNumbers.publication <= standing())
        .order_by(AreaNumbers.publication.desc())
        .limit(1)
    )
    return unpack(session.scalar(newest))


def condition_numbers(session: Session, condition_id: int, prefix: str) -> ByKey:
    """Return the numbers of a map whose key begins with ``prefix``, such as ``language:``."""
    rows = session.execute(
        select(ConditionNumber.key, ConditionNumber.visibility, ConditionNumber.n).where(
            ConditionNumber.condition_id == condition_id,
            ConditionNumber.key >= prefix,
            ConditionNumber.key < f"{prefix}\uffff",
        )
    )
    return {(row.key.removeprefix(prefix), row.visibility): row.n for row in rows}


def add_condition_numbers(session: Session, counted: Select[int, str, str, int]) -> None:
    """Add to the numbers of whole maps; one that falls to nobody is not kept.

    Args:
        session: in a transaction that writes.
        counted: a query for (condition, key, visibility, by how much), each number once.
    """
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    number = ("condition_id", "key", "visibility")
    adding = dialect.insert(ConditionNumber).from_select([*number, "n"], counted)
    session.connection().execute(
        adding.on_conflict_do_update(
            index_elements=number, set_={"n": ConditionNumber.n + adding.excluded.n}
        )
    )
    session.execute(delete(ConditionNumber).where(ConditionNumber.n == 0))
