"""Contact requests and wishes, blocks, conversations and their messages."""

from datetime import date

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with, outlives
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
    condition_id: Mapped[int] = goes_with("condition.id")
    # None: this side has left the site.
    from_member_id: Mapped[int | None] = outlives("member.id")
    to_member_id: Mapped[int | None] = outlives("member.id")
    reason: Mapped[str] = mapped_column(String(24))  # domain.core.choices.REASONS
    greeting: Mapped[str] = mapped_column(String(24), default="", server_default=text("''"))
    state: Mapped[str] = mapped_column(String(10))  # domain.members.request_states
    month: Mapped[str] = mapped_column(String(7))
    # The first day on which it does not stand any more, if nobody has answered until then.
    expires: Mapped[date] = mapped_column(Date, index=True)
    # Declined by an earlier no, or by a block on whatever map: the one asked never reads of it,
    # nor in their data, where it would tell that they know the sender from another map.
    unheard: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


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
    farthest: Mapped[int | None] = mapped_column(SmallInteger)  # a band of domain.areas.distance


class Block(Base):
    """One member has blocked another on a map; it works in both directions.

    There they do not see each other any more. On other maps, where they may not know that they are
    the same two, nothing can be seen of it: requests and messages get the silent no.
    """

    __tablename__ = "block"

    member_id: Mapped[int] = goes_with("member.id", primary_key=True)
    blocked_id: Mapped[int] = goes_with("member.id", primary_key=True, index=True)
    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    public_id: Mapped[str] = mapped_column(
        String(36), unique=True, index=True, default=new_public_id
    )
    # Of the other one, as it was then: a new one is a word that would reach who blocked them.
    pseudonym: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))


class Conversation(Base):
    """Starts when a contact request is accepted, and is deleted when both sides have left."""

    __tablename__ = "conversation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    condition_id: Mapped[int] = goes_with("condition.id")


class ConversationSide(Base):
    """One of the two in a conversation."""

    __tablename__ = "conversation_side"
    __table_args__ = (UniqueConstraint("conversation_id", "member_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[int] = goes_with("conversation.id", index=True)
    # None: has left the conversation or the site, or has blocked the other; all look the same.
    member_id: Mapped[int | None] = outlives("member.id", index=True)
    seen: Mapped[int] = mapped_column(Integer, default=0)  # id of the last message that was read
    told: Mapped[bool] = mapped_column(Boolean, default=False)  # mailed since then
    # Begun by a yes to this side's request, and not opened since.
    is_news: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # The pseudonym of a member who has left the map, but not the conversation.
    left_as: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))


class Message(Base):
    """A message; it goes when its writer goes. The day is the finest time that is kept."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation", "conversation_id", "id"),
        Index("ix_message_same", "sender_id", "fingerprint"),
        # The number of a message that is gone is given to no other: it tells what was read.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    conversation_id: Mapped[int] = goes_with("conversation.id")
    sender_id: Mapped[int] = goes_with("member.id")
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))  # domain.core.free_text
    fingerprint: Mapped[str] = mapped_column(String(64))  # keyed hash, to find the same text again
