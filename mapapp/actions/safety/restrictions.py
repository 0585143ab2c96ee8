"""A silenced member does not write to others."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.errors import N_, NotAllowedError
from mapapp.store.members import Member


def still_silenced(until: date | None, today: date) -> date | None:
    """Return ``until``, the first day on which a member may write again, None once it has come."""
    return until if until is not None and today < until else None


def silenced_until(session: Session, member_id: int, today: date) -> date | None:
    """Return the first day on which a silenced member may write again, None for everybody else."""
    until = session.scalar(select(Member.silenced_until).where(Member.id == member_id))
    return still_silenced(until, today)


def refuse_silenced(session: Session, member_id: int, today: date) -> None:
    """Refuse an act that reaches others.

    Raises:
        NotAllowedError: for a member that moderators have silenced or suspended.
    """
    row = session.execute(
        select(Member.silenced_until, Member.suspended).where(Member.id == member_id)
    ).one()
    if row.suspended or still_silenced(row.silenced_until, today):
        raise NotAllowedError(
            N_(
                "A moderator has decided that you cannot write to others for now. Your "
                "account page says until when, and what you can do."
            )
        )
