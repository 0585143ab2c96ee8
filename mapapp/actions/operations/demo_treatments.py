"""What the demo's invented people tried: always the same, and meaning nothing."""

import random
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.knowledge.treatment_use import import_names
from mapapp.actions.mail import consent_receipts
from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.domain.knowledge.treatment_list import OUTCOMES, load_names
from mapapp.domain.mail.consent_wordings import TREATMENTS
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import DEMO, Member, Membership
from mapapp.store.treatments import Treatment, TreatmentUse

TREATMENTS_SEED = "treatments of invented people, 1"
TELL = 0.5  # of the people tell what they tried
MOST_TRIED = 4  # treatments of one person
WENT = (5, 3, 1)
SIDE_EFFECTS = 0.3
"""Alike for all treatments: what is invented must not make one look better than another."""
TREATED_ROLES = ("self", "parent")


def make_demo_treatments(session: Session) -> None:
    """Let invented people record what they tried, for every condition of the demo with a list."""
    for starter in load_catalogue().starters:
        names = load_names(starter.condition.slug)
        here = Condition.code == starter.condition.code
        condition_id = session.scalar(select(Condition.id).where(here)) if names else None
        if condition_id is None:
            continue
        listed = _in_the_list(session, condition_id)
        if not listed:
            import_names(session, condition_id, names)
            listed = _in_the_list(session, condition_id)
        uses = _uses(session, condition_id, listed)
        insert_rows(session, TreatmentUse, uses)
        # As members do, they agree to what is made of it.
        people = dict.fromkeys(use["member_id"] for use in uses)
        agreed = [consent_receipts.receipt(one, TREATMENTS, condition_id) for one in people]
        insert_rows(session, Consent, agreed)


def _in_the_list(session: Session, condition_id: int) -> list[tuple[int, str]]:
    query = (
        select(Treatment.id, Treatment.name)
        .where(Treatment.condition_id == condition_id, Treatment.state == OPEN)
        .order_by(Treatment.name)
    )
    return [(treatment_id, name) for treatment_id, name in session.execute(query)]


def _uses(
    session: Session, condition_id: int, listed: list[tuple[int, str]]
) -> list[dict[str, Any]]:
    people = session.execute(
        select(Member.id, Member.account_id)
        .join(Membership, Membership.member_id == Member.id)
        .where(Member.source == DEMO, Membership.condition_id == condition_id)
        .where(Membership.visibility.in_(LISTED), Membership.role.in_(TREATED_ROLES))
    ).all()
    return [use for one in people for use in _of_one(one.id, one.account_id, listed)]


def _of_one(member_id: int, account_id: str, listed: list[tuple[int, str]]) -> list[dict[str, Any]]:
    chance = _chance(account_id)
    if chance.random() > TELL:
        return []
    ids, shares = zip(*((i, _share(name)) for i, name in listed), strict=True)
    tried = dict.fromkeys(chance.choices(ids, shares, k=chance.randint(1, MOST_TRIED)))
    return [
        {
            "treatment_id": treatment_id,
            "member_id": member_id,
            "outcome": chance.choices(list(OUTCOMES), WENT)[0],
            "side_effects": chance.random() < SIDE_EFFECTS,
        }
        for treatment_id in tried
    ]


@cache
def _share(name: str) -> float:
    """Return how many try a treatment, beside the others."""
    return _chance(f"share of {name}").uniform(0.2, 1)


def _chance(text: str) -> random.Random:
    # Seeded on purpose: everyone is to see the same demo. Nothing secret comes from here.
    return random.Random(f"{TREATMENTS_SEED} {text}")  # noqa: S311
