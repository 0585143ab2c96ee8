"""Searching the member's own conversations."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from mapapp.actions.contact.message_send import (
    MESSAGE_GONE,
    MessageLine,
    visible_to,
    words_of,
)
from mapapp.domain.core.folding import fold, folded_query, query_words
from mapapp.domain.core.free_text import REMOVED
from mapapp.errors import NotFoundError
from mapapp.store.contact import Conversation, ConversationSide, Message
from mapapp.store.members import Membership

MOST_MESSAGES_FOUND = 50
MOST_SEARCHED = 2_000
MOST_CHARACTERS_SEARCHED = 200_000
"""At once, so that no inbox takes long to search, whatever is written in it."""


@dataclass(frozen=True)
class Found:
    """A message that a search found, and where it stands."""

    conversation: str
    pseudonym: str
    has_left: bool
    words: MessageLine


@dataclass(frozen=True)
class Search:
    """What a search found, newest first; ``older`` asks for what is older, '' where nothing is."""

    found: tuple[Found, ...]
    older: str = ""


def search_messages(session: Session, reader_id: int, query: str, before: str = "") -> Search:
    """Return the newest messages of the member's conversations with every word of ``query``.

    Case and accents make no difference. So many messages are looked at, and no more at once.

    Args:
        session: an open session.
        reader_id: the member.
        query: what was typed.
        before: public id of one of the member's messages: only older ones are searched.

    Raises:
        BadInputError: if the query is too long.
        NotFoundError: when there is no message ``before``.
    """
    terms = query_words(folded_query(query))
    if not terms:
        return Search(())
    mine = select(ConversationSide.conversation_id).where(ConversationSide.member_id == reader_id)
    here: tuple[ColumnElement[bool], ...]
    here = (Message.conversation_id.in_(mine), visible_to(reader_id))
    if before:
        start = session.scalar(select(Message.id).where(*here, Message.public_id == before))
        if start is None:
            raise NotFoundError(MESSAGE_GONE)
        here += (Message.id < start,)
    # Compared here, because databases differ in what they take for a lower-case letter.
    rows = session.execute(
        select(Message.id, Message.public_id, Message.text)
        .where(*here, Message.state != REMOVED)
        .order_by(Message.id.desc())
        .limit(MOST_SEARCHED + 1)
        .execution_options(yield_per=50)
    )
    found: list[int] = []
    left, last = MOST_CHARACTERS_SEARCHED, ""
    for number, (message_id, public_id, text) in enumerate(rows):
        if number == MOST_SEARCHED or left <= 0 or len(found) == MOST_MESSAGES_FOUND:
            rows.close()
            return Search(_found(session, reader_id, found), last)
        folded = fold(text)
        if all(term in folded for term in terms):
            found.append(message_id)
        left, last = left - len(text), public_id
    return Search(_found(session, reader_id, found))


def _found(session: Session, reader_id: int, ids: list[int]) -> tuple[Found, ...]:
    other = aliased(ConversationSide)
    name = func.coalesce(Membership.pseudonym, other.left_as)
    rows = session.execute(
        select(Message, Conversation.public_id, name, other.member_id.is_(None))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(
            other,
            (other.conversation_id == Conversation.id)
            & (other.member_id.is_distinct_from(reader_id)),
        )
        .outerjoin(
            Membership,
            (Membership.member_id == other.member_id)
            & (Membership.condition_id == Conversation.condition_id),
        )
        .where(Message.id.in_(ids))
        .order_by(Message.id.desc())
    )
    return tuple(
        Found(
            conversation,
            "" if has_left else name,
            bool(has_left),
            words_of(row, reader_id),
        )
        for row, conversation, name, has_left in rows
    )
