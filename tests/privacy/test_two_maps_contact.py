"""A block on one map tells nothing on another that its people are the same (privacy rule 2)."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from mapapp.actions.contact.block_member import my_blocks, unblock
from mapapp.actions.contact.conversation_list import leave_conversations, my_conversations
from mapapp.actions.contact.message_search import search_messages
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.domain.core.free_text import BARRED, HELD, SENT
from mapapp.errors import LimitError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.contact import Block, ContactRequest, Message
from mapapp.store.moderation import Case
from tests import contact_requests
from tests.moderation import Site
from tests.two_maps import FIRST, NAMES, SECOND, TwoMaps

READERS = ("robin", "wren", "third", "visitor", "mod")


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def maps(site: Site, app: Flask) -> TwoMaps:
    return TwoMaps(site, app)


def _state(maps: TwoMaps, text: str) -> str:
    query = select(Message.state).where(Message.text == text)
    return maps.site.session.scalars(query.execution_options(populate_existing=True)).one()


@pytest.mark.parametrize(("blocks", "blocked"), [("wren", "robin"), ("robin", "wren")])
def test_a_block_on_one_map_leaves_every_page_of_the_other_as_it_was(
    maps: TwoMaps, blocks: str, blocked: str
) -> None:
    pages = maps.of_second()
    both = {blocked: [*pages, *maps.own()], blocks: [*pages, *maps.own()[:2]]}
    others = {who: [*pages, *maps.pages(FIRST)] for who in ("third", "visitor", "mod")}
    read = {**both, **others}
    before, mails = {who: maps.read(who, read[who]) for who in READERS}, maps.mails()
    theirs = maps.id_on(blocks, FIRST)
    maps.block(blocks, blocked)
    for who in READERS:
        assert maps.read(who, read[who]) == before[who], who
    assert maps.mails() == mails
    gone = maps.read(blocked, [f"/members/{theirs}/connect", maps.area(FIRST)])
    assert [status for status, _ in gone.values()] == [404, 200]
    assert NAMES[blocks][0] not in str(gone)


def test_what_the_two_have_on_the_map_of_the_block_ends_and_nothing_else(maps: TwoMaps) -> None:
    first = maps.connect("robin", "wren", FIRST)
    maps.write("wren", "On the first map", first)
    for who in (maps.wren, maps.robin):
        maps.site.place(who, "members", "lupus")
    maps.ask("robin", "wren", "lupus")
    maps.block()
    states = select(ContactRequest.state).join(Condition)
    assert maps.site.session.scalars(states.where(Condition.slug == "lupus")).all() == ["open"]
    here, there = maps.read("robin", [f"/conversations/{first}", f"/conversations/{maps.talk}"])
    found = maps.read("robin", [here, there])
    assert "This person has left this conversation" in found[here][1]
    assert NAMES["wren"][1] in found[there][1]
    assert "Good morning from the hills" in found[there][1]


@pytest.mark.both
@pytest.mark.parametrize(("writer", "reader"), [("robin", "wren"), ("wren", "robin")])
def test_a_message_on_another_map_gets_the_silent_no(
    maps: TwoMaps, writer: str, reader: str
) -> None:
    maps.block()
    own = [*maps.own(), *maps.of_second(), "/"]
    before, mails = maps.read(reader, own), maps.mails()
    assert maps.write(writer, "Good evening, are you there?") == SENT
    assert _state(maps, "Good evening, are you there?") == BARRED
    assert maps.read(reader, own) == before
    assert maps.mails() == mails
    told = maps.read(writer, [f"/conversations/{maps.talk}", "/inbox/search?q=evening"])
    assert all("Good evening" in text for _, text in told.values())
    sent = [m for c in maps.data(writer)["conversations"] for m in c["messages"]]
    assert {message["state"] for message in sent} == {SENT}
    assert "Good evening" not in str(maps.data(reader))
    assert search_messages(maps.site.session, maps.people[reader].id, "evening").found == ()


@pytest.mark.both
def test_a_barred_message_moves_nothing_in_the_inbox_of_its_reader(maps: TwoMaps) -> None:
    other = maps.connect("third", "wren", SECOND)
    maps.write("third", "Hello", other)
    maps.block()
    before = my_conversations(maps.site.session, maps.wren.id)
    with time_machine.travel("2026-11-26 10:00:00+00:00", tick=False):
        maps.write("robin", "Good evening, are you there?")
    assert my_conversations(maps.site.session, maps.wren.id) == before
    assert before[0].public_id == other
    mine = my_conversations(maps.site.session, maps.robin.id)[0]
    assert (mine.last, mine.public_id) == (date(2026, 11, 26), maps.talk)


def test_the_writer_reads_the_same_as_in_a_conversation_without_a_block(maps: TwoMaps) -> None:
    """The same words to two people, of whom one blocks the writer on another map."""
    talks = {"wren": maps.talk, "third": maps.connect("robin", "third", SECOND)}
    maps.write("third", "Good morning from the hills", talks["third"])
    maps.write("robin", "Good morning from the sea", talks["third"])
    maps.block()
    maps.read("robin", [f"/conversations/{talk}" for talk in talks.values()])
    seen = []
    for who, talk in talks.items():
        maps.write("robin", "Good evening", talk)
        ((_, page),) = maps.read("robin", [f"/conversations/{talk}"]).values()
        names = {NAMES[who][1]: "Name", talk: "talk", maps.id_on(who): "id"}
        for name, plain in names.items():
            page = page.replace(name, plain)
        ids = maps.site.session.scalars(select(Message.public_id))
        for piece in ids:
            page = page.replace(piece, "message")
        seen.append(page)
    assert seen[0] == seen[1]


def test_what_would_wait_waits_and_is_never_delivered(maps: TwoMaps) -> None:
    """Whoever wrote it would otherwise tell the block from what is not held."""
    maps.block()
    text = "Please send 500 euros to my bank account"
    assert maps.write("robin", text) == HELD
    before, mails = maps.read("wren", [*maps.own(), *maps.of_second()]), maps.mails()
    maps.site.settle(maps.people["mod"], "nothing", "")
    maps.site.session.commit()
    assert _state(maps, text) == BARRED
    assert maps.read("wren", list(before)) == before
    assert maps.mails() == mails
    page = maps.read("robin", [f"/conversations/{maps.talk}"])
    assert text in str(page)
    assert "Waiting for a moderator" not in str(page)


def test_a_block_after_a_message_was_held_bars_it_as_well(maps: TwoMaps) -> None:
    text = "Please send 500 euros to my bank account"
    assert maps.write("robin", text) == HELD
    maps.block()
    maps.site.settle(maps.people["mod"], "nothing", "")
    assert _state(maps, text) == BARRED


@pytest.mark.both
def test_what_was_barred_stays_so_and_moderators_do_not_read_it(maps: TwoMaps) -> None:
    maps.block()
    maps.write("robin", "Good evening, are you there?")
    maps.site.unblock(maps.wren, maps.robin, FIRST)
    maps.write("robin", "I write again")
    assert _state(maps, "Good evening, are you there?") == BARRED
    assert _state(maps, "I write again") == SENT
    query = select(Message.public_id).where(Message.text == "I write again")
    piece = maps.site.session.scalars(query).one()
    maps.site.report_piece(maps.wren, "message", piece)
    assert "Good morning" in maps.site.case().evidence
    assert "Good evening" not in maps.site.case().evidence


@pytest.mark.both
@pytest.mark.parametrize(("asker", "asked"), [("robin", "wren"), ("wren", "robin")])
def test_a_request_on_another_map_gets_the_silent_no(
    site: Site, app: Flask, asker: str, asked: str
) -> None:
    maps = TwoMaps(site, app)
    for who in (maps.wren, maps.robin):
        leave_conversations(site.session, who.id)
    maps.block()
    own = [*maps.own(), *maps.pages()]
    before, mails = maps.read(asked, own), maps.mails()
    maps.ask(asker, asked)
    states = select(ContactRequest.state).order_by(ContactRequest.id.desc())
    assert site.session.scalars(states).first() == "declined"
    assert maps.read(asked, own) == before
    assert maps.mails() == mails
    assert "No answer yet" in maps.read(asker, ["/inbox"])["/inbox"][1]
    (told,) = [r for r in maps.data(asker)["contact_requests"] if r["state"] == "open"]
    assert told["with"] == NAMES[asked][1]


def test_asking_the_same_person_on_another_map_costs_as_much_as_anybody(
    site: Site, app: Flask
) -> None:
    maps = TwoMaps(site, app)  # Robin has asked Wren on the second map, and was accepted
    for _ in range(4):
        other = site.somebody()
        site.place(maps.robin, "members")
        contact_requests.ask(
            site.session, site.settings, maps.robin.id, other.public_id, "dystonia"
        )
    site.session.commit()
    for known in ("wren", "third"):
        with pytest.raises(LimitError):
            maps.ask("robin", known, FIRST)
        site.session.rollback()


@pytest.mark.both
def test_blocks_are_listed_by_name_and_map_and_end_one_by_one(maps: TwoMaps) -> None:
    maps.block(slug=FIRST)
    maps.block(slug=SECOND)
    page = maps.read("wren", ["/account/blocked"])["/account/blocked"][1]
    found = my_blocks(maps.site.session, maps.wren.id)
    assert {(who.pseudonym, who.condition) for who in found} == {
        (NAMES["robin"][0], maps.site.condition(FIRST).name),
        (NAMES["robin"][1], maps.site.condition(SECOND).name),
    }
    assert all(name in page for name in NAMES["robin"])
    (first,) = [who.public_id for who in found if who.pseudonym == NAMES["robin"][0]]
    with pytest.raises(NotFoundError):
        unblock(maps.site.session, maps.robin.id, first)
    maps.site.session.commit()
    assert maps.browser("wren").post(f"/account/blocked/{first}/unblock").status_code == 303
    left = maps.site.session.scalars(select(Block.condition_id)).all()
    assert left == [maps.site.condition(SECOND).id]


@pytest.mark.both
def test_who_left_the_map_is_blocked_under_the_name_they_left_with(maps: TwoMaps) -> None:
    placing.remove(maps.site.ctx, maps.wren.id, maps.site.condition(SECOND).id)
    maps.site.session.commit()
    path = f"/conversations/{maps.talk}"
    page = maps.read("robin", [path])[path][1]
    assert NAMES["wren"][1] in page
    assert "has left this conversation" not in page
    (found,) = search_messages(maps.site.session, maps.robin.id, "hills").found
    assert (found.pseudonym, found.has_left) == (NAMES["wren"][1], False)
    maps.site.session.commit()
    assert maps.browser("robin").post(f"{path}/block").status_code == 303
    (blocked,) = my_blocks(maps.site.session, maps.robin.id)
    assert blocked.pseudonym == NAMES["wren"][1]


def _leave(maps: TwoMaps) -> None:
    placing.remove(maps.site.ctx, maps.wren.id, maps.site.condition(FIRST).id)


def _hide(maps: TwoMaps) -> None:
    set_visibility(maps.site.ctx, maps.wren.id, maps.site.condition(FIRST).id, "counted")


def _reported(maps: TwoMaps) -> None:
    for who in ("robin", "third"):
        maps.report(who, "wren", FIRST)
    assert maps.site.session.scalars(select(Case).where(Case.hides)).one()


def _nameless(maps: TwoMaps) -> None:
    maps.report("third", "wren", FIRST)
    maps.site.settle(maps.people["mod"], "remove")
    assert maps.site.on_map(maps.wren, FIRST).pseudonym == ""


def _renamed(maps: TwoMaps) -> None:
    maps.wren.pseudonym = "Witty Fox"
    maps.site.place(maps.wren, "public", FIRST)


@pytest.mark.parametrize("act", [_leave, _hide, _reported, _nameless, _renamed])
def test_what_is_done_on_one_map_is_read_on_that_map_alone(
    maps: TwoMaps, act: Callable[[TwoMaps], None]
) -> None:
    first = maps.area(FIRST)
    readers = [who for who in READERS if who != "wren"]
    before = {who: maps.read(who, maps.of_second()) for who in readers}
    assert NAMES["wren"][0] in maps.read("visitor", [first])[first][1]
    act(maps)
    for who in readers:
        assert maps.read(who, maps.of_second()) == before[who], who
    assert NAMES["wren"][0] not in maps.read("visitor", [first])[first][1]
