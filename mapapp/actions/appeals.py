"""Appeals: a member says once why a decision is wrong, and another moderator decides again."""

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions import audit, hide
from mapapp.actions.cases import locked_case, talking_with
from mapapp.actions.notices import warn
from mapapp.actions.rulings import can_appeal
from mapapp.actions.together import lock_members
from mapapp.domain.areas import Areas
from mapapp.domain.cases import (
    APPEAL,
    CLOSE,
    LIFTED,
    SILENCE,
    SUSPEND,
    UPHELD,
    checked_words,
    next_state,
)
from mapapp.domain.months import this_day
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from mapapp.store.moderation import Case, Report, Ruling

STAFF = ("moderator", "admin")
DECIDED_BY_YOU = "You decided this. Another moderator decides the appeal."


def appeal(session: Session, member_id: int, ruling_id: str, text: str) -> None:
    """Ask the moderators to look at a decision again.

    Raises:
        NotFoundError: when there is no such decision about this member.
        BadInputError: for a text too short or long, and when it was appealed already.
    """
    words = checked_words(text)
    lock_members(session, member_id)
    found = session.execute(
        select(Ruling, Case)
        .join(Case, Case.id == Ruling.case_id)
        .where(Ruling.public_id == ruling_id, Ruling.member_id == member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such decision about you.")
    ruling, case = found
    if not can_appeal(ruling, case.state):
        raise BadInputError("This decision cannot be appealed, or you have done so already.")
    case.state = next_state(case.state, APPEAL)
    ruling.appeal = words
    session.flush()


def close(
    session: Session,
    settings: Settings,
    areas: Areas,
    moderator_id: int,
    case_id: str,
    outcome: str,
    reason: str,
) -> None:
    """Decide an appeal: it stays as it was, or it is lifted.

    Raises:
        NotFoundError: when there is no such case, or no appeal.
        NotAllowedError: for the moderator who decided first, where there is another, and for
            whoever reported the case.
        BadInputError: without an outcome or a reason.
    """
    case = locked_case(session, moderator_id, case_id)
    after = next_state(case.state, CLOSE)
    if outcome not in {UPHELD, LIFTED}:
        raise BadInputError("Choose what to do.")
    words = checked_words(reason)
    ruling = ruling_of(session, case.id)
    who = audit.actor(session, moderator_id)
    if ruling.by == who and has_another(session, moderator_id, case):
        raise NotAllowedError(DECIDED_BY_YOU)
    audit.record(session, who, f"case-{outcome}", words, case=case.public_id)
    case.state = after
    ruling.outcome, ruling.outcome_reason, ruling.read = outcome, words, False
    session.flush()
    if case.subject_id is None:
        return
    if outcome == LIFTED:
        _undo(session, case.subject_id)
    hide.bring_back(session, settings, areas, case.subject_id)
    warn(session, settings, case.subject_id, "request")


def ruling_of(session: Session, case_id: int) -> Ruling:
    """Return the decision of a case, which is decided once.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.scalar(select(Ruling).where(Ruling.case_id == case_id))
    if found is None:
        raise NotFoundError("Nothing was decided in this case.")
    return found


def has_another(session: Session, moderator_id: int, case: Case) -> bool:
    """Whether somebody else of the staff can decide: no reporter, nobody who knows the subject."""
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
    """Let hold what is left when a decision is lifted: the other ones that were not."""
    stands = (Ruling.member_id == member_id, Ruling.outcome != LIFTED)
    suspended = select(Ruling.id).where(*stands, Ruling.act == SUSPEND).limit(1)
    until: date | None = session.scalar(
        select(func.max(Ruling.until)).where(*stands, Ruling.act == SILENCE)
    )
    day = this_day()
    session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(
            suspended=session.scalar(suspended) is not None,
            silenced_until=until if until is not None and until > day else None,
        )
    )
    session.flush()
