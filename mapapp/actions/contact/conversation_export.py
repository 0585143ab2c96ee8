"""A member's conversations as plain values, for "my data"."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import my_conversations, sides
from mapapp.actions.contact.message_send import visible_to, words_of
from mapapp.store.contact import ConversationSide, Message


def my_words(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return every conversation of a member with what both sides wrote, oldest first."""
    return [
        {
            "condition": conversation.condition,
            "with": conversation.pseudonym,
            "other_has_left": conversation.has_left,
            "opened": not conversation.is_answer,
            "left_map_as": _left_as(session, member_id, conversation.public_id),
            "messages": _messages(session, member_id, conversation.public_id),
        }
        for conversation in my_conversations(session, member_id)
    ]


def _left_as(session: Session, member_id: int, conversation: str) -> str:
    """Return the name under which the other side knows a member who has left the map; else ''."""
    mine = ConversationSide.id == sides(session, member_id, conversation).my_side
    return session.scalars(select(ConversationSide.left_as).where(mine)).one()


def _messages(session: Session, member_id: int, conversation: str) -> list[dict[str, Any]]:
    conversation_id = sides(session, member_id, conversation).conversation_id
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, visible_to(member_id))
        .order_by(Message.id)
    )
    found = [words_of(row, member_id) for row in rows]
    return [
        {"from_me": w.is_mine, "day": w.day.isoformat(), "text": w.text, "state": w.state}
        for w in found
    ]
