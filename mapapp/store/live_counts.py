"""The live numbers: listed members per (condition, area), kept beside the memberships.

Code that changes a listed membership calls ``change`` in the same transaction; code that changed
very many calls ``recount`` once. Hidden memberships never come near these tables.
"""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from mapapp.domain.core.visibilities import LISTED
from mapapp.store.conditions import AreaCount, Condition
from mapapp.store.members import Membership


@dataclass(frozen=True)
class Difference:
    """A stored number that is not what a recount gives."""

    condition_id: int
    area_id: int | None  # None: the condition's total
    stored: int
    true: int


def change(session: Session, condition_id: int, area_id: int, by: int) -> None:
    """Add ``by`` (+1 or -1) to the number of one area and to the condition's total."""
    # The condition's row is written first: it makes two placements of one condition wait for
    # each other, so that the row of a new area is inserted once.
    session.execute(
        update(Condition)
        .where(Condition.id == condition_id)
        .values(listed=Condition.listed + by, version=Condition.version + 1)
    )
    here = (AreaCount.condition_id == condition_id, AreaCount.area_id == area_id)
    changed = session.execute(update(AreaCount).where(*here).values(n=AreaCount.n + by))
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        session.execute(insert(AreaCount).values(condition_id=condition_id, area_id=area_id, n=by))
    session.execute(delete(AreaCount).where(*here, AreaCount.n == 0))


def _counted() -> Select[int, int, int]:
    """The true numbers: listed memberships by condition and area."""
    return (
        select(Membership.condition_id, Membership.area_id, func.count())
        .where(Membership.visibility.in_(LISTED))
        .group_by(Membership.condition_id, Membership.area_id)
    )


def recount(session: Session) -> None:
    """Recount every number from the memberships."""
    session.execute(delete(AreaCount))
    session.execute(insert(AreaCount).from_select(["condition_id", "area_id", "n"], _counted()))
    total = (
        select(func.coalesce(func.sum(AreaCount.n), 0))
        .where(AreaCount.condition_id == Condition.id)
        .scalar_subquery()
    )
    session.execute(
        update(Condition)
        # The total may stay the same while the areas change, so any map with people counts.
        .where(or_(Condition.listed != total, Condition.listed > 0))
        .values(listed=total, version=Condition.version + 1)
    )


def differences(session: Session) -> list[Difference]:
    """Recount and compare; an empty list means that every stored number is true."""
    true = {(condition, area): n for condition, area, n in session.execute(_counted())}
    rows = select(AreaCount.condition_id, AreaCount.area_id, AreaCount.n)
    stored = {(condition, area): n for condition, area, n in session.execute(rows)}
    sums: Counter[int] = Counter()
    for (condition, _area), n in true.items():
        sums[condition] += n
    totals = session.execute(select(Condition.id, Condition.listed))
    return [
        Difference(*key, stored.get(key, 0), true.get(key, 0))
        for key in sorted(true.keys() | stored.keys())
        if stored.get(key, 0) != true.get(key, 0)
    ] + [Difference(c, None, n, sums[c]) for c, n in totals if n != sums[c]]
