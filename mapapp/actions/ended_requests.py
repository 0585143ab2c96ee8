"""Contact requests that end because somebody hides, leaves a map, or leaves the site."""

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from mapapp.store.connections import (
    ACCEPTED,
    DECLINED,
    LEFT,
    OPEN,
    REFUSED,
    UNANSWERED,
    WITHDRAWN,
    ContactRequest,
)


def end_requests(session: Session, member_id: int, condition_id: int) -> None:
    """Withdraw the unanswered requests from and to somebody who is not listed any more."""
    mine = or_(ContactRequest.from_member_id == member_id, ContactRequest.to_member_id == member_id)
    for before, after in ((OPEN, WITHDRAWN), (DECLINED, REFUSED)):
        here = (ContactRequest.condition_id == condition_id, ContactRequest.state == before)
        session.execute(update(ContactRequest).where(*here, mine).values(state=after))


def leave_requests(session: Session, member_id: int) -> None:
    """Tell the other side of each request that stands that this member has left; drop the rest.

    Whoever was declined silently reads the same as whoever had no answer yet.
    """
    mine = or_(ContactRequest.from_member_id == member_id, ContactRequest.to_member_id == member_id)
    told = (
        (ContactRequest.from_member_id == member_id) & ContactRequest.state.in_((OPEN, ACCEPTED))
    ) | (
        (ContactRequest.to_member_id == member_id)
        & ContactRequest.state.in_((*UNANSWERED, ACCEPTED))
    )
    session.execute(update(ContactRequest).where(mine, told).values(state=LEFT))
    session.execute(delete(ContactRequest).where(mine, ContactRequest.state != LEFT))
    # The link to the member goes with the member's row, by its foreign key.
