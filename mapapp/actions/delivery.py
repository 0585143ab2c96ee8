"""What the leaving of a mail depends on, and what its hand-over sets going."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.consents import has_agreed
from mapapp.domain.consents import MAIL
from mapapp.store.members import Member
from mapapp.store.trust import OpenQuestion

ALWAYS, AGREED, ASKED_FOR = "", "agreed", "asked"
"""What a mail rests on: nothing, the member's consent to be mailed, or their wish for this one."""


def may_notify(session: Session, member_id: int, rests_on: str) -> bool:
    """Whether a notice may leave: not in a pause, nor to somebody closed out or suspended."""
    row = session.execute(
        select(Member.active, Member.suspended, Member.paused).where(Member.id == member_id)
    ).one_or_none()
    if row is None or row.paused or row.suspended or not row.active:
        return False
    return rests_on != AGREED or has_agreed(session, member_id, MAIL)


def may_leave(session: Session, to_mark: str, rests_on: str) -> bool:
    """Whether a mail that was queued earlier may still leave now.

    It may have been queued days ago, and a pause, or a consent that was taken back, holds at once.
    """
    if rests_on == ALWAYS:
        return True
    member_id = session.scalar(select(Member.id).where(Member.address_mark == to_mark))
    return member_id is not None and may_notify(session, member_id, rests_on)


def handed_over(session: Session, mail: str, today: date) -> None:
    """Let the days of an open question's stage count: the mail that begins it has left."""
    session.execute(
        update(OpenQuestion).where(OpenQuestion.mail == mail).values(mail=None, since=today)
    )
