"""Who must be silent for a time does not write to others."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.errors import NotAllowedError
from mapapp.store.members import Member


def refuse_silenced(session: Session, member_id: int, today: date) -> None:
    """Refuse an act that reaches others.

    Raises:
        NotAllowedError: for a member whom moderators have silenced or suspended.
    """
    row = session.execute(
        select(Member.silenced_until, Member.suspended).where(Member.id == member_id)
    ).one()
    if row.suspended or (row.silenced_until is not None and today < row.silenced_until):
        raise NotAllowedError(
            "A moderator has decided that you do not write to others for a time. "
            "Your account page says why, and how to appeal."
        )
