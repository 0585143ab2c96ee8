"""In which released numbers a member was counted, and how much of their budget that took."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.published.release_rules import THOUSAND
from mapapp.store.conditions import Condition
from mapapp.store.records import ReleaseShare


def my_shares(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return for each map the last release that a member was in, for "my data"."""
    rows = session.execute(
        select(Condition.name, ReleaseShare.year, ReleaseShare.epoch, ReleaseShare.spent)
        .join(ReleaseShare, ReleaseShare.condition_id == Condition.id)
        .where(ReleaseShare.member_id == member_id)
        .order_by(Condition.name, Condition.id)
    )
    return [
        {"condition": name, "year": year, "last": epoch, "epsilon": spent / THOUSAND}
        for name, year, epoch, spent in rows
    ]
