"""What moderators do about a case: take it, give it back, and decide.

Each act is one transaction with an entry in the audit log, and passes through the states of
``domain.safety.case_rules`` while the case is locked: of two moderators at once, one is refused.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_display import lock_posts_of
from mapapp.actions.mail.notices import warn
from mapapp.actions.moderation import member_hide
from mapapp.actions.moderation.removal import settle
from mapapp.actions.safety.case_open import locked_case
from mapapp.domain.safety.case_rules import (
    GIVE_BACK,
    NOTHING,
    RESOLVE,
    SILENCE,
    SILENCE_DAYS,
    SUSPEND,
    TAKE,
    acts_for,
    checked_words,
    next_state,
)
from mapapp.errors import N_, BadInputError, NotAllowedError
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Ruling


@dataclass(frozen=True)
class Decision:
    """What a moderator decides.

    Attributes:
        act: one of ``domain.safety.case_rules.ACTS``.
        reason: shown to the person; only "no action" needs none, and then nobody is told.
        days: of a silence.
    """

    act: str
    reason: str = ""
    days: int = 0


def take(session: Session, moderator_id: int, case_id: str) -> None:
    """Take a case, to read it and to decide it.

    Raises:
        NotFoundError: when there is no such case, or it is not open any more.
        NotAllowedError: for a case that the moderator reported.
    """
    case = locked_case(session, moderator_id, case_id)
    after = next_state(case.state, TAKE)
    who = _record(session, moderator_id, "case-take", case)
    case.state, case.taken_by = after, who
    case.first_act = case.first_act or datetime.now(UTC).replace(second=0, microsecond=0)
    session.flush()


def give_back(session: Session, moderator_id: int, case_id: str) -> None:
    """Put a case back into the queue, also one that another moderator took and left.

    Raises:
        NotFoundError: when there is no such case, or nobody has taken it.
        NotAllowedError: for a case that the moderator reported.
    """
    case = locked_case(session, moderator_id, case_id)
    after = next_state(case.state, GIVE_BACK)
    _record(session, moderator_id, "case-give-back", case)
    case.state, case.taken_by = after, ""
    session.flush()


def decide(ctx: Context, case_id: str, decision: Decision) -> None:
    """Decide a case that the moderator has taken.

    Raises:
        NotFoundError: when there is no such case, or nobody has taken it, or it is decided.
        NotAllowedError: for a case that another moderator took, or that this one reported.
        BadInputError: for an act that cannot be done here, and without a reason that it needs.
    """
    case = locked_case(ctx.session, ctx.member_id, case_id)
    after = next_state(case.state, RESOLVE)
    who = audit.actor(ctx.session, ctx.member_id)
    if case.taken_by != who:
        raise NotAllowedError(N_("Another moderator has taken this case."))
    reason = _checked(case, decision)
    _record(ctx.session, ctx.member_id, f"case-{decision.act}", case, reason)
    until = ctx.today + timedelta(days=decision.days) if decision.act == SILENCE else None
    case.state, case.hides = after, False
    _carry_out(ctx, case, decision.act, until)
    if reason and case.subject_id is not None:
        ctx.session.add(
            Ruling(
                case_id=case.id,
                member_id=case.subject_id,
                act=decision.act,
                reason=reason,
                until=until,
                by=who,
                day=ctx.today,
            )
        )
        warn(ctx, case.subject_id, "request")
    ctx.session.flush()


def _checked(case: Case, decision: Decision) -> str:
    """Return the reason as it is stored, '' where there is none."""
    if decision.act not in acts_for(case.kind, has_left=case.subject_id is None):
        raise BadInputError(N_("Choose what to do."))
    if decision.act == SILENCE and decision.days not in SILENCE_DAYS:
        raise BadInputError(N_("Choose for how long."))
    if decision.act == NOTHING and not decision.reason.strip():
        return ""
    return checked_words(decision.reason)


def _carry_out(ctx: Context, case: Case, act: str, until: date | None) -> None:
    if case.subject_id is not None:
        lock_posts_of(ctx.session, case.subject_id)
    settle(ctx, case, act)
    if case.subject_id is None:
        return
    member = ctx.session.get(Member, case.subject_id, populate_existing=True)
    if member is None:
        return
    if act == SILENCE and until is not None:
        member.silenced_until = max(filter(None, (member.silenced_until, until)))
    if act == SUSPEND:
        member.suspended, member.suspended_until = True, None
    ctx.session.flush()
    if member.suspended:
        member_hide.hide_by_moderators(ctx, member.id)
    member_hide.show_by_moderators(ctx, member.id)


def _record(session: Session, moderator_id: int, act: str, case: Case, reason: str = "") -> str:
    who = audit.actor(session, moderator_id)
    audit.record(session, who, act, reason, case=case.public_id)
    return who
