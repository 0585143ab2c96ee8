"""Conversations of two members: starting, listing and leaving them.

What a member wrote goes when they leave, so that leaving the conversation, blocking the other
and leaving the site look the same to the one who remains.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from mapapp.domain.core.free_text import UNDELIVERED
from mapapp.errors import N_, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import Conversation, ConversationSide, Message
from mapapp.store.members import Membership

NO_CONVERSATION = N_("There is no such conversation, or you have left it.")


@dataclass(frozen=True)
class ListedConversation:
    """A conversation as one of the two sees it.

    Attributes:
        public_id: its address.
        slug: of the condition.
        condition: its name.
        pseudonym: of the other side on this map; '' for none, and when they have left.
        has_left: whether the other side has left the conversation, and not only the map.
        unread: how many messages the reader has not seen.
        last: the day of the newest message, None before the first.
        is_answer: whether it began with a yes to the reader, who has not opened it since.
    """

    public_id: str
    slug: str
    condition: str
    pseudonym: str
    has_left: bool
    unread: int
    last: date | None
    is_answer: bool


@dataclass(frozen=True)
class Sides:
    """The rows behind a conversation: mine, and the other's member, None when they have left.

    ``seen`` is the last message that I have read, ``told`` whether I was mailed since then, and
    ``is_news`` whether it began with a yes to me and I have not opened it.
    """

    conversation_id: int
    my_side: int
    seen: int
    told: bool
    is_news: bool
    other_id: int | None
    condition_id: int


def begin(session: Session, condition_id: int, one_id: int, other_id: int) -> str:
    """Return the public id of two members' conversation; start one if there is none.

    It is news to the first of them, who asked and whom the other answers.
    """
    public_id = conversation_between(session, condition_id, one_id, other_id)
    if public_id:
        return public_id
    made = Conversation(condition_id=condition_id)
    session.add(made)
    session.flush()
    session.add_all(
        ConversationSide(conversation_id=made.id, member_id=member_id, is_news=member_id == one_id)
        for member_id in (one_id, other_id)
    )
    session.flush()
    return made.public_id


def conversation_between(session: Session, condition_id: int, one_id: int, other_id: int) -> str:
    """Return the public id of the conversation that both are still in, '' for none."""
    one, other = aliased(ConversationSide), aliased(ConversationSide)
    found = session.scalar(
        select(Conversation.public_id)
        .join(one, (one.conversation_id == Conversation.id) & (one.member_id == one_id))
        .join(other, (other.conversation_id == Conversation.id) & (other.member_id == other_id))
        .where(Conversation.condition_id == condition_id)
        .limit(1)
    )
    return found or ""


def sides(session: Session, reader_id: int, public_id: str, *, lock: bool = False) -> Sides:
    """Return both sides of a conversation of the reader.

    Raises:
        NotFoundError: when there is none, or the reader has left it.
    """
    mine = (
        select(
            Conversation.id,
            Conversation.condition_id,
            ConversationSide.id,
            ConversationSide.seen,
            ConversationSide.told,
            ConversationSide.is_news,
        )
        .join(ConversationSide, ConversationSide.conversation_id == Conversation.id)
        .where(Conversation.public_id == public_id, ConversationSide.member_id == reader_id)
    )
    row = session.execute(mine.with_for_update() if lock else mine).one_or_none()
    if row is None:
        raise NotFoundError(NO_CONVERSATION)
    conversation_id, condition_id, my_side, seen, told, is_news = row
    other = select(ConversationSide.member_id).where(
        ConversationSide.conversation_id == conversation_id, ConversationSide.id != my_side
    )
    other_id = session.scalar(other)
    return Sides(conversation_id, my_side, seen, told, is_news, other_id, condition_id)


def my_conversations(session: Session, reader_id: int) -> list[ListedConversation]:
    """Return the member's conversations, those with the newest messages first."""
    mine, theirs, other = aliased(ConversationSide), aliased(ConversationSide), aliased(Membership)
    newest = func.max(Message.id)
    name = func.coalesce(other.pseudonym, theirs.left_as)
    # The reader does not see messages of the other side that were not delivered.
    delivered = (Message.sender_id == reader_id) | Message.state.not_in(UNDELIVERED)
    unread = func.count(Message.id).filter(
        Message.id > mine.seen,
        Message.sender_id != reader_id,
        Message.state.not_in(UNDELIVERED),
    )
    rows = session.execute(
        select(
            Conversation.public_id,
            Condition.slug,
            Condition.name,
            case((theirs.member_id.is_(None), ""), else_=name),
            theirs.member_id.is_(None),
            unread,
            func.max(Message.day),
            mine.is_news,
        )
        .join(mine, (mine.conversation_id == Conversation.id) & (mine.member_id == reader_id))
        .join(theirs, (theirs.conversation_id == Conversation.id) & (theirs.id != mine.id))
        .join(Condition, Condition.id == Conversation.condition_id)
        .outerjoin(
            other,
            (other.member_id == theirs.member_id)
            & (other.condition_id == Conversation.condition_id),
        )
        .outerjoin(Message, (Message.conversation_id == Conversation.id) & delivered)
        .group_by(
            Conversation.id,
            Conversation.public_id,
            Condition.slug,
            Condition.name,
            name,
            theirs.member_id,
            mine.is_news,
        )
        .order_by(func.coalesce(newest, 0).desc(), Conversation.id.desc())
    )
    return [
        ListedConversation(public_id, slug, condition, who, bool(has_left), n, last, is_news)
        for public_id, slug, condition, who, has_left, n, last, is_news in rows
    ]


def leave_conversation(session: Session, reader_id: int, public_id: str) -> None:
    """Leave a conversation for good; the other side reads that this person has left it.

    Raises:
        NotFoundError: when there is none, or the reader has left it already.
    """
    _leave(session, reader_id, sides(session, reader_id, public_id, lock=True).conversation_id)


def leave_conversations(
    session: Session, member_id: int, other_id: int | None = None, condition_id: int | None = None
) -> None:
    """Leave every conversation; with ``other_id``, those of the two on the map of a condition."""
    mine = select(ConversationSide.conversation_id).where(ConversationSide.member_id == member_id)
    if other_id is not None:
        with_other = (
            select(ConversationSide.conversation_id)
            .join(Conversation, Conversation.id == ConversationSide.conversation_id)
            .where(
                ConversationSide.member_id == other_id, Conversation.condition_id == condition_id
            )
        )
        mine = mine.where(ConversationSide.conversation_id.in_(with_other))
    for conversation_id in session.scalars(mine.order_by(ConversationSide.conversation_id)).all():
        _leave(session, member_id, conversation_id)


def _leave(session: Session, member_id: int, conversation_id: int) -> None:
    here = ConversationSide.conversation_id == conversation_id
    # Both sides in a fixed order, so that two who leave at once do not deadlock.
    session.execute(
        select(ConversationSide.id).where(here).order_by(ConversationSide.id).with_for_update()
    )
    session.execute(
        delete(Message).where(
            Message.conversation_id == conversation_id, Message.sender_id == member_id
        )
    )
    mine = (here, ConversationSide.member_id == member_id)
    gone = {"member_id": None, "seen": 0, "is_news": False, "left_as": ""}
    session.execute(update(ConversationSide).where(*mine).values(gone))
    remaining = select(ConversationSide.id).where(here, ConversationSide.member_id.is_not(None))
    if session.scalar(remaining.limit(1)) is None:
        session.execute(delete(Conversation).where(Conversation.id == conversation_id))
