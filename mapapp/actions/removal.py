"""Taking a reported piece away, and delivering a message that was held."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.messages import tell
from mapapp.domain.cases import KNOCK, MESSAGE, PERSON
from mapapp.domain.messages import HELD, REMOVED, SENT
from mapapp.domain.requests import END, before
from mapapp.settings import Settings
from mapapp.store.connections import Block, ContactRequest
from mapapp.store.conversations import ConversationSide, Message
from mapapp.store.members import Member


def remove(session: Session, kind: str, piece: str) -> None:
    """Take away a pseudonym, a message's text or a request; one that is gone already stays so."""
    if kind == PERSON:
        session.execute(update(Member).where(Member.public_id == piece).values(pseudonym=""))
        whom = select(Member.id).where(Member.public_id == piece).scalar_subquery()
        session.execute(update(Block).where(Block.blocked_id == whom).values(pseudonym=""))
    elif kind == MESSAGE:
        _empty(session, piece)
    elif kind == KNOCK:
        _end(session, piece)


def act_on_held(session: Session, settings: Settings, piece: str, *, deliver_it: bool) -> None:
    """Deliver a held message, or delete it; its writer may have taken it back already.

    Nothing of it may show to whom it was written, not even that something was removed.
    """
    conversation = (
        select(Message.conversation_id).where(Message.public_id == piece).scalar_subquery()
    )
    # The sides first and in one order, as whoever leaves the conversation takes them.
    session.execute(
        select(ConversationSide.id)
        .where(ConversationSide.conversation_id == conversation)
        .order_by(ConversationSide.id)
        .with_for_update()
    )
    message = session.scalar(
        select(Message)
        .where(Message.public_id == piece, Message.state == HELD)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if message is None:
        return
    if deliver_it:
        deliver(session, settings, message)
    else:
        session.delete(message)
        session.flush()


def deliver(session: Session, settings: Settings, message: Message) -> None:
    """Bring a held message to its reader, as the newest of the conversation.

    It gets a new number, because what was read is told by the last number; and the day on which it
    arrives, so that its reader is not told that it was held.
    """
    delivered = Message(
        public_id=message.public_id,
        conversation_id=message.conversation_id,
        sender_id=message.sender_id,
        day=datetime.now(UTC).date(),
        text=message.text,
        state=SENT,
        fingerprint=message.fingerprint,
    )
    session.delete(message)
    session.flush()
    session.add(delivered)
    session.flush()
    _tell_reader(session, settings, delivered.conversation_id, delivered.sender_id)


def _tell_reader(
    session: Session, settings: Settings, conversation_id: int, sender_id: int
) -> None:
    reader_id = session.scalar(
        select(ConversationSide.member_id).where(
            ConversationSide.conversation_id == conversation_id,
            ConversationSide.member_id.is_not(None),
            ConversationSide.member_id != sender_id,
        )
    )
    if reader_id is not None:
        tell(session, settings, conversation_id, reader_id)


def _empty(session: Session, piece: str) -> None:
    session.execute(
        update(Message)
        .where(Message.public_id == piece)
        .values(text="", state=REMOVED, fingerprint="")
    )


def _end(session: Session, piece: str) -> None:
    request = session.scalar(
        select(ContactRequest).where(ContactRequest.public_id == piece).with_for_update()
    )
    if request is not None:
        request.state = before(END).get(request.state, request.state)
