"""Appeals: a member says once why a decision is wrong, and another moderator decides again."""

from datetime import date

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members, locked
from mapapp.actions.mail.notices import warn
from mapapp.actions.moderation import member_hide
from mapapp.actions.moderation.ruling_read import can_appeal
from mapapp.actions.safety.case_open import locked_case, talking_with
from mapapp.actions.safety.restrictions import still_silenced
from mapapp.domain.core.dates import this_day
from mapapp.domain.safety.case_rules import (
    APPEAL,
    CLOSE,
    LIFTED,
    SILENCE,
    SUSPEND,
    UPHELD,
    checked_words,
    next_state,
)
from mapapp.errors import N_, BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from mapapp.store.moderation import Case, Report, Ruling

STAFF = ("moderator", "admin")
DECIDED_BY_YOU = N_("You made this decision. Another moderator must decide on the appeal.")


def make_appeal(session: Session, member_id: int, ruling_id: str, text: str) -> None:
    """Ask the moderators to look at a decision again.

    Raises:
        NotFoundError: when there is no such decision about this member.
        BadInputError: for a text too short or long.
        NotAllowedError: when it cannot be appealed, or was, with other words.
    """
    words = checked_words(text)
    lock_members(session, member_id)
    query = (
        select(Ruling, Case)
        .join(Case, Case.id == Ruling.case_id)
        .where(Ruling.public_id == ruling_id, Ruling.member_id == member_id)
    )
    found = session.execute(locked(query)).one_or_none()
    if found is None:
        raise NotFoundError(N_("There is no such decision about you."))
    ruling, case = found
    if ruling.appeal == words:
        return  # the same form again
    if ruling.appeal:
        raise NotAllowedError(
            N_(
                "This was not sent, because you have already appealed against this decision. It "
                "can be appealed once."
            )
        )
    if not can_appeal(ruling, case.state):
        raise NotAllowedError(N_("This decision cannot be appealed."))
    case.state, case.is_news = next_state(case.state, APPEAL), True
    ruling.appeal = words
    session.flush()


def close(ctx: Context, case_id: str, outcome: str, reason: str) -> None:
    """Decide an appeal: it stays as it was, or it is lifted.

    Raises:
        NotFoundError: when there is no such case, or no appeal.
        NotAllowedError: for the moderator who decided first, where there is another, and for
            the reporter of the case.
        BadInputError: without an outcome or a reason.
    """
    case = locked_case(ctx.session, ctx.member_id, case_id)
    after = next_state(case.state, CLOSE)
    if outcome not in {UPHELD, LIFTED}:
        raise BadInputError(N_("Choose what to do."))
    words = checked_words(reason)
    ruling = ruling_of(ctx.session, case.id)
    who = audit.actor(ctx.session, ctx.member_id)
    if ruling.by == who and has_another(ctx.session, ctx.member_id, case):
        raise NotAllowedError(DECIDED_BY_YOU)
    audit.record(ctx.session, who, f"case-{outcome}", words, case=case.public_id)
    case.state = after
    ruling.outcome, ruling.outcome_reason, ruling.read = outcome, words, False
    ctx.session.flush()
    if case.subject_id is None:
        return
    if outcome == LIFTED:
        _undo(ctx.session, case.subject_id)
    member_hide.show_by_moderators(ctx, case.subject_id)
    warn(ctx, case.subject_id, "request")


def ruling_of(session: Session, case_id: int) -> Ruling:
    """Return the decision of a case, which is decided once.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.scalar(select(Ruling).where(Ruling.case_id == case_id))
    if found is None:
        raise NotFoundError(N_("Nothing was decided in this case."))
    return found


def has_another(session: Session, moderator_id: int, case: Case) -> bool:
    """Whether another moderator can decide: not a reporter, nor one who knows the subject."""
    reported = select(Report.reporter_id).where(
        Report.case_id == case.id, Report.reporter_id.is_not(None)
    )
    others = (
        select(func.count(func.distinct(Member.id)))
        .join(MemberStaffRole, MemberStaffRole.member_id == Member.id)
        .join(StaffRole, StaffRole.id == MemberStaffRole.role_id)
        .where(
            StaffRole.name.in_(STAFF),
            Member.id != moderator_id,
            Member.id.is_distinct_from(case.subject_id),
            Member.id.not_in(reported),
            Member.id.not_in(talking_with(case)),
            Member.active.is_(True),
            Member.suspended.is_(False),
        )
    )
    return bool(session.scalar(others))


def _undo(session: Session, member_id: int) -> None:
    """Undo a lifted decision; earlier decisions that were not lifted stay in force."""
    stands = (Ruling.member_id == member_id, Ruling.outcome != LIFTED)
    suspended = select(Ruling.id).where(*stands, Ruling.act == SUSPEND).limit(1)
    until: date | None = session.scalar(
        select(func.max(Ruling.until)).where(*stands, Ruling.act == SILENCE)
    )
    session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(
            # What outlasted an earlier account stands beside decisions about this one.
            suspended=or_(
                Member.suspended_until.is_not(None), literal(session.scalar(suspended) is not None)
            ),
            silenced_until=still_silenced(until, this_day()),
        )
    )
    session.flush()
