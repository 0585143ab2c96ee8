"""The number of a member's unread conversations, which each page's header shows."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.domain.core.free_text import UNDELIVERED
from mapapp.store.contact import ConversationSide, Message


def unread_conversations(session: Session, reader_id: int) -> int:
    """Return the number of conversations with unread messages."""
    return (
        session.scalar(
            select(func.count(func.distinct(Message.conversation_id)))
            .join(ConversationSide, ConversationSide.conversation_id == Message.conversation_id)
            .where(
                ConversationSide.member_id == reader_id,
                Message.sender_id != reader_id,
                Message.id > ConversationSide.seen,
                Message.state.not_in(UNDELIVERED),
            )
        )
        or 0
    )
