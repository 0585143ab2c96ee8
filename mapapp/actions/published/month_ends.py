"""How many were listed on each map when months ended: the publisher keeps it.

Totals are published anyway (privacy rule 7), and no row tells of one person.
"""

from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from mapapp.domain.core.dates import month_before, months_back
from mapapp.store import facts
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd, SiteMonthEnd


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
        people = func.coalesce(func.sum(Condition.listed), 0)
        site = select(literal(missing), people, func.count())
        session.execute(
            insert(SiteMonthEnd).from_select(
                ["month", "listed", "conditions"],
                site.where(Condition.listed > 0, Condition.shown),
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


@dataclass(frozen=True)
class SiteEnd:
    """How many listings there were when a month ended, on how many maps."""

    month: str
    people: int
    conditions: int


@dataclass(frozen=True)
class Growth:
    """How many more are listed than at the end of ``month``; fewer where it is below zero."""

    month: str
    more: int


def lately(session: Session, condition_id: int, people: int) -> Growth | None:
    """Return by how much a map has grown to ``people`` since the month before the last one ended.

    That is one to two months ago; less where the site has kept the end of one month alone, and
    None where of none.
    """
    here = (MonthEnd.month == SiteMonthEnd.month) & (MonthEnd.condition_id == condition_id)
    ends = session.execute(
        select(SiteMonthEnd.month, func.coalesce(MonthEnd.listed, 0))
        .outerjoin(MonthEnd, here)
        .order_by(SiteMonthEnd.month.desc())
        .limit(2)
    ).all()
    return Growth(ends[-1][0], people - int(ends[-1][1])) if ends else None


def site_month_ends(session: Session, most: int) -> list[SiteEnd]:
    """Return the last months whose end was kept for the whole site, oldest first."""
    query = select(SiteMonthEnd.month, SiteMonthEnd.listed, SiteMonthEnd.conditions)
    rows = session.execute(query.order_by(SiteMonthEnd.month.desc()).limit(most))
    return [SiteEnd(*row) for row in rows][::-1]
