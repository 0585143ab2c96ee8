"""The numbers that the last publication left, as they are kept in the database."""

from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.domain.published.packed import Placed, unpack
from mapapp.store.bulk import insert_rows
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


def keep_condition_numbers(session: Session, changes: Mapping[int, ByKey]) -> None:
    """Add to the numbers of whole maps; one that falls to nobody is not kept."""
    for condition_id, by_key in changes.items():
        known = condition_numbers(session, condition_id, "")
        here = ConditionNumber.condition_id == condition_id
        new = []
        for (key, visibility), by in by_key.items():
            if not by:
                continue
            mine = (here, ConditionNumber.key == key, ConditionNumber.visibility == visibility)
            if (key, visibility) not in known:
                values = {"key": key, "visibility": visibility, "n": by}
                new.append({"condition_id": condition_id, **values})
            elif known[key, visibility] + by:
                n = known[key, visibility] + by
                session.execute(update(ConditionNumber).where(*mine).values(n=n))
            else:
                session.execute(delete(ConditionNumber).where(*mine))
        insert_rows(session, ConditionNumber, new)
