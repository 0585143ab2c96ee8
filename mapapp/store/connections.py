"""Contact requests, and wishes to be told when somebody joins nearby."""

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base
from mapapp.store.members import new_public_id

OPEN, ACCEPTED, DECLINED, WITHDRAWN = "open", "accepted", "declined", "withdrawn"
REFUSED = "refused"
"""Declined and then withdrawn: shown to nobody, and kept so that asking anew is declined too."""
LEFT = "left"
"""One side erased their account while it was open or accepted: the other is told that much."""
UNANSWERED = (OPEN, DECLINED)
"""States of a request that look the same to whoever asked: declining is silent."""


class ContactRequest(Base):
    """One member asks another, of the same condition, for contact: choices only, no free text."""

    __tablename__ = "contact_request"
    __table_args__ = (
        Index("ix_contact_request_to", "to_member_id", "state"),
        Index("ix_contact_request_from", "from_member_id", "state"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    condition_id: Mapped[int] = mapped_column(ForeignKey("condition.id", ondelete="CASCADE"))
    # None: this side has left the site.
    from_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    to_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(10))  # one of the six above
    month: Mapped[str] = mapped_column(String(7))


class TellMe(Base):
    """A member wants one mail when somebody is listed near an area for a condition."""

    __tablename__ = "tell_me"

    condition_id: Mapped[int] = mapped_column(
        ForeignKey("condition.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
