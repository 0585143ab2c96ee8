"""What moderators decided about a member, as the member reads it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.safety.restrictions import still_silenced
from mapapp.domain.safety.case_rules import NOTHING, PERSON, RESOLVED, SILENCE, SUSPEND
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Ruling

LASTING_ACTS = (SUSPEND, SILENCE)


@dataclass(frozen=True)
class MyRuling:
    """A decision about the member who reads it.

    Attributes:
        public_id: its address.
        day: of the decision.
        kind: what it was about, one of ``domain.safety.case_rules.KINDS``.
        condition: the name of the map on which it was, '' for none.
        category: why it was looked at.
        act: what was done, one of ``domain.safety.case_rules.ACTS``.
        reason: in a moderator's words.
        until: of a silence, the first day without it.
        is_new: whether the member has not read it yet.
        appeal: what the member said to it, '' for nothing.
        can_appeal: whether they can say something to it still.
        outcome: of the appeal: '', 'upheld' or 'lifted'.
        outcome_reason: in a moderator's words.
    """

    public_id: str
    day: date
    kind: str
    condition: str
    category: str
    act: str
    reason: str
    until: date | None
    is_new: bool
    appeal: str
    can_appeal: bool
    outcome: str
    outcome_reason: str


@dataclass(frozen=True)
class Standing:
    """What moderators' acts mean for a member now.

    ``is_kept``: decided about an earlier account with the same address, which was erased.
    ``looked_at``: the names of the maps on which reports hide them until a moderator decides.
    """

    suspended: bool
    suspended_until: date | None
    is_kept: bool
    silenced_until: date | None
    looked_at: tuple[str, ...]
    unread: int


def my_rulings(session: Session, member_id: int) -> list[MyRuling]:
    """Return the decisions about a member, newest first."""
    rows = session.execute(
        select(Ruling, Case.kind, Case.category, Case.state, Condition.name)
        .join(Case, Case.id == Ruling.case_id)
        .outerjoin(Condition, Condition.id == Case.condition_id)
        .where(Ruling.member_id == member_id)
        .order_by(Ruling.id.desc())
    )
    return [
        MyRuling(
            public_id=row.public_id,
            day=row.day,
            kind=kind,
            condition=condition or "",
            category=category,
            act=row.act,
            reason=row.reason,
            until=row.until,
            is_new=not row.read,
            appeal=row.appeal,
            can_appeal=can_appeal(row, state),
            outcome=row.outcome,
            outcome_reason=row.outcome_reason,
        )
        for row, kind, category, state, condition in rows
    ]


def can_appeal(ruling: Ruling, state: str) -> bool:
    """Whether a decision, of a case in ``state``, did something and was not appealed yet."""
    return ruling.act != NOTHING and not ruling.appeal and state == RESOLVED


def moderation_standing(session: Session, member_id: int, today: date) -> Standing:
    """Return what is in force for a member, and the number of their unread decisions."""
    row = session.execute(
        select(Member.suspended, Member.suspended_until, Member.silenced_until).where(
            Member.id == member_id
        )
    ).one_or_none()
    hidden = (
        select(Condition.name)
        .join(Case, Case.condition_id == Condition.id)
        .where(Case.subject_id == member_id, Case.hides, Case.kind == PERSON)
        .order_by(Condition.name)
    )
    decided = select(Ruling.id).where(Ruling.member_id == member_id, Ruling.act.in_(LASTING_ACTS))
    unread = select(func.count()).where(Ruling.member_id == member_id, Ruling.read.is_(False))
    return Standing(
        suspended=row is not None and row.suspended,
        suspended_until=row.suspended_until if row else None,
        is_kept=session.scalar(decided.limit(1)) is None,
        silenced_until=still_silenced(row.silenced_until, today) if row else None,
        looked_at=tuple(session.scalars(hidden)),
        unread=session.scalar(unread) or 0,
    )


def mark_read(session: Session, member_id: int) -> None:
    """Record that a member has read every decision about them."""
    mine = (Ruling.member_id == member_id, Ruling.read.is_(False))
    session.execute(update(Ruling).where(*mine).values(read=True))
