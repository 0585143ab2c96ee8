"""What a member reported, and what was decided about them, as plain values for "my data"."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.moderation.ruling_read import my_rulings
from mapapp.domain.safety.case_rules import APPEALED, RESOLVED
from mapapp.store.conditions import Condition
from mapapp.store.moderation import Case, Report


def my_decisions(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return what moderators decided about a member, newest first."""
    return [
        {
            "day": ruling.day.isoformat(),
            "about": ruling.kind,
            "condition": ruling.condition,
            "category": ruling.category,
            "act": ruling.act,
            "reason": ruling.reason,
            "until": ruling.until.isoformat() if ruling.until else "",
            "read": not ruling.is_new,
            "appeal": ruling.appeal,
            "outcome": ruling.outcome,
            "outcome_reason": ruling.outcome_reason,
        }
        for ruling in my_rulings(session, member_id)
    ]


def my_reports(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return what a member reported and how far it has got; nothing about its subject.

    That the subject appealed would tell that something was decided against them.
    """
    rows = session.execute(
        select(Case.kind, Condition.name, Report.category, Report.words, Case.state)
        .join(Report, Report.case_id == Case.id)
        .outerjoin(Condition, Condition.id == Case.condition_id)
        .where(Report.reporter_id == member_id)
        .order_by(Report.id)
    )
    return [
        {
            "kind": kind,
            "condition": condition or "",
            "category": why,
            "own_words": words,
            "state": RESOLVED if state == APPEALED else state,
        }
        for kind, condition, why, words, state in rows
    ]
