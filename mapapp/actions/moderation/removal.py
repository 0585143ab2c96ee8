"""Removing a reported piece, and delivering a held message."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.contact.message_send import notify_of_message
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import locked
from mapapp.actions.knowledge.post_display import lock_post, recount
from mapapp.actions.knowledge.proposals import PROPOSED, settle_proposal
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.free_text import HELD, REMOVED, SENT
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.members.request_states import END, before
from mapapp.domain.safety.case_rules import CONTACT_REQUEST, MESSAGE, NOTHING, PERSON, POSTS, REMOVE
from mapapp.errors import NotFoundError
from mapapp.store.contact import Block, ContactRequest, ConversationSide, Message
from mapapp.store.members import Member
from mapapp.store.posts import Post, PostVersion


def settle(ctx: Context, kind: str, piece: str, act: str, *, held: bool) -> None:
    """Apply a decision to a piece; ``held``: nobody has seen it yet.

    What was held is let through when nothing is done about it, and gone after everything else.
    """
    if kind in POSTS:
        _settle_post(ctx.session, piece, act)
    elif kind in PROPOSED:
        settle_proposal(ctx.session, kind, piece, is_accepted=act == NOTHING)
    elif held:
        act_on_held(ctx, piece, deliver_it=act == NOTHING)
    elif act == REMOVE:
        remove(ctx.session, kind, piece)


def remove(session: Session, kind: str, piece: str) -> None:
    """Remove a pseudonym, a message's text or a request, if it is still there."""
    if kind == PERSON:
        session.execute(update(Member).where(Member.public_id == piece).values(pseudonym=""))
        whom = select(Member.id).where(Member.public_id == piece).scalar_subquery()
        session.execute(update(Block).where(Block.blocked_id == whom).values(pseudonym=""))
    elif kind == MESSAGE:
        _empty(session, piece)
    elif kind == CONTACT_REQUEST:
        _end(session, piece)


def act_on_held(ctx: Context, piece: str, *, deliver_it: bool) -> None:
    """Deliver a held message, or delete it; its writer may already have deleted it.

    The receiver must see nothing of it, not even that something was removed.
    """
    conversation = (
        select(Message.conversation_id).where(Message.public_id == piece).scalar_subquery()
    )
    # The sides first, in the same order as when a member leaves the conversation.
    ctx.session.execute(
        select(ConversationSide.id)
        .where(ConversationSide.conversation_id == conversation)
        .order_by(ConversationSide.id)
        .with_for_update()
    )
    held = select(Message).where(Message.public_id == piece, Message.state == HELD)
    message = ctx.session.scalar(locked(held))
    if message is None:
        return
    if deliver_it:
        deliver(ctx, message)
    else:
        ctx.session.delete(message)
        ctx.session.flush()


def deliver(ctx: Context, message: Message) -> None:
    """Bring a held message to its reader, as the newest of the conversation.

    It gets a new number, because what was read is told by the last number; and the day on which it
    arrives, so that its reader is not told that it was held.
    """
    delivered = Message(
        public_id=message.public_id,
        conversation_id=message.conversation_id,
        sender_id=message.sender_id,
        day=this_day(),
        text=message.text,
        state=SENT,
        fingerprint=message.fingerprint,
    )
    ctx.session.delete(message)
    ctx.session.flush()
    ctx.session.add(delivered)
    ctx.session.flush()
    _tell_reader(ctx, delivered.conversation_id, delivered.sender_id)


def _tell_reader(ctx: Context, conversation_id: int, sender_id: int) -> None:
    reader_id = ctx.session.scalar(
        select(ConversationSide.member_id).where(
            ConversationSide.conversation_id == conversation_id,
            ConversationSide.member_id.is_not(None),
            ConversationSide.member_id != sender_id,
        )
    )
    if reader_id is not None:
        notify_of_message(ctx, conversation_id, reader_id)


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


def _settle_post(session: Session, piece: str, act: str) -> None:
    try:
        post = lock_post(session, Post.public_id == piece)
    except NotFoundError:
        return  # deleted by its writer in the meantime
    # Asked of the post itself: it can have been reported first, changed, and held then.
    if act == REMOVE or (post.state == HELD and act != NOTHING):
        session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))
        post.state, post.text, post.title, post.words = REMOVED, "", "", ""
    elif post.state == HELD:
        post.state = SENT
    post.hidden_reasons &= ~HiddenReason.REPORTED
    recount(session, [post.question_id])
