"""Contact requests, what people like to be asked, who blocks whom, and who waits for news."""

from datetime import date

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base
from mapapp.store.members import new_public_id


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
    reason: Mapped[str] = mapped_column(String(24))  # domain.wording.REASONS
    greeting: Mapped[str] = mapped_column(String(24), default="", server_default=text("''"))
    state: Mapped[str] = mapped_column(String(10))  # domain.requests
    month: Mapped[str] = mapped_column(String(7))
    # The first day on which it does not stand any more, if nobody has answered until then.
    lapses: Mapped[date] = mapped_column(Date, index=True)


class ContactWish(Base):
    """What a member would like to be asked, for one condition; without a row: anything."""

    __tablename__ = "contact_wish"
    __table_args__ = (
        ForeignKeyConstraint(
            ("condition_id", "member_id"),
            ("membership.condition_id", "membership.member_id"),
            ondelete="CASCADE",
        ),
    )

    condition_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    reasons: Mapped[str] = mapped_column(String(120), default="")  # keys with spaces; '': all
    not_now: Mapped[bool] = mapped_column(Boolean, default=False)
    carers_only: Mapped[bool] = mapped_column(Boolean, default=False)
    same_language: Mapped[bool] = mapped_column(Boolean, default=False)
    farthest: Mapped[int | None] = mapped_column(SmallInteger)  # a band of domain.distance


class Block(Base):
    """One member wants to have nothing to do with another; it holds in both directions."""

    __tablename__ = "block"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    blocked_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # Of the other one, as it was then: a new one is a word that would reach who blocked them.
    pseudonym: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))


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
