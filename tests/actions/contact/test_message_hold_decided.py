"""Messages that nobody has read yet: delivered or removed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from mapapp.actions.contact import conversation_list
from mapapp.actions.core.waiting import waiting
from mapapp.store.contact import ConversationSide, Message
from mapapp.store.members import Member
from tests.moderation import Site


def _unread(site: Site, who: Member) -> list[int]:
    return [
        conversation.unread
        for conversation in conversation_list.my_conversations(site.session, who.id)
    ]


def _waiting(site: Site, who: Member) -> int:
    return waiting(site.session, who.id, suspended=False, staff=False).messages


def test_no_action_delivers_as_the_newest(site: Site, mod: Member) -> None:
    heron, robin = site.somebody(), site.somebody()
    conversation = site.conversation(heron, robin)
    held = site.held(conversation, heron, "send me money").public_id
    last = site.message(conversation, heron, "hello").id
    side = site.session.scalars(
        select(ConversationSide).where(ConversationSide.member_id == robin.id)
    ).one()
    side.seen = last
    site.session.flush()
    assert (_unread(site, robin), _waiting(site, robin)) == ([0], 0)
    site.settle(mod, "nothing", "")
    message = site.session.scalars(select(Message).where(Message.public_id == held)).one()
    assert message.id > last
    assert (message.text, message.state, message.day) == (
        "send me money",
        "sent",
        datetime.now(UTC).date(),
    )
    assert (_unread(site, robin), _waiting(site, robin)) == ([1], 1)
    assert site.mailed() == [robin.email]


def test_the_header_counts_no_message_that_is_held(site: Site) -> None:
    heron, robin = site.somebody(), site.somebody()
    conversation = site.conversation(heron, robin)
    site.held(conversation, heron, "send me money")
    assert _waiting(site, robin) == 0
    site.message(conversation, heron, "hello")
    assert _waiting(site, robin) == 1


def test_there_is_one_mail_until_it_is_read(site: Site, mod: Member) -> None:
    heron, robin = site.somebody(), site.somebody()
    conversation = site.conversation(heron, robin)
    for _ in range(2):
        site.held(conversation, heron, "send me money")
        site.settle(mod, "nothing", "")
    assert site.mailed() == [robin.email]


@pytest.mark.parametrize("act", ["remove", "warn", "silence", "suspend"])
def test_everything_else_takes_it_away(site: Site, mod: Member, act: str) -> None:
    heron, robin = site.somebody(), site.somebody()
    conversation = site.conversation(heron, robin)
    site.held(conversation, heron, "send me money")
    site.settle(mod, act)
    assert site.session.scalars(select(Message)).all() == []
    (seen,) = conversation_list.my_conversations(site.session, robin.id)
    assert (seen.unread, seen.last) == (0, None)  # not even that something was there
    assert site.mailed() == [heron.email]


def test_one_that_was_taken_back_needs_nothing(site: Site, mod: Member) -> None:
    heron, robin = site.somebody(), site.somebody()
    held = site.held(site.conversation(heron, robin), heron, "send me money")
    site.session.delete(held)
    site.settle(mod, "nothing", "")
    assert site.mailed() == []


@pytest.mark.both
def test_nobody_is_told_who_has_left_the_conversation(site: Site, mod: Member) -> None:
    heron, robin = site.somebody(), site.somebody()
    site.held(site.conversation(heron, robin), heron, "send me money")
    conversation_list.leave_conversations(site.session, robin.id)
    site.settle(mod, "nothing", "")
    assert site.mailed() == []
