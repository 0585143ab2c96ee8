"""Writing in conversations: who reads what, what is held, what is mailed, and what remains."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.contact import conversation_list, message_send
from mapapp.actions.core.context import Context
from mapapp.domain.core.free_text import HELD, REMOVED, SENT
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.contact import Conversation, Message
from mapapp.store.moderation import Case
from tests import contact_requests
from tests.mail import waiting_mail
from tests.pairs import NOW, Pair, make_pair
from tests.trust import World

TODAY = datetime.fromtimestamp(NOW, UTC).date()
LONG = "This is a rather long text that somebody sends to very many people here."


@pytest.fixture
def pair(world: World) -> Pair:
    return make_pair(world)


def test_both_read_what_both_write(pair: Pair) -> None:
    assert pair.write(pair.me, "Hello\n\nWren") == SENT
    assert pair.write(pair.other, "Hello you") == SENT
    assert pair.reads(pair.me) == [(True, "Hello\n\nWren"), (False, "Hello you")]
    assert pair.reads(pair.other) == [(False, "Hello\n\nWren"), (True, "Hello you")]


def test_a_third_person_reads_and_writes_nothing(pair: Pair) -> None:
    third = pair.world.somebody(pseudonym="Third")
    pair.write(pair.me, "Between us")
    for act in (
        lambda: message_send.open_conversation(pair.session, third.id, pair.conversation),
        lambda: pair.write(third, "Me too"),
        lambda: conversation_list.leave_conversation(pair.session, third.id, pair.conversation),
        lambda: message_send.mark_read(pair.session, third.id, pair.conversation, 1),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_the_same_form_sent_twice_writes_once(pair: Pair) -> None:
    key = str(uuid.uuid4())
    assert [pair.write(pair.me, "Once", key) for _ in range(3)] == [SENT, SENT, SENT]
    assert pair.reads(pair.other) == [(False, "Once")]
    with pytest.raises(BadInputError, match="not complete"):
        pair.write(pair.other, "With the key of another message", key)
    for junk in ("", "x", "{{7*7}}"):
        with pytest.raises(BadInputError, match="not complete"):
            message_send.send_message(
                Context(pair.session, pair.settings, reader_id=pair.me.id, now=NOW),
                pair.conversation,
                "Hello",
                junk,
            )


def test_one_mail_until_it_has_been_read(pair: Pair) -> None:
    before = pair.mails(pair.other)
    for n in range(3):
        pair.write(pair.me, f"Message {n}")
    assert pair.mails(pair.other) - before == 1
    newest = pair.opened(pair.other).words.items[-1].id
    message_send.mark_read(pair.session, pair.other.id, pair.conversation, newest)
    pair.write(pair.me, "One more")
    assert pair.mails(pair.other) - before == 2


def test_the_mail_tells_nothing(pair: Pair) -> None:
    pair.write(pair.me, "A secret word: rhubarb")
    mail = waiting_mail(pair.session, pair.settings)[-1]
    for telling in ("rhubarb", "Me", "Wren", "dystonia", "conversation", "message"):
        assert telling not in f"{mail.subject} {mail.body}".split()


def test_unread_until_read(pair: Pair) -> None:
    pair.write(pair.me, "One")
    pair.write(pair.me, "Two")
    conversation = pair.has(pair.other)
    assert (conversation.unread, conversation.last, conversation.pseudonym) == (2, TODAY, "Me")
    opened = pair.opened(pair.other)
    assert opened.first_unread == opened.words.items[0].id
    message_send.mark_read(pair.session, pair.other.id, pair.conversation, opened.words.items[0].id)
    assert pair.has(pair.other).unread == 1
    message_send.mark_read(pair.session, pair.other.id, pair.conversation, opened.words.items[1].id)
    assert pair.has(pair.other).unread == 0
    assert pair.has(pair.me).unread == 0


@pytest.mark.parametrize(
    "text",
    [
        "Please send 500 euros to my bank account",
        "Buy bitcoin, I double it",
        "This miracle cure heals it for ever",
        "Write to me at robin@example.com",
        "Call me: +49 170 1234567",
    ],
)
def test_first_messages_with_such_words_wait(pair: Pair, text: str) -> None:
    before = pair.mails(pair.other)
    assert pair.write(pair.me, text) == HELD
    assert pair.reads(pair.other) == []
    assert pair.reads(pair.me) == [(True, text)]
    assert pair.has(pair.other).unread == 0
    assert pair.mails(pair.other) == before
    (case,) = pair.session.scalars(select(Case))
    assert (case.kind, case.category, case.subject_id) == ("message", "held", pair.me.id)
    assert text in case.evidence


def test_later_messages_with_such_words_do_not_wait(pair: Pair) -> None:
    for n in range(5):
        pair.write(pair.me, f"Message {n}")
    assert pair.write(pair.me, "Write to me at robin@example.com") == SENT
    assert pair.write(pair.other, "Write to me at wren@example.com") == HELD


@pytest.mark.both
def test_the_same_text_to_many_waits_at_any_time(pair: Pair) -> None:
    shouted = LONG.upper().replace(" ", "  ")
    for n, text in enumerate((LONG, LONG, f"{LONG}!!", shouted)):
        other = pair.world.somebody(pseudonym=f"Other {n}")
        conversation = conversation_list.begin(
            pair.session, pair.world.condition().id, pair.me.id, other.id
        )
        state = pair.write(pair.me, text, conversation=conversation)
        assert state == (SENT if n < 3 else HELD)
    short = [pair.write(pair.me, "Thank you!") for _ in range(5)]
    assert short == [SENT] * 5


def test_taking_back_deletes_for_both_and_only_ones_own(pair: Pair) -> None:
    pair.write(pair.me, "Oh no")
    message = pair.opened(pair.me).words.items[0].public_id
    with pytest.raises(NotFoundError):
        message_send.take_back(pair.session, pair.other.id, pair.conversation, message)
    message_send.take_back(pair.session, pair.me.id, pair.conversation, message)
    assert pair.reads(pair.other) == pair.reads(pair.me) == []
    with pytest.raises(NotFoundError):
        message_send.take_back(pair.session, pair.me.id, pair.conversation, message)


def test_who_is_silenced_writes_nothing_until_that_day(pair: Pair) -> None:
    pair.me.silenced_until = TODAY + timedelta(days=1)
    pair.session.flush()
    with pytest.raises(NotAllowedError, match="moderator"):
        pair.write(pair.me, "Hello")
    pair.me.silenced_until = TODAY
    pair.session.flush()
    assert pair.write(pair.me, "Hello") == SENT
    pair.me.suspended = True
    pair.session.flush()
    with pytest.raises(NotAllowedError):
        pair.write(pair.me, "Hello")


@pytest.mark.parametrize("way", ["leave", "block", "erase"])
def test_leaving_blocking_and_erasing_look_the_same(pair: Pair, way: str) -> None:
    pair.write(pair.me, "Mine")
    pair.write(pair.other, "Theirs")
    if way == "leave":
        conversation_list.leave_conversation(pair.session, pair.me.id, pair.conversation)
    elif way == "block":
        pair.world.block(pair.me, pair.other)
    else:
        erase_member(Context(pair.session, pair.settings), pair.me.id)
    pair.session.flush()
    pair.session.expire_all()
    seen = pair.opened(pair.other)
    assert (seen.has_left, seen.pseudonym, seen.other_public_id) == (True, "", "")
    assert pair.reads(pair.other) == [(True, "Theirs")]
    conversation = pair.has(pair.other)
    assert (conversation.has_left, conversation.pseudonym, conversation.unread) == (True, "", 0)
    with pytest.raises(NotAllowedError, match="has left"):
        pair.write(pair.other, "Hello?")
    texts = pair.session.scalars(select(Message.text)).all()
    assert texts == ["Theirs"]


def test_when_both_have_left_nothing_is_left(pair: Pair) -> None:
    pair.write(pair.me, "Mine")
    pair.write(pair.other, "Theirs")
    for who in (pair.me, pair.other):
        conversation_list.leave_conversation(pair.session, who.id, pair.conversation)
    assert pair.session.scalars(select(Message.id)).all() == []
    assert pair.session.scalars(select(Conversation.id)).all() == []
    with pytest.raises(NotFoundError):
        conversation_list.leave_conversation(pair.session, pair.me.id, pair.conversation)


def test_after_leaving_both_can_ask_anew(pair: Pair) -> None:
    conversation_list.leave_conversation(pair.session, pair.me.id, pair.conversation)
    again = contact_requests.connected(pair.session, pair.settings, pair.other, pair.me)
    assert again != pair.conversation


@pytest.mark.both
def test_what_was_removed_is_not_found_and_not_shown(pair: Pair) -> None:
    pair.write(pair.me, "Something bad")
    row = pair.session.scalars(select(Message)).one()
    row.state = REMOVED
    pair.session.flush()
    assert pair.reads(pair.other) == [(False, "")]


def test_a_long_conversation_is_paged_and_the_newest_come_first(pair: Pair) -> None:
    for n in range(message_send.MESSAGES_A_PAGE + 10):
        pair.write(pair.me, f"Message number {n}")
    first = pair.opened(pair.other).words
    second = pair.opened(pair.other, first.next).words
    assert first.items[-1].text == "Message number 59"
    assert [w.text for w in second.items] == [f"Message number {n}" for n in range(10)]
    assert second.next is None
    assert pair.opened(pair.other, second.previous).words == first


def test_messages_have_days_and_nothing_finer(pair: Pair) -> None:
    pair.write(pair.me, "Hello")
    row = pair.session.scalars(select(Message)).one()
    assert type(row.day) is date
    times = [c.name for c in Message.__table__.columns if "TIME" in str(c.type).upper()]
    assert times == []


def test_of_a_held_message_moderators_read_that_message_alone(pair: Pair) -> None:
    pair.write(pair.other, "Something between us two")
    pair.write(pair.me, "Please send money to my bank account")
    (case,) = pair.session.scalars(select(Case))
    assert "bank account" in case.evidence
    assert "between us" not in case.evidence
