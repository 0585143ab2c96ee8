"""Mail to moderators when cases wait: at most one an hour, in words that tell nobody anything."""

from sqlalchemy import Engine, exists, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.waiting import CASES_WAIT
from mapapp.actions.mail import outbox
from mapapp.actions.mail.delivery import AS_STAFF
from mapapp.actions.mail.notices import notify
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member, MemberStaffRole
from mapapp.store.moderation import Case
from mapapp.store.records import Webhook

CASE_IS_NEWS = (Case.is_news, Case.state.in_(CASES_WAIT))
ABOUT_NO_STAFF = Case.subject_id.is_(None) | Case.subject_id.not_in(
    select(MemberStaffRole.member_id)
)
"""Others on the staff decide cases about staff: what all admins can read must not betray those."""
TERMS = outbox.Terms(rests_on=AS_STAFF)
ALL_MODERATORS = 0
"""Of whom the hourly limit is: all moderators get their mail together."""


def tell_moderators(engine: Engine, settings: Settings, now: float) -> int:
    """Queue mail to the moderators if cases came since the last; return how many mails.

    It says what every mail about news says, and leads to the address to which they all lead: one of
    its own would tell who reads the mail that its owner is on the staff.
    """
    with transaction(engine, write=False) as session:
        ctx = Context(session, settings, now=int(now))
        if not _has_news(session) or quotas.is_open(ctx, quotas.CASE_MAIL, ALL_MODERATORS):
            return 0
    with transaction(engine) as session:
        ctx = Context(session, settings, now=int(now))
        if not quotas.try_use(ctx, quotas.CASE_MAIL, ALL_MODERATORS):
            return 0  # another worker was faster
        if session.scalar(select(Case.id).where(*CASE_IS_NEWS, ABOUT_NO_STAFF).limit(1)):
            session.execute(update(Webhook).values(case_news=True))
        told = [notify(ctx, who, "request", TERMS) for who in _to_tell(session)]
        session.execute(update(Case).where(Case.is_news).values(is_news=False))
        return sum(told)


def choose_mail(session: Session, member_id: int, *, wanted: bool) -> None:
    """Switch these mails on or off for a member of the staff."""
    mine = MemberStaffRole.member_id == member_id
    session.execute(update(MemberStaffRole).where(mine).values(mailed=wanted))


def _has_news(session: Session) -> bool:
    return session.scalar(select(Case.id).where(*CASE_IS_NEWS).limit(1)) is not None


def _to_tell(session: Session) -> list[int]:
    """Return the staff who can see a case that is news: nobody is told of one about themselves."""
    theirs = exists().where(*CASE_IS_NEWS, Case.subject_id.is_distinct_from(Member.id))
    staff = (
        select(Member.id)
        .join(MemberStaffRole, MemberStaffRole.member_id == Member.id)
        .where(MemberStaffRole.mailed, theirs)
        .distinct()
        .order_by(Member.id)
    )
    return list(session.scalars(staff))
