"""A message's idempotency key, sent with its form, never accepts a different text later."""

import uuid

import pytest
from sqlalchemy import select

from mapapp.actions.contact import message_send
from mapapp.actions.contact.conversation_list import begin, leave_conversation
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.domain.core.free_text import HELD, SENT
from mapapp.errors import BadInputError, LimitError
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests.moderation import Site

HARMLESS = "Please send money to nobody who asks for it here."
HARMFUL = "Send money to my bank account, or I tell your family."


@pytest.fixture
def heron(site: Site) -> Member:
    return site.somebody(pseudonym="Heron")


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody(pseudonym="Robin")


@pytest.fixture
def conversation(site: Site, heron: Member, robin: Member) -> str:
    return begin(site.session, site.condition().id, heron.id, robin.id)


def _write(site: Site, who: Member, conversation: str, text: str, key: str) -> str:
    return message_send.send_message(
        Context(site.session, site.settings, reader_id=who.id), conversation, text, key
    )


def _reads(site: Site, who: Member, conversation: str) -> list[str]:
    return [
        w.text
        for w in message_send.open_conversation(site.session, who.id, conversation).words.items
    ]


def test_a_moderator_delivers_the_words_they_read_and_no_others(
    site: Site, heron: Member, robin: Member, conversation: str
) -> None:
    mod, key = site.moderator(), str(uuid.uuid4())
    assert _write(site, heron, conversation, HARMLESS, key) == HELD
    site.take(mod)
    message_send.take_back(site.session, heron.id, conversation, key)
    with pytest.raises(BadInputError):
        _write(site, heron, conversation, HARMFUL, key)
    site.decide(mod, "nothing", "")
    assert _reads(site, robin, conversation) == []


@pytest.mark.both
def test_new_words_are_no_part_of_a_case_about_deleted_ones(
    site: Site, heron: Member, robin: Member, conversation: str
) -> None:
    key = str(uuid.uuid4())
    assert _write(site, heron, conversation, "Good morning.", key) == SENT
    site.report_piece(robin, "message", key, "other")
    message_send.take_back(site.session, heron.id, conversation, key)
    with pytest.raises(BadInputError):
        _write(site, heron, conversation, "You are worth nothing.", key)
    assert "worth nothing" not in site.case().evidence
    assert _reads(site, robin, conversation) == []
    fresh = str(uuid.uuid4())
    assert _write(site, heron, conversation, "You are worth nothing.", fresh) == SENT
    site.report_piece(robin, "message", fresh, "harassment")
    assert len(site.session.scalars(select(Case)).all()) == 2
    assert "worth nothing" in site.case().evidence


def test_the_same_form_sent_again_is_still_the_same_message(
    site: Site, heron: Member, robin: Member, conversation: str
) -> None:
    key = str(uuid.uuid4())
    assert [_write(site, heron, conversation, HARMLESS, key) for _ in range(2)] == [HELD, HELD]
    sent = str(uuid.uuid4())
    assert [_write(site, heron, conversation, "Hello", sent) for _ in range(2)] == [SENT, SENT]
    site.report_piece(robin, "message", sent)
    assert _write(site, heron, conversation, "Hello", sent) == SENT
    assert _reads(site, robin, conversation) == ["Hello"]


@pytest.mark.both
def test_other_words_in_a_form_that_was_sent_are_another_message(
    site: Site, heron: Member, robin: Member, conversation: str
) -> None:
    key = str(uuid.uuid4())
    for text in ("Good morning.", "How are you?", "How are you?", "Good morning."):
        assert _write(site, heron, conversation, text, key) == SENT
    assert _reads(site, robin, conversation) == ["Good morning.", "How are you?"]
    other = begin(site.session, site.condition().id, heron.id, site.somebody().id)
    assert _write(site, heron, other, "Good morning.", key) == SENT
    assert _reads(site, heron, other) == ["Good morning."]


def test_a_message_sent_twice_is_one_also_when_the_other_left_in_between(
    site: Site, heron: Member, robin: Member, conversation: str
) -> None:
    key = str(uuid.uuid4())
    assert _write(site, heron, conversation, "Good morning.", key) == SENT
    leave_conversation(site.session, robin.id, conversation)
    assert _write(site, heron, conversation, "Good morning.", key) == SENT
    assert _reads(site, heron, conversation) == ["Good morning."]


def test_a_lively_talk_is_not_hindered_and_a_flood_is(
    site: Site, heron: Member, robin: Member, conversation: str
) -> None:
    other = begin(site.session, site.condition().id, heron.id, site.somebody().id)
    sent = [str(uuid.uuid4()) for _ in range(quotas.MESSAGES.most)]
    for number, key in enumerate(sent):
        assert _write(site, heron, conversation, f"Yes {number}", key) == SENT
    with pytest.raises(LimitError):
        _write(site, heron, conversation, "And one more", str(uuid.uuid4()))
    assert _write(site, heron, conversation, "Yes 0", sent[0]) == SENT  # again: no other message
    assert _write(site, heron, other, "Hello", str(uuid.uuid4())) == SENT
    assert _write(site, robin, conversation, "Hello", str(uuid.uuid4())) == SENT
