"""Pages of conversations: reading, writing, links, leaving, searching, blocking."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact import conversation_list
from mapapp.actions.core.context import Context
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.settings import Settings
from mapapp.store.members import Member, Membership
from tests import contact_requests, factories
from tests.forms import texts_shown
from tests.paging import link_to
from tests.trust import World
from tests.worlds import counted_queries

Login = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """Forms' tokens contain the second at which a page was made."""
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def me(world: World) -> Member:
    return world.somebody(pseudonym="Me")


@pytest.fixture
def wren(world: World) -> Member:
    return world.somebody(pseudonym="Wren")


@pytest.fixture
def path(session: Session, settings: Settings, me: Member, wren: Member) -> str:
    """The page of their conversation."""
    return f"/conversations/{contact_requests.connected(session, settings, me, wren)}"


@pytest.fixture
def mine(login: Login, me: Member, path: str) -> FlaskClient:
    return login(me)


@pytest.fixture
def hers(app: Flask, login: Login, wren: Member, path: str) -> FlaskClient:
    return login(wren, on=app.test_client())


def _write(client: FlaskClient, path: str, text: str) -> str:
    """Write as the form does; return where it leads."""
    answer = client.post(path, data={"text": text, "key": str(uuid.uuid4())})
    assert answer.status_code == 303
    return str(answer.location)


def test_writing_and_reading(mine: FlaskClient, hers: FlaskClient, path: str) -> None:
    assert "both said yes" in mine.get(path).text
    assert _write(mine, path, "Hello\n\nWren").endswith("#end")
    assert "1 new" in hers.get("/inbox").text
    page = hers.get(path).text
    assert "<p>Hello</p><p>Wren</p>" in page
    assert "Me wrote" in page
    assert 'id="new"' in page
    assert "1 new" not in hers.get("/inbox").text
    assert 'id="new"' not in hers.get(path).text
    assert "You wrote" in mine.get(path).text


def test_a_new_message_shows_in_the_header_of_every_page(
    mine: FlaskClient, hers: FlaskClient, path: str
) -> None:
    assert "1 new message" not in hers.get("/account").text
    _write(mine, path, "Hello")
    assert "1 new message" in hers.get("/account").text
    assert "new message" not in hers.get(path).text  # it is on this page
    assert "new message" not in hers.get("/account").text


def test_looking_at_an_older_page_marks_nothing_as_read(
    mine: FlaskClient, hers: FlaskClient, path: str
) -> None:
    for n in range(51):
        _write(mine, path, f"Message {n}")
    newest = mine.get(path).text
    hers.get(link_to(newest, "next"))
    assert "51 new" in hers.get("/inbox").text


@pytest.mark.both
def test_words_are_text_and_addresses_lead_over_a_warning(
    mine: FlaskClient, hers: FlaskClient, path: str
) -> None:
    _write(
        mine, path, "<script>x</script> {{7*1910191}} ${7*1910191} see https://example.org/a?b=1."
    )
    page = mine.get(path).text
    assert "&lt;script&gt;x&lt;/script&gt; {{7*1910191}} ${7*1910191} see " in page
    assert 'href="https://example.org' not in page
    (link,) = re.findall(r'href="([^"]+/links/0)"', page)
    # Held, because it leads away: nobody else follows it before a moderator has seen it.
    assert hers.get(link).status_code == 404
    warning = mine.get(link).text
    assert 'href="https://example.org/a?b=1"' in warning
    assert "leads away" in warning
    assert "<strong>example.org</strong>" in warning
    assert mine.get(link.replace("/links/0", "/links/1")).status_code == 404


def test_what_is_held_says_so_to_the_writer_alone(
    mine: FlaskClient, hers: FlaskClient, path: str
) -> None:
    _write(mine, path, "Please send money to my bank account")
    page = mine.get(path).text
    assert "A moderator reads this first. The site holds messages that mention money" in page
    assert "It has not been delivered yet" in page
    assert "bank account" not in hers.get(path).text


def test_refusals_keep_what_was_typed(mine: FlaskClient, path: str) -> None:
    answer = mine.post(path, data={"text": " ", "key": str(uuid.uuid4())})
    assert answer.status_code == 400
    assert "Write something first" in answer.text
    answer = mine.post(path, data={"text": "My long letter", "key": "no key"})
    assert answer.status_code == 400
    assert "My long letter" in answer.text
    answer = mine.post(path, data={"text": "y" * 5001, "key": str(uuid.uuid4())})
    assert answer.status_code == 400
    assert "at most 5,000" in answer.text


def test_deleting_ones_own_message(mine: FlaskClient, hers: FlaskClient, path: str) -> None:
    _write(mine, path, "Oh no")
    (action,) = re.findall(r'action="([^"]+/delete)"', mine.get(path).text)
    assert hers.post(action).status_code == 404
    assert not re.findall(r'action="([^"]+/delete)"', hers.get(path).text)
    assert mine.post(action).status_code == 303
    assert "Oh no" not in hers.get(path).text


