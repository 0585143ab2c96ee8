"""Writing in conversations: who reads what, what is held, what is mailed, and what remains."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import conversations, messages
from mapapp.actions.block import block
from mapapp.actions.erase import erase_member
from mapapp.domain.messages import HELD, REMOVED, SENT
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conversations import Conversation, Message
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests import knocks
from tests.mail import waiting_mail
from tests.trust import World

NOW = 1_795_000_000
TODAY = datetime.fromtimestamp(NOW, UTC).date()
LONG = "This is a rather long text that somebody sends to very many people here."


@dataclass
class Pair:
    """Two people in a conversation."""

    world: World
    me: Member
    other: Member
    conversation: str

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def settings(self) -> Settings:
        return self.world.settings

    def write(self, who: Member, text: str, key: str = "", conversation: str = "") -> str:
        key = key or str(uuid.uuid4())
        given = (
            self.session,
            self.settings,
            who.id,
            conversation or self.conversation,
            text,
            key,
            NOW,
        )
        return messages.write(*given)

    def reads(self, who: Member) -> list[tuple[bool, str]]:
        words = messages.open_conversation(self.session, who.id, self.conversation).words
        return [(w.is_mine, w.text) for w in words.items]

    def mails(self, who: Member) -> int:
        return sum(mail.to == who.email for mail in waiting_mail(self.session, self.settings))


@pytest.fixture
def pair(world: World) -> Pair:
    me, other = world.somebody(pseudonym="Me"), world.somebody(pseudonym="Wren")
    return Pair(world, me, other, knocks.connected(world.session, world.settings, me, other))


def test_both_read_what_both_write(pair: Pair) -> None:
    assert pair.write(pair.me, "Hello\n\nWren") == SENT
    assert pair.write(pair.other, "Hello you") == SENT
    assert pair.reads(pair.me) == [(True, "Hello\n\nWren"), (False, "Hello you")]
    assert pair.reads(pair.other) == [(False, "Hello\n\nWren"), (True, "Hello you")]


def test_a_third_person_reads_and_writes_nothing(pair: Pair) -> None:
    third = pair.world.somebody(pseudonym="Third")
    pair.write(pair.me, "Between us")
    for act in (
        lambda: messages.open_conversation(pair.session, third.id, pair.conversation),
        lambda: pair.write(third, "Me too"),
        lambda: conversations.leave_conversation(pair.session, third.id, pair.conversation),
        lambda: messages.mark_read(pair.session, third.id, pair.conversation, 1),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert messages.search(pair.session, third.id, "between") == []


def test_the_same_form_sent_twice_writes_once(pair: Pair) -> None:
    key = str(uuid.uuid4())
    assert [pair.write(pair.me, "Once", key) for _ in range(3)] == [SENT, SENT, SENT]
    assert pair.reads(pair.other) == [(False, "Once")]
    with pytest.raises(BadInputError, match="not complete"):
        pair.write(pair.other, "With the key of another message", key)
    for junk in ("", "x", "{{7*7}}"):
        with pytest.raises(BadInputError, match="not complete"):
            messages.write(
                pair.session, pair.settings, pair.me.id, pair.conversation, "Hello", junk, NOW
            )


def test_one_mail_until_it_has_been_read(pair: Pair) -> None:
    before = pair.mails(pair.other)
    for n in range(3):
        pair.write(pair.me, f"Message {n}")
    assert pair.mails(pair.other) - before == 1
    newest = (
        messages.open_conversation(pair.session, pair.other.id, pair.conversation)
        .words.items[-1]
        .id
    )
    messages.mark_read(pair.session, pair.other.id, pair.conversation, newest)
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
    (conversation,) = conversations.my_conversations(pair.session, pair.other.id)
    assert (conversation.unread, conversation.last, conversation.pseudonym) == (2, TODAY, "Me")
    opened = messages.open_conversation(pair.session, pair.other.id, pair.conversation)
    assert opened.first_unread == opened.words.items[0].id
    messages.mark_read(pair.session, pair.other.id, pair.conversation, opened.words.items[0].id)
    assert conversations.my_conversations(pair.session, pair.other.id)[0].unread == 1
    messages.mark_read(pair.session, pair.other.id, pair.conversation, opened.words.items[1].id)
    assert conversations.my_conversations(pair.session, pair.other.id)[0].unread == 0
    assert conversations.my_conversations(pair.session, pair.me.id)[0].unread == 0


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
    assert messages.search(pair.session, pair.other.id, text.split()[0]) == []
    assert conversations.my_conversations(pair.session, pair.other.id)[0].unread == 0
    assert pair.mails(pair.other) == before
    (case,) = pair.session.scalars(select(Case))
    assert (case.kind, case.category, case.subject_id) == ("message", "held", pair.me.id)
    assert text in case.evidence


def test_later_messages_with_such_words_do_not_wait(pair: Pair) -> None:
    for n in range(5):
        pair.write(pair.me, f"Message {n}")
    assert pair.write(pair.me, "Write to me at robin@example.com") == SENT
    assert pair.write(pair.other, "Write to me at wren@example.com") == HELD


def test_the_same_text_to_many_waits_at_any_time(pair: Pair) -> None:
    shouted = LONG.upper().replace(" ", "  ")
    for n, text in enumerate((LONG, LONG, f"{LONG}!!", shouted)):
        other = pair.world.somebody(pseudonym=f"Other {n}")
        conversation = conversations.begin(
            pair.session, pair.world.condition().id, pair.me.id, other.id
        )
        state = pair.write(pair.me, text, conversation=conversation)
        assert state == (SENT if n < 3 else HELD)
    short = [pair.write(pair.me, "Thank you!") for _ in range(5)]
    assert short == [SENT] * 5


def test_taking_back_deletes_for_both_and_only_ones_own(pair: Pair) -> None:
    pair.write(pair.me, "Oh no")
    message = (
        messages.open_conversation(pair.session, pair.me.id, pair.conversation)
        .words.items[0]
        .public_id
    )
    with pytest.raises(NotFoundError):
        messages.take_back(pair.session, pair.other.id, pair.conversation, message)
    messages.take_back(pair.session, pair.me.id, pair.conversation, message)
    assert pair.reads(pair.other) == pair.reads(pair.me) == []
    with pytest.raises(NotFoundError):
        messages.take_back(pair.session, pair.me.id, pair.conversation, message)


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
        conversations.leave_conversation(pair.session, pair.me.id, pair.conversation)
    elif way == "block":
        block(pair.session, pair.me.id, pair.other.id)
    else:
        erase_member(pair.session, pair.settings, pair.me.id)
    pair.session.flush()
    pair.session.expire_all()
    seen = messages.open_conversation(pair.session, pair.other.id, pair.conversation)
    assert (seen.has_left, seen.pseudonym, seen.other_public_id) == (True, "", "")
    assert pair.reads(pair.other) == [(True, "Theirs")]
    (conversation,) = conversations.my_conversations(pair.session, pair.other.id)
    assert (conversation.has_left, conversation.pseudonym, conversation.unread) == (True, "", 0)
    with pytest.raises(BadInputError, match="has left"):
        pair.write(pair.other, "Hello?")
    texts = pair.session.scalars(select(Message.text)).all()
    assert texts == ["Theirs"]


def test_when_both_have_left_nothing_is_left(pair: Pair) -> None:
    pair.write(pair.me, "Mine")
    pair.write(pair.other, "Theirs")
    for who in (pair.me, pair.other):
        conversations.leave_conversation(pair.session, who.id, pair.conversation)
    assert pair.session.scalars(select(Message.id)).all() == []
    assert pair.session.scalars(select(Conversation.id)).all() == []
    with pytest.raises(NotFoundError):
        conversations.leave_conversation(pair.session, pair.me.id, pair.conversation)


def test_after_leaving_both_can_ask_anew(pair: Pair) -> None:
    conversations.leave_conversation(pair.session, pair.me.id, pair.conversation)
    again = knocks.connected(pair.session, pair.settings, pair.other, pair.me)
    assert again != pair.conversation


def test_search_finds_without_case_and_accents_in_ones_own_alone(pair: Pair) -> None:
    pair.write(pair.me, "Die Ärztin in München war freundlich")
    pair.write(pair.other, "Nothing about it")
    for query in ("ärztin", "ARZTIN münchen", "freund"):
        (found,) = messages.search(pair.session, pair.other.id, query)
        assert (found.conversation, found.page, found.words.is_mine) == (
            pair.conversation,
            1,
            False,
        )
        assert found.pseudonym == "Me"
    for query in ("", "   ", "%", "ärztin nothing"):
        assert messages.search(pair.session, pair.me.id, query) == []


def test_what_was_removed_is_not_found_and_not_shown(pair: Pair) -> None:
    pair.write(pair.me, "Something bad")
    row = pair.session.scalars(select(Message)).one()
    row.state = REMOVED
    pair.session.flush()
    assert pair.reads(pair.other) == [(False, "")]
    assert messages.search(pair.session, pair.other.id, "bad") == []


def test_a_long_conversation_is_paged_and_the_newest_come_first(pair: Pair) -> None:
    for n in range(messages.MESSAGES_A_PAGE + 10):
        pair.write(pair.me, f"Message number {n}")
    first = messages.open_conversation(pair.session, pair.other.id, pair.conversation).words
    second = messages.open_conversation(pair.session, pair.other.id, pair.conversation, 2).words
    assert first.items[-1].text == "Message number 59"
    assert [w.text for w in second.items] == [f"Message number {n}" for n in range(10)]
    assert first.pages == 2
    with pytest.raises(NotFoundError):
        messages.open_conversation(pair.session, pair.other.id, pair.conversation, 3)
    (old,) = messages.search(pair.session, pair.other.id, "number 7")[-1:]
    assert (old.words.text, old.page) == ("Message number 7", 2)


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
