"""How many were listed on each map when months ended: the publisher keeps it.

Totals are published anyway (privacy rule 7), and no row tells of one person.
"""

from itertools import takewhile

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from mapapp.domain.core.dates import month_before, months_back
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd


def keep_month_ends(session: Session, month: str) -> None:
    """Keep the totals that stand for each month before ``month`` whose end is not kept yet.

    The publisher calls it before it publishes anything, so what stands has stood since then. Of
    months before the first call nothing is known.
    """
    kept, ended = facts.fact(session, facts.MONTHS_KEPT), month_before(month)
    if kept >= ended:
        return
    for missing in takewhile(lambda one: one > kept, months_back(ended) if kept else ()):
        standing = select(Condition.id, literal(missing), Condition.listed)
        session.execute(
            insert(MonthEnd).from_select(
                ["condition_id", "month", "listed"], standing.where(Condition.listed > 0)
            )
        )
    facts.state(session, facts.MONTHS_KEPT, ended)


def month_ends(session: Session, condition_id: int, most: int) -> list[tuple[str, int]]:
    """Return the last months that ended with their totals, oldest first; a gap was nobody."""
    query = (
        select(MonthEnd.month, MonthEnd.listed)
        .where(MonthEnd.condition_id == condition_id)
        .order_by(MonthEnd.month.desc())
        .limit(most)
    )
    known = {month: listed for month, listed in session.execute(query)}
    if not known:
        return []
    months = takewhile(lambda one: one >= min(known), months_back(max(known)))
    return [(month, known.get(month, 0)) for month in months][:most][::-1]
