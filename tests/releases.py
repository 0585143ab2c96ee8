"""Releases in tests: a day on which they are made, and what the tables then hold."""

import json
from datetime import UTC, date, datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from mapapp.actions.statistics.release_check import check_releases
from mapapp.actions.statistics.release_make import Made, make_due
from mapapp.domain.published.release_rules import ALL_QUERIES, FULL_BUDGET, error_of, shown_from
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.records import LedgerEntry, Release, ReleaseShare

LATER = date(2027, 2, 15)
"""A day on which those whom factories place are old enough."""


def release_on(engine: Engine, settings: Settings, day: date = LATER) -> Made:
    """Make what is due on ``day``."""
    return make_due(
        engine, settings, datetime(day.year, day.month, day.day, 5, tzinfo=UTC).timestamp()
    )


def answers(session: Session, condition_id: int) -> dict[str, dict[str, int]]:
    """Return the shown numbers of each question to a map."""
    session.rollback()
    rows = select(Release.query, Release.numbers).where(Release.condition_id == condition_id)
    return {query: json.loads(numbers) for query, numbers in session.execute(rows)}


def ledger(session: Session) -> list[tuple[int, str, str]]:
    """Return what was asked: map, epoch and question."""
    session.rollback()
    columns = (LedgerEntry.condition_id, LedgerEntry.epoch, LedgerEntry.query)
    return sorted(tuple(row) for row in session.execute(select(*columns)))


def shares(session: Session) -> dict[tuple[int, int], tuple[int, str]]:
    """Return what each membership has spent, and in which epoch last."""
    session.rollback()
    return {
        (share.member_id, share.condition_id): (share.spent, share.epoch)
        for share in session.scalars(select(ReleaseShare))
    }


def wrong(session: Session) -> list[str]:
    """Return what the check finds."""
    session.rollback()
    return [str(found.words) for found in check_releases(session)]


def put_release(session: Session, condition: Condition, query: str, **numbers: int) -> None:
    """Put an answer where the next release would put one."""
    asked = next(one for one in ALL_QUERIES if one.key == query)
    scale = asked.scale(FULL_BUDGET)
    entry = LedgerEntry(
        condition_id=condition.id, epoch="2026", query=query, epsilon=asked.cost, bound=asked.bound,
        mechanism="", day="2026-01-01",
    )  # fmt: skip
    session.add(entry)
    session.flush()
    release = Release(
        condition_id=condition.id, query=query, epoch="2026", ledger_id=entry.id, digest="",
        numbers=json.dumps({c if "|" in c else f"|{c}": n for c, n in numbers.items()}),
        least=shown_from(scale, 1), error=error_of(scale),
    )  # fmt: skip
    session.add(release)
    newer = update(Condition).where(Condition.id == condition.id)
    session.execute(newer.values(version=Condition.version + 1))
    session.commit()
