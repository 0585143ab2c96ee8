"""Writing in a conversation, and reading it."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.contact import message_hold
from mapapp.actions.contact.conversation_list import Sides, sides
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.actions.mail.notices import notify
from mapapp.actions.published.blocked_pairs import is_blocked
from mapapp.actions.published.card_lists import cards_of_members
from mapapp.actions.published.readers import kind_of_reader
from mapapp.actions.safety.case_open import was_case
from mapapp.actions.safety.restrictions import refuse_silenced
from mapapp.domain.core.form_keys import ALREADY_SENT, checked_key
from mapapp.domain.core.free_text import BARRED, HELD, REMOVED, SENT, UNDELIVERED, clean_message
from mapapp.domain.core.visibilities import visibilities_for
from mapapp.domain.safety.case_rules import MESSAGE
from mapapp.errors import N_, BadInputError, NotAllowedError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import ConversationSide, Message
from mapapp.store.members import Membership

MESSAGES_A_PAGE = 50
MESSAGE_GONE = N_("This message is gone.")
NEWEST_FIRST = Order((Key(Message.id, falls=True),), MESSAGES_A_PAGE)
MESSAGE_FORM_BROKEN = N_("This form is not complete. Open the conversation again.")
HAS_LEFT = N_("This was not sent, because this person has left this conversation.")


@dataclass(frozen=True)
class MessageLine:
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
    is_answer: bool  # whether it began with a yes to the reader, and is opened for the first time
    words: Page[MessageLine]


def send_message(ctx: Context, conversation: str, text: str, key: str) -> str:
    """Write a message; return its state as its writer reads it, SENT or HELD.

    Where one of the two blocks the other on another map, it reaches nobody, and its writer sees no
    difference. A moderator who lets such a message through delivers nothing either.

    Args:
        conversation: address of the conversation.
        text: what.
        key: a UUID made with the form: the same form sent twice writes once. Who goes back to
            it in the browser and writes other words sends another message.

    Raises:
        NotFoundError: when there is no such conversation of this member.
        BadInputError: for a text that cannot be sent.
        NotAllowedError: for who must be silent, and when the other side has left.
        LimitError: for very many in a short time.
    """
    clean, public_id = clean_message(text), checked_key(key, MESSAGE_FORM_BROKEN)
    # A member's messages are handled one at a time, so that counts stay right.
    lock_members(ctx.session, ctx.member_id)
    refuse_silenced(ctx.session, ctx.member_id, ctx.today)
    both = sides(ctx.session, ctx.member_id, conversation)
    print_of = message_hold.fingerprint(ctx.settings, clean)
    known = ctx.session.scalar(select(Message).where(Message.public_id == public_id))
    if known is None and was_case(ctx.session, MESSAGE, public_id):
        # Deleted in the meantime; its name never means other words.
        raise BadInputError(MESSAGE_FORM_BROKEN)
    if known is not None:
        if known.sender_id != ctx.member_id:
            raise BadInputError(MESSAGE_FORM_BROKEN)
        if known.state == REMOVED:  # its words are gone, and these may be the same
            raise BadInputError(ALREADY_SENT)
        sent = _sent_before(ctx, known, both, clean)
        if sent is not None:
            return told_writer(sent.state)
        public_id = str(uuid.uuid4())
    if both.other_id is None:
        raise NotAllowedError(HAS_LEFT)
    quotas.use(ctx, quotas.MESSAGES, ctx.member_id, both.conversation_id)
    why = message_hold.why_held(ctx, both, clean, print_of)
    message = Message(
        public_id=public_id,
        conversation_id=both.conversation_id,
        sender_id=ctx.member_id,
        day=ctx.today,
        text=clean,
        state=HELD if why else state_when_sent(ctx.session, ctx.member_id, both.other_id),
        fingerprint=print_of,
    )
    ctx.session.add(message)
    ctx.session.flush()
    if why:
        message_hold.hold(ctx.session, message, both.condition_id, why)
    elif message.state == SENT:
        notify_of_message(ctx, both.conversation_id, both.other_id)
    return told_writer(message.state)


def state_when_sent(session: Session, writer_id: int, reader_id: int | None) -> str:
    """Return the state of a message that nothing holds: BARRED where a block is between the two."""
    is_barred = reader_id is not None and is_blocked(session, writer_id, reader_id)
    return BARRED if is_barred else SENT


def told_writer(state: str) -> str:
    """Return the state of a message as its writer may know it."""
    return SENT if state == BARRED else state


def _sent_before(ctx: Context, first: Message, both: Sides, clean: str) -> Message | None:
    """Return the message that a form wrote with the same words, when it was sent before.

    It is ``first``, or one that came after it because the form was sent with other words.
    """
    mine = (Message.sender_id == ctx.member_id, Message.conversation_id == both.conversation_id)
    same = select(Message).where(*mine, Message.id >= first.id, Message.text == clean)
    return ctx.session.scalar(same.order_by(Message.id).limit(1))


def notify_of_message(ctx: Context, conversation_id: int, member_id: int) -> None:
    """Mail about an unread message: at most once until it has been read."""
    side = (
        ConversationSide.conversation_id == conversation_id,
        ConversationSide.member_id == member_id,
    )
    told = ctx.session.scalar(select(ConversationSide.told).where(*side).with_for_update())
    # A member who gets no mail now, such as during a pause, is told of a later message.
    if told is False and notify(ctx, member_id, "request"):
        ctx.session.execute(update(ConversationSide).where(*side).values(told=True))


def take_back(session: Session, reader_id: int, conversation: str, message: str) -> None:
    """Delete a message of their own for both sides; what was reported of it stays as evidence.

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
        raise NotFoundError(N_("This message has already been deleted."))
    session.delete(row)
    session.flush()


