"""A silenced member does not write to others."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.errors import N_, NotAllowedError
from mapapp.store.members import Member


def refuse_silenced(session: Session, member_id: int, today: date) -> None:
    """Refuse an act that reaches others.

    Raises:
        NotAllowedError: for a member that moderators have silenced or suspended.
    """
    row = session.execute(
        select(Member.silenced_until, Member.suspended).where(Member.id == member_id)
    ).one()
    if row.suspended or (row.silenced_until is not None and today < row.silenced_until):
        raise NotAllowedError(
            N_(
                "A moderator has decided that you cannot write to others for now. Your "
                "account page says until when, and what you can do."
            )
        )
