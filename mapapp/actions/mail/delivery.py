"""What the leaving of a mail depends on, and what its hand-over sets going."""

from datetime import UTC, datetime

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from mapapp.actions.mail.consent_receipts import has_agreed
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.store.mail import OpenQuestion, Outbox
from mapapp.store.members import SHOWN, Member, MemberStaffRole, PeopleAlert
from mapapp.store.sign_in import AddressChange, SignInLink

RESTS_ON_NOTHING, AGREED, ASKED_FOR, AS_STAFF = "", "agreed", "asked", "staff"
"""What a mail rests on: nothing, the member's consent to be mailed, their wish for this one, or
their work on the staff, for which they did not switch it off."""

LINK_SECONDS = 3600
"""How long a sign-in works after its mail was handed over to the mail server."""
UNSENT_SECONDS = 2 * 3600
"""How long the mail may wait before that: mail servers may put off what they do not know yet."""

CONFIRM_SECONDS = 24 * 3600
"""The same for a link that confirms another address, and how long its mail may wait before."""
UNDO_SECONDS = 7 * 24 * 3600
"""The same for a link that takes the old address back."""


def may_notify(session: Session, member_id: int, rests_on: str) -> bool:
    """Whether a notice may leave: not in a pause, nor to a member closed out or suspended."""
    row = session.execute(
        select(Member.active, Member.suspended, Member.paused).where(Member.id == member_id)
    ).one_or_none()
    if row is None or row.paused or row.suspended or not row.active:
        return False
    return rests_on != AGREED or has_agreed(session, member_id, MAIL)


def _has_news(session: Session, member_id: int) -> bool:
    found = select(PeopleAlert.member_id).where(
        PeopleAlert.member_id == member_id, PeopleAlert.news == SHOWN, PeopleAlert.by_mail
    )
    return session.scalar(found.limit(1)) is not None


def gets_case_mail(session: Session, member_id: int) -> bool:
    """Whether a member is on the staff and told by mail when cases wait."""
    mine = (MemberStaffRole.member_id == member_id, MemberStaffRole.mailed)
    return session.scalar(select(MemberStaffRole.role_id).where(*mine).limit(1)) is not None


def _has_use(session: Session, link_hash: str, now: int) -> bool:
    """Whether a link in a mail still works."""
    alive = (SignInLink.link_hash == link_hash, SignInLink.expires > now)
    if session.scalar(select(SignInLink.link_hash).where(*alive)) is not None:
        return True
    waits = (AddressChange.link_hash == link_hash, AddressChange.expires > now)
    return session.scalar(select(AddressChange.link_hash).where(*waits)) is not None


def may_leave(session: Session, mail: Outbox, now: int) -> bool:
    """Whether a mail that was queued earlier may still leave now.

    It may have been queued days ago, and a pause, or a consent or a wish that was taken back, holds
    at once. A mail with a link that has expired is of no use to anybody.
    """
    if mail.sign_in:
        return _has_use(session, mail.sign_in, now)
    if mail.rests_on == RESTS_ON_NOTHING:
        return True
    member_id = session.scalar(select(Member.id).where(Member.address_mark == mail.to_mark))
    if member_id is None or (mail.rests_on == ASKED_FOR and not _has_news(session, member_id)):
        return False
    if mail.rests_on == AS_STAFF and not gets_case_mail(session, member_id):
        return False
    return may_notify(session, member_id, mail.rests_on)


def handed_over(session: Session, question: str | None, sign_in: str | None, now: int) -> None:
    """Let time run for what a mail that has left begins: a question's stage, or a sign-in."""
    if question:
        today = datetime.fromtimestamp(now, UTC).date()
        asked = update(OpenQuestion).where(OpenQuestion.mail == question)
        session.execute(asked.values(mail=None, since=today))
    if sign_in:
        link = update(SignInLink).where(SignInLink.link_hash == sign_in, SignInLink.used_by == "")
        session.execute(link.values(expires=now + LINK_SECONDS))
        change = update(AddressChange).where(AddressChange.link_hash == sign_in)
        seconds = case((AddressChange.confirmed, UNDO_SECONDS), else_=CONFIRM_SECONDS)
        session.execute(change.values(expires=now + seconds))
