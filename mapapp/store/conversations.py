"""Conversations of two members, and what they wrote."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base
from mapapp.store.members import new_public_id


class Conversation(Base):
    """Begins when a contact request is accepted, and is gone when both sides are."""

    __tablename__ = "conversation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    condition_id: Mapped[int] = mapped_column(ForeignKey("condition.id", ondelete="CASCADE"))


class ConversationSide(Base):
    """One of the two in a conversation."""

    __tablename__ = "conversation_side"
    __table_args__ = (UniqueConstraint("conversation_id", "member_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    # None: has left the conversation or the site, or has blocked the other; all look the same.
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), index=True
    )
    seen: Mapped[int] = mapped_column(Integer, default=0)  # id of the last message that was read
    told: Mapped[bool] = mapped_column(Boolean, default=False)  # mailed since then


class Message(Base):
    """A message; it goes with whoever wrote it. The day is the finest time that is kept."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation", "conversation_id", "id"),
        Index("ix_message_same", "sender_id", "fingerprint"),
        # The number of a message that is gone is given to no other: it tells what was read.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    sender_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))  # domain.messages
    fingerprint: Mapped[str] = mapped_column(String(64))  # keyed hash, to find the same text again
