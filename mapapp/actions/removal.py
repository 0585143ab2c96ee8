"""Taking a reported piece away, and delivering a message that was held."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.asked import PROPOSED, settle_asked
from mapapp.actions.messages import tell
from mapapp.actions.posts import lock_post, recount
from mapapp.domain.aside import REPORTED
from mapapp.domain.cases import KNOCK, MESSAGE, NOTHING, PERSON, POSTS, REMOVE
from mapapp.domain.messages import HELD, REMOVED, SENT
from mapapp.domain.months import this_day
from mapapp.domain.requests import END, before
from mapapp.errors import NotFoundError
from mapapp.settings import Settings
from mapapp.store.connections import Block, ContactRequest
from mapapp.store.conversations import ConversationSide, Message
from mapapp.store.members import Member
from mapapp.store.posts import Post, PostVersion


def settle(
    session: Session, settings: Settings, kind: str, piece: str, act: str, *, held: bool
) -> None:
    """Do with a piece what was decided; ``held``: nobody has seen it yet.

    What was held is let through when nothing is done about it, and gone after everything else.
    """
    if kind in POSTS:
        _settle_post(session, piece, act)
    elif kind in PROPOSED:
        settle_asked(session, kind, piece, is_accepted=act == NOTHING)
    elif held:
        act_on_held(session, settings, piece, deliver_it=act == NOTHING)
    elif act == REMOVE:
        remove(session, kind, piece)


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
        day=this_day(),
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


def _settle_post(session: Session, piece: str, act: str) -> None:
    try:
        post = lock_post(session, Post.public_id == piece)
    except NotFoundError:
        return  # deleted by its writer meanwhile
    # Asked of the post itself: it can have been reported first, changed, and held then.
    if act == REMOVE or (post.state == HELD and act != NOTHING):
        session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))
        post.state, post.text, post.title, post.words = REMOVED, "", "", ""
    elif post.state == HELD:
        post.state = SENT
    post.aside = post.aside.replace(REPORTED, "")
    recount(session, [post.question_id])
