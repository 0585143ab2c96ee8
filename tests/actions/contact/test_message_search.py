"""Searching one's own conversations: what is found, by whom, and how much is looked at."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from mapapp.actions.contact import message_search, message_send
from mapapp.domain.core.free_text import HELD, REMOVED, SENT
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.contact import Conversation, Message
from mapapp.store.members import Member
from tests.pairs import NOW, Pair, make_pair
from tests.trust import World

TODAY = datetime.fromtimestamp(NOW, UTC).date()


@pytest.fixture
def pair(world: World) -> Pair:
    return make_pair(world)


def found(pair: Pair, who: Member, query: str, before: str = "") -> list[str]:
    search = message_search.search_messages(pair.session, who.id, query, before)
    return [one.words.text for one in search.found]


def test_search_finds_without_case_and_accents_in_ones_own_alone(pair: Pair) -> None:
    pair.write(pair.me, "Die Ärztin in München war freundlich")
    pair.write(pair.other, "Nothing about it")
    for query in ("ärztin", "ARZTIN münchen", "freund"):
        search = message_search.search_messages(pair.session, pair.other.id, query)
        (hit,) = search.found
        assert (hit.conversation, search.older) == (pair.conversation, "")
        assert (hit.words.is_mine, hit.pseudonym) == (False, "Me")
    for query in ("", "   ", "%", "ärztin nothing"):
        assert found(pair, pair.me, query) == []
    third = pair.world.somebody(pseudonym="Third")
    assert found(pair, third, "freund") == []


@pytest.mark.both
def test_what_is_held_or_was_removed_is_not_found(pair: Pair) -> None:
    assert pair.write(pair.me, "Please send 500 euros to my bank account") == HELD
    assert found(pair, pair.other, "euros") == []
    assert found(pair, pair.me, "euros") == ["Please send 500 euros to my bank account"]
    pair.write(pair.me, "Something bad")
    row = pair.session.scalars(select(Message).where(Message.state == SENT)).one()
    row.state = REMOVED
    pair.session.flush()
    assert found(pair, pair.other, "bad") == []
    assert found(pair, pair.me, "bad") == []


@pytest.mark.both
def test_what_is_found_is_on_the_page_it_leads_to(pair: Pair) -> None:
    _fill(pair, [f"Message number {n}" for n in range(message_send.MESSAGES_A_PAGE + 10)])
    search = message_search.search_messages(pair.session, pair.other.id, "number 7")
    old = search.found[-1]
    assert old.words.text == "Message number 7"
    where = (pair.session, pair.other.id, pair.conversation)
    spot = message_send.spot_of(*where, old.words.public_id)
    assert pair.opened(pair.other, spot).words.items[-1].text == "Message number 7"
    newest = search.found[0].words.public_id
    assert message_send.spot_of(*where, newest) is None


@pytest.mark.both
@pytest.mark.parametrize("bound", ["MOST_MESSAGES_FOUND", "MOST_SEARCHED", "characters"])
def test_a_large_inbox_is_searched_in_parts_that_leave_nothing_out(
    pair: Pair, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Message number {n}" for n in range(25)]
    _fill(pair, texts)
    if bound == "characters":
        monkeypatch.setattr(message_search, "MOST_CHARACTERS_SEARCHED", sum(map(len, texts[:9])))
    else:
        monkeypatch.setattr(message_search, bound, 10)
    seen: list[str] = []
    before, parts = "", 0
    while parts == 0 or before:
        search = message_search.search_messages(pair.session, pair.other.id, "number", before)
        assert 0 < len(search.found) <= 10
        seen += [one.words.text for one in search.found]
        before, parts = search.older, parts + 1
    assert seen == texts[::-1]
    assert parts == 3


def test_nothing_is_searched_before_a_message_of_others(pair: Pair) -> None:
    _fill(pair, ["Hello"])
    message = pair.session.scalars(select(Message.public_id)).one()
    third = pair.world.somebody(pseudonym="Third")
    for who, before in ((third, message), (pair.me, str(uuid.uuid4())), (pair.me, "x")):
        with pytest.raises(NotFoundError):
            found(pair, who, "hello", before)
    with pytest.raises(BadInputError):
        found(pair, pair.me, "㍿" * 100)


def _fill(pair: Pair, texts: list[str]) -> None:
    """Put messages into the conversation as they are stored, without the limits of writing."""
    conversation = pair.session.scalars(
        select(Conversation.id).where(Conversation.public_id == pair.conversation)
    ).one()
    rows = [
        {
            "public_id": str(uuid.uuid4()),
            "conversation_id": conversation,
            "sender_id": pair.me.id,
            "day": TODAY,
            "text": text,
            "state": SENT,
            "fingerprint": "",
        }
        for text in texts
    ]
    pair.session.execute(insert(Message), rows)
