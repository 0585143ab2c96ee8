"""Acts take the people they concern, two of them in one order, before anything else.

What one of them does meanwhile then comes before it or after it, and two who act upon each other at
the same moment do not wait for each other for ever.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.store.members import Member


def lock_members(session: Session, *member_ids: int | None) -> None:
    """Take the members until the transaction ends; those who have left are not there to take."""
    wanted = [member_id for member_id in member_ids if member_id is not None]
    session.execute(
        select(Member.id).where(Member.id.in_(wanted)).order_by(Member.id).with_for_update()
    )
