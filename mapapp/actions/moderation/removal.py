"""Removing a reported piece, and delivering a held message."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.contact.message_send import notify_of_message, state_when_sent
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import locked
from mapapp.actions.knowledge.post_display import lock_post, recount
from mapapp.actions.knowledge.proposals import PROPOSED, settle_proposal
from mapapp.domain.core.dates import this_day
from mapapp.domain.core.free_text import HELD, REMOVED, SENT
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.members.request_states import END, before
from mapapp.domain.safety.case_rules import (
    CONTACT_REQUEST,
    HELD_CATEGORY,
    MESSAGE,
    NOTHING,
    PERSON,
    POSTS,
    REMOVE,
)
from mapapp.errors import NotFoundError
from mapapp.store.contact import Block, ContactRequest, Conversation, ConversationSide, Message
from mapapp.store.members import Membership
from mapapp.store.moderation import Case
from mapapp.store.posts import Post, PostVersion
from mapapp.store.published import ListingRow


def settle(ctx: Context, case: Case, act: str) -> None:
    """Apply a decision to what a case is about.

    What was held, and seen by nobody, is let through when nothing is done about it, and gone after
    everything else.
    """
    kind, piece, held = case.kind, case.piece, case.category == HELD_CATEGORY
    if kind in POSTS:
        _settle_post(ctx.session, piece, act)
    elif kind in PROPOSED:
        settle_proposal(ctx.session, kind, piece, is_accepted=act == NOTHING)
    elif held:
        act_on_held(ctx, piece, deliver_it=act == NOTHING)
    elif act == REMOVE and kind == PERSON:
        _remove_pseudonym(ctx.session, case.subject_id, case.condition_id)
    elif act == REMOVE and kind == MESSAGE:
        _empty(ctx.session, piece)
    elif act == REMOVE and kind == CONTACT_REQUEST:
        _end(ctx.session, piece)


def _remove_pseudonym(session: Session, member_id: int | None, condition_id: int | None) -> None:
    """Remove what a member is called on one map, wherever it is kept; leaving it undoes nothing."""
    here = select(Conversation.id).where(Conversation.condition_id == condition_id)
    on_it = (Membership.condition_id == condition_id, Membership.member_id == member_id)
    blocks = (Block.condition_id == condition_id, Block.blocked_id == member_id)
    talks = (ConversationSide.member_id == member_id, ConversationSide.conversation_id.in_(here))
    session.execute(update(Membership).where(*on_it).values(pseudonym=""))
    # On the card at once, whichever publication it belongs to; the card itself stays.
    cards = (ListingRow.member_id == member_id, ListingRow.condition_id == condition_id)
    session.execute(update(ListingRow).where(*cards).values(pseudonym=""))
    session.execute(update(Block).where(*blocks).values(pseudonym=""))
    session.execute(
        update(ConversationSide)
        .where(*talks)
        .values(left_as="")
        .execution_options(synchronize_session=False)
    )


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

    Where a block on another map is between the two, it only looks so to its writer. It gets a new
    number, because what was read is told by the last number; and the day on which it arrives, so
    that its reader is not told that it was held.
    """
    reader_id = _reader_of(ctx, message)
    delivered = Message(
        public_id=message.public_id,
        conversation_id=message.conversation_id,
        sender_id=message.sender_id,
        day=this_day(),
        text=message.text,
        state=state_when_sent(ctx.session, message.sender_id, reader_id),
        fingerprint=message.fingerprint,
    )
    ctx.session.delete(message)
    ctx.session.flush()
    ctx.session.add(delivered)
    ctx.session.flush()
    if reader_id is not None and delivered.state == SENT:
        notify_of_message(ctx, delivered.conversation_id, reader_id)


def _reader_of(ctx: Context, message: Message) -> int | None:
    """Return who reads a message, None where they have left the conversation."""
    return ctx.session.scalar(
        select(ConversationSide.member_id).where(
            ConversationSide.conversation_id == message.conversation_id,
            ConversationSide.member_id.is_not(None),
            ConversationSide.member_id != message.sender_id,
        )
    )


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
