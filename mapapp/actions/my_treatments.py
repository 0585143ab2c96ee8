"""What a member tried and proposed, as plain values for "my data"; and forgetting it."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions import consents
from mapapp.domain.consents import TRIED
from mapapp.domain.questions import ASKED
from mapapp.store.conditions import Condition
from mapapp.store.treatments import Treatment, TreatmentUse


def my_tried(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return every treatment that a member said they tried, by condition and name."""
    rows = session.execute(
        select(Condition.name, Treatment.name, TreatmentUse.outcome, TreatmentUse.side_effects)
        .join(Treatment, Treatment.condition_id == Condition.id)
        .join(TreatmentUse, TreatmentUse.treatment_id == Treatment.id)
        .where(TreatmentUse.member_id == member_id)
        .order_by(Condition.name, Condition.id, Treatment.name)
    )
    return [
        {"condition": condition, "treatment": name, "outcome": outcome, "side_effects": effects}
        for condition, name, outcome, effects in rows
    ]


def my_proposals(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return the treatments that a member proposed and no moderator has decided about."""
    rows = session.execute(
        select(Condition.name, Treatment.name)
        .join(Treatment, Treatment.condition_id == Condition.id)
        .where(Treatment.asked_by == member_id, Treatment.state == ASKED)
        .order_by(Condition.name, Condition.id, Treatment.name)
    )
    return [{"condition": condition, "treatment": name} for condition, name in rows]


def forget_tried(session: Session, member_id: int, condition_id: int) -> None:
    """Delete what a member tried against a condition, and take the consent to it back."""
    here = select(Treatment.id).where(Treatment.condition_id == condition_id)
    mine = TreatmentUse.member_id == member_id
    session.execute(delete(TreatmentUse).where(mine, TreatmentUse.treatment_id.in_(here)))
    consents.take_back(session, member_id, TRIED, condition_id)
