"""Writing in a conversation, reading it, and searching in one's own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session, aliased

from mapapp.actions import holding
from mapapp.actions.cases import was_case
from mapapp.actions.conversations import sides
from mapapp.actions.notices import notify
from mapapp.actions.paging import Page, page_start
from mapapp.actions.silence import refuse_silenced
from mapapp.actions.together import lock_members
from mapapp.domain.cases import MESSAGE
from mapapp.domain.folding import fold
from mapapp.domain.form_keys import checked_key
from mapapp.domain.messages import HELD, REMOVED, SENT, clean_message
from mapapp.domain.permissions import LISTED
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.conversations import Conversation, ConversationSide, Message
from mapapp.store.members import Member, Membership

MESSAGES_A_PAGE = 50
MOST_FOUND = 50
LONGEST_QUERY = 100
NOT_COMPLETE = "This form is not complete. Open the conversation again."
HAS_LEFT = "This person has left. You can keep what you wrote, or leave the conversation."


@dataclass(frozen=True)
class Words:
    """A message as one side reads it; ``text`` is '' where a moderator removed it."""

    id: int
    public_id: str
    is_mine: bool
    day: date
    text: str
    state: str


@dataclass(frozen=True)
class OpenConversation:
    """A conversation with a page of its messages, oldest first; the first page is the newest."""

    public_id: str
    slug: str
    condition: str
    pseudonym: str
    other_public_id: str
    listed: bool  # whether the other side has a page that the reader may see
    has_left: bool
    first_unread: int  # id of the first message that was not read before, 0 for none
    was_told: bool  # whether a mail about it went out that was not followed until now
    words: Page[Words]


@dataclass(frozen=True)
class Found:
    """A message that a search found, and where it stands."""

    conversation: str
    page: int
    pseudonym: str
    has_left: bool
    words: Words


def write(
    session: Session,
    settings: Settings,
    reader_id: int,
    conversation: str,
    text: str,
    key: str,
    now: float | None = None,
) -> str:
    """Write a message; return its state, SENT or HELD.

    Args:
        session: the transaction.
        settings: of the site.
        reader_id: who writes.
        conversation: address of the conversation.
        text: what.
        key: a UUID made with the form: the same form sent twice writes once.
        now: Unix seconds; default: the clock's.

    Raises:
        NotFoundError: when there is no such conversation of this member.
        BadInputError: for a text that cannot be sent, and when the other side has left.
        NotAllowedError: for who must be silent.
    """
    today = (datetime.now(UTC) if now is None else datetime.fromtimestamp(now, UTC)).date()
    clean, public_id = clean_message(text), checked_key(key, NOT_COMPLETE)
    # One message of a member after the other: what is counted about them stays true.
    lock_members(session, reader_id)
    refuse_silenced(session, reader_id, today)
    both = sides(session, reader_id, conversation)
    if both.other_id is None:
        raise BadInputError(HAS_LEFT)
    known = session.scalar(select(Message).where(Message.public_id == public_id))
    if known is not None:
        if known.sender_id != reader_id:
            raise BadInputError(NOT_COMPLETE)
        return known.state
    if was_case(session, MESSAGE, public_id):
        raise BadInputError(NOT_COMPLETE)  # deleted meanwhile; its name never means other words
    print_of = holding.fingerprint(settings, clean)
    why = holding.why_held(session, both, reader_id, clean, print_of, today)
    message = Message(
        public_id=public_id,
        conversation_id=both.conversation_id,
        sender_id=reader_id,
        day=today,
        text=clean,
        state=HELD if why else SENT,
        fingerprint=print_of,
    )
    session.add(message)
    session.flush()
    if why:
        holding.hold(session, message, why)
    else:
        tell(session, settings, both.conversation_id, both.other_id)
    return message.state


def tell(session: Session, settings: Settings, conversation_id: int, member_id: int) -> None:
    """Mail that something waits: at most once until it has been read."""
    side = (
        ConversationSide.conversation_id == conversation_id,
        ConversationSide.member_id == member_id,
    )
    told = session.scalar(select(ConversationSide.told).where(*side).with_for_update())
    # Who gets no mail now, in a pause for instance, is told of a later message.
    if told is False and notify(session, settings, member_id, "request", "/inbox"):
        session.execute(update(ConversationSide).where(*side).values(told=True))


def take_back(session: Session, reader_id: int, conversation: str, message: str) -> None:
    """Delete a message of one's own for both sides; what was reported of it stays as evidence.

    Raises:
        NotFoundError: when it is not the reader's, or not there any more.
    """
    both = sides(session, reader_id, conversation)
    row = session.scalar(
        select(Message).where(
            Message.public_id == message,
            Message.conversation_id == both.conversation_id,
            Message.sender_id == reader_id,
        )
    )
    if row is None:
        raise NotFoundError("This message is gone already.")
    session.delete(row)
    session.flush()


def open_conversation(
    session: Session, reader_id: int, conversation: str, number: int = 1
) -> OpenConversation:
    """Return a conversation with a page of its messages.

    Raises:
        NotFoundError: when there is no such conversation of this member, or no such page.
    """
    start = page_start(number, MESSAGES_A_PAGE)
    both = sides(session, reader_id, conversation)
    slug, condition = session.execute(
        select(Condition.slug, Condition.name).where(Condition.id == both.condition_id)
    ).one()
    other = session.execute(
        select(Member.public_id, Member.pseudonym, Membership.visibility)
        .outerjoin(
            Membership,
            (Membership.member_id == Member.id) & (Membership.condition_id == both.condition_id),
        )
        .where(Member.id == both.other_id)
    ).one_or_none()
    here = (Message.conversation_id == both.conversation_id, visible_to(reader_id))
    total = session.scalar(select(func.count()).select_from(Message).where(*here)) or 0
    rows = session.scalars(
        select(Message)
        .where(*here)
        .order_by(Message.id.desc())
        .offset(start)
        .limit(MESSAGES_A_PAGE)
    ).all()
    words = tuple(words_of(row, reader_id) for row in reversed(rows))
    unread = [w.id for w in words if not w.is_mine and w.id > both.seen]
    return OpenConversation(
        conversation,
        slug,
        condition,
        other.pseudonym if other else "",
        other.public_id if other else "",
        other is not None and other.visibility in LISTED,
        other is None,
        min(unread, default=0),
        both.told,
        Page(words, number, MESSAGES_A_PAGE, total).existing(),
    )


def mark_read(session: Session, reader_id: int, conversation: str, newest: int) -> None:
    """Note that the member has seen everything up to the message with the id ``newest``; 0: none.

    The next one is worth a mail again.
    """
    seen = ConversationSide.seen
    session.execute(
        update(ConversationSide)
        .where(ConversationSide.id == sides(session, reader_id, conversation).my_side)
        .values(seen=case((seen < newest, newest), else_=seen), told=False)
    )


def text_of(session: Session, reader_id: int, conversation: str, message: str) -> str:
    """Return the text of one message that the member can read.

    Raises:
        NotFoundError: when there is none.
    """
    both = sides(session, reader_id, conversation)
    here = (Message.conversation_id == both.conversation_id, Message.public_id == message)
    found = session.scalar(select(Message.text).where(*here, visible_to(reader_id)))
    if found is None:
        raise NotFoundError("This message is gone.")
    return found


def search(session: Session, reader_id: int, query: str) -> list[Found]:
    """Return the newest messages in one's own conversations that hold every word of ``query``.

    Case and accents make no difference.
    """
    terms = fold(query[:LONGEST_QUERY]).split()
    mine = select(ConversationSide.conversation_id).where(ConversationSide.member_id == reader_id)
    texts = session.execute(
        select(Message.id, Message.text)
        .where(Message.conversation_id.in_(mine), visible_to(reader_id), Message.state != REMOVED)
        .order_by(Message.id.desc())
    )
    # Compared here: what a database calls a lower case letter depends on the database.
    hits = (i for i, text in texts if terms and all(term in fold(text) for term in terms))
    found = list(islice(hits, MOST_FOUND))
    other, newer = aliased(ConversationSide), aliased(Message)
    newer_ones = (
        select(func.count())
        .where(newer.conversation_id == Message.conversation_id, newer.id > Message.id)
        .where((newer.sender_id == reader_id) | (newer.state != HELD))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Message, Conversation.public_id, newer_ones, Member.pseudonym)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(
            other,
            (other.conversation_id == Conversation.id)
            & (other.member_id.is_distinct_from(reader_id)),
        )
        .outerjoin(Member, Member.id == other.member_id)
        .where(Message.id.in_(found))
        .order_by(Message.id.desc())
    )
    return [
        Found(
            conversation,
            before // MESSAGES_A_PAGE + 1,
            name or "",
            name is None,
            words_of(row, reader_id),
        )
        for row, conversation, before, name in rows
    ]


def visible_to(reader_id: int) -> ColumnElement[bool]:
    """What is held is there for whoever wrote it, and for nobody else."""
    return (Message.sender_id == reader_id) | (Message.state != HELD)


def words_of(row: Message, reader_id: int) -> Words:
    """Return a message as one side reads it."""
    text = "" if row.state == REMOVED else row.text
    return Words(row.id, row.public_id, row.sender_id == reader_id, row.day, text, row.state)