def open_conversation(
    session: Session, reader_id: int, conversation: str, spot: Spot | None = None
) -> OpenConversation:
    """Return a conversation with a page of its messages.

    Raises:
        NotFoundError: when there is no such conversation of this member.
        BadInputError: for a spot of another list.
    """
    both = sides(session, reader_id, conversation)
    slug, condition, is_shown = session.execute(
        select(Condition.slug, Condition.name, Condition.shown).where(
            Condition.id == both.condition_id
        )
    ).one()
    other = session.execute(
        select(
            ConversationSide.left_as,
            Membership.public_id,
            Membership.pseudonym,
        )
        .outerjoin(
            Membership,
            (Membership.member_id == ConversationSide.member_id)
            & (Membership.condition_id == both.condition_id),
        )
        .where(
            ConversationSide.conversation_id == both.conversation_id,
            ConversationSide.member_id.is_not(None),
            ConversationSide.id != both.my_side,
        )
    ).one_or_none()
    seen = visibilities_for(kind_of_reader(session, both.condition_id, reader_id))
    cards = cards_of_members(session, both.condition_id, [both.other_id] if both.other_id else [])
    here = (Message.conversation_id == both.conversation_id, visible_to(reader_id))
    found = read_page(session, select(Message).where(*here), NEWEST_FIRST, spot)
    words = mapped(found, lambda row: words_of(row[0], reader_id))
    words = replace(words, items=words.items[::-1])
    unread = [w.id for w in words.items if not w.is_mine and w.id > both.seen]
    return OpenConversation(
        public_id=conversation,
        slug=slug,
        condition=condition,
        pseudonym=_name_of(other) if other else "",
        other_public_id=(other.public_id or "") if other else "",
        listed=is_shown and any(card.visibility in seen for card in cards),
        has_left=other is None,
        first_unread=min(unread, default=0),
        was_told=both.told,
        is_answer=both.is_news,
        words=words,
    )


def _name_of(other: Any) -> str:
    """Return the name on the map; of a member who has left it, the one they left with."""
    return str(other.left_as if other.public_id is None else other.pseudonym)


def mark_read(session: Session, reader_id: int, conversation: str, newest: int) -> None:
    """Note that the member has seen everything up to the message with the id ``newest``; 0: none.

    The next one is worth a mail again.
    """
    seen = ConversationSide.seen
    session.execute(
        update(ConversationSide)
        .where(ConversationSide.id == sides(session, reader_id, conversation).my_side)
        .values(seen=case((seen < newest, newest), else_=seen), told=False, is_news=False)
    )


def spot_of(session: Session, reader_id: int, conversation: str, message: str) -> Spot | None:
    """Return the spot of a conversation's page with ``message``: it is the newest there.

    None is the first page, where it is among the newest.

    Raises:
        NotFoundError: when there is no such message that the member can read.
    """
    both = sides(session, reader_id, conversation)
    here = (Message.conversation_id == both.conversation_id, Message.public_id == message)
    found = session.scalar(select(Message.id).where(*here, visible_to(reader_id)))
    if found is None:
        raise NotFoundError(MESSAGE_GONE)
    newer = select(func.count()).where(
        Message.conversation_id == both.conversation_id,
        Message.id >= found,
        visible_to(reader_id),
    )
    is_new = (session.scalar(newer) or 0) <= MESSAGES_A_PAGE
    return None if is_new else Spot((found + 1,))


def text_of(session: Session, reader_id: int, conversation: str, message: str) -> str:
    """Return the text of one message that the member can read.

    Raises:
        NotFoundError: when there is none.
    """
    both = sides(session, reader_id, conversation)
    here = (Message.conversation_id == both.conversation_id, Message.public_id == message)
    found = session.scalar(select(Message.text).where(*here, visible_to(reader_id)))
    if found is None:
        raise NotFoundError(MESSAGE_GONE)
    return found


def visible_to(reader_id: int) -> ColumnElement[bool]:
    """A message that was not delivered is visible only to its writer."""
    return (Message.sender_id == reader_id) | Message.state.not_in(UNDELIVERED)


def words_of(row: Message, reader_id: int) -> MessageLine:
    """Return a message as one side reads it."""
    text = "" if row.state == REMOVED else row.text
    state = told_writer(row.state)
    return MessageLine(row.id, row.public_id, row.sender_id == reader_id, row.day, text, state)