def test_leaving(mine: FlaskClient, hers: FlaskClient, path: str) -> None:
    _write(mine, path, "My words")
    _write(hers, path, "Her words")
    assert "Leave the conversation?" in mine.get(f"{path}/leave").text
    assert mine.post(f"{path}/leave").location == "/inbox"
    assert mine.get(path).status_code == 404
    page = hers.get(path).text
    assert "This person has left this conversation" in page
    assert "My words" not in page
    assert "Her words" in page
    assert ("Delete it<" in page, "for both of you" in page) == (True, False)
    assert 'name="text"' not in page
    answer = hers.post(path, data={"text": "Hello?", "key": str(uuid.uuid4())})
    assert answer.status_code == 403
    assert "This was not sent, because this person has left this conversation." in answer.text
    assert texts_shown(answer.text) == {"text": "Hello?"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_blocking_from_the_conversation_and_taking_it_back(
    mine: FlaskClient, hers: FlaskClient, path: str, me: Member, wren: Member
) -> None:
    page_of_wren = f"/members/{wren.public_id}/connect?condition=dystonia"
    page_of_me = f"/members/{me.public_id}/connect?condition=dystonia"
    assert mine.get(page_of_wren).status_code == 200
    assert mine.post(f"{path}/block").location == "/inbox"
    nobody = mine.get("/members/00000000-0000-4000-8000-000000000000/connect?condition=dystonia")
    for client, page in ((mine, page_of_wren), (hers, page_of_me)):
        answer = client.get(page)
        assert (answer.status_code, answer.text) == (404, client.get(nobody.request.path).text)
    assert "This person has left this conversation" in hers.get(path).text
    blocked = mine.get("/account/blocked").text
    assert "Wren" in blocked
    assert "You have not blocked anyone" in hers.get("/account/blocked").text
    (action,) = re.findall(r'action="([^"]+/unblock)"', blocked)
    assert hers.post(action).status_code == 404
    assert mine.post(action).status_code == 303
    assert mine.get(page_of_wren).status_code == 200
    assert mine.get(path).status_code == 404


def test_the_way_to_a_persons_page_is_there_while_they_show_themselves(
    mine: FlaskClient, path: str, session: Session, settings: Settings, wren: Member
) -> None:
    for act in ("/connect?condition=dystonia", "/report/person/"):
        assert act in mine.get(path).text
    place = session.scalars(select(Membership).where(Membership.member_id == wren.id)).one()
    set_visibility(Context(session, settings), wren.id, place.condition_id, "counted")
    session.commit()
    for act in ("/connect?condition=dystonia", "/report/person/"):
        assert act not in mine.get(path).text


def test_words_of_distress_are_sent_and_answered_with_helplines(
    mine: FlaskClient, hers: FlaskClient, path: str, me: Member
) -> None:
    where = _write(mine, path, "I want to end my life")
    assert where.startswith("/helplines?conversation=")
    page = mine.get(where).text
    assert "We did not change your words" in page
    assert 'href="tel:' in page
    assert path in page
    assert "I want to end my life" in hers.get(path).text


def test_strangers_find_no_conversation(
    app: Flask, login: Login, session: Session, mine: FlaskClient, path: str
) -> None:
    stranger = login(factories.make_member(session), on=app.test_client())
    _write(mine, path, "Between us")
    for address in (path, f"{path}/leave"):
        assert stranger.get(address).status_code == 404
    answer = stranger.post(path, data={"text": "Hello", "key": str(uuid.uuid4())})
    assert answer.status_code == 404
    for act in ("leave", "block"):
        assert stranger.post(f"{path}/{act}").status_code == 404
    assert app.test_client().get(path).location.startswith("/sign-in")


def test_a_map_that_is_kept_does_not_keep_the_mark_of_news(
    mine: FlaskClient, hers: FlaskClient, path: str
) -> None:
    page = "/conditions/dystonia/map"
    quiet = mine.get(page)
    hers.post(path, data={"text": "Good morning", "key": str(uuid.uuid4())})
    news = mine.get(page, headers={"If-None-Match": quiet.headers["ETag"]})
    assert news.status_code == 200
    assert "1 new message" in news.text
    mine.get(path)
    read = mine.get(page, headers={"If-None-Match": news.headers["ETag"]})
    assert read.status_code == 200
    assert "new message" not in read.text
    assert mine.get(page, headers={"If-None-Match": read.headers["ETag"]}).status_code == 304


def test_a_full_inbox_costs_no_more_queries_than_an_empty_one(
    app: Flask, world: World, session: Session, settings: Settings, mine: FlaskClient, me: Member
) -> None:
    with counted_queries(app) as before:
        mine.get("/inbox")
    for n in range(10):
        asker = world.somebody(pseudonym=f"Asker {n}")
        contact_requests.ask(session, settings, asker.id, me.public_id, "dystonia")
        other = world.somebody(pseudonym=f"Friend {n}")
        conversation_list.begin(session, world.condition().id, me.id, other.id)
    session.commit()
    with counted_queries(app) as after:
        page = mine.get("/inbox").text
    assert page.count("Accept<") == 10
    assert page.count("Friend ") == 10
    assert len(after) <= len(before) <= 12


def test_a_long_conversation_costs_few_queries(
    app: Flask, mine: FlaskClient, hers: FlaskClient, path: str
) -> None:
    for n in range(20):
        _write(mine, path, f"Message {n}")
    with counted_queries(app) as statements:
        hers.get(path)
    assert len(statements) <= 16
