from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.published.publishing import publish_at_once
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """Forms' tokens contain the second at which a page was made."""
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def me(
    condition: Condition,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> Member:
    member = make_member(pseudonym="Me")
    make_membership(condition, 1, member=member)
    return member


@pytest.fixture
def wren(
    condition: Condition,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> Member:
    member = make_member(pseudonym="Wren", languages=["de"])
    make_membership(condition, 1, member=member, role="parent")
    return member


def _page(member: Member, slug: str = "dystonia") -> str:
    return f"/members/{member.public_id}/connect?condition={slug}"


def test_visitors_sign_in_and_come_back_whoever_it_is(
    client: FlaskClient, wren: Member, session: Session
) -> None:
    session.commit()
    for public_id in (wren.public_id, "nobody"):
        path = f"/members/{public_id}/connect?condition=dystonia"
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith(f"/sign-in?next=/members/{public_id}/connect")


def test_without_a_condition_the_map_is_found(
    login: Callable[..., FlaskClient],
    me: Member,
    wren: Member,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
) -> None:
    client = login(me)
    path = f"/members/{wren.public_id}/connect"
    page = client.get(path).text
    assert page == client.get(_page(wren)).text
    assert f'action="{path}?condition=dystonia"' in page
    for slug, values in (
        ("als", {"visibility": "public"}),
        ("lupus", {"visibility": "counted"}),
        ("narcolepsy", {"visibility": "members"}),
    ):
        make_membership(make_condition(slug), 1, member=wren, **values)
    assert client.get(path).text == page
    for slug in ("als", "lupus", "narcolepsy"):
        assert client.get(f"{path}?condition={slug}").status_code == 404


def test_without_a_condition_nobody_and_the_unseen_are_the_same(
    login: Callable[..., FlaskClient],
    me: Member,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> None:
    hidden, closed, gone = make_member(), make_member(active=False), make_member()
    make_membership(make_condition("dystonia"), 1, member=hidden, visibility="counted")
    make_membership(make_condition("dystonia"), 1, member=closed)
    make_membership(make_condition("taken-down", shown=False), 1, member=gone)
    client = login(me)
    nobody = client.get("/members/00000000-0000-4000-8000-000000000000/connect")
    assert nobody.status_code == 404
    for member in (hidden, closed, gone):
        answer = client.get(f"/members/{member.public_id}/connect")
        assert (answer.status_code, answer.text) == (404, nobody.text)


def test_asking_and_accepting(
    app: Flask, login: Callable[..., FlaskClient], me: Member, wren: Member
) -> None:
    client, other = login(me), login(wren, on=app.test_client())
    page = client.get(_page(wren)).text
    for shown in ("Wren", "Parent or carer", "German", "I would like to compare treatments"):
        assert shown in page
    answer = client.post(_page(wren), data={"reason": "treatments", "greeting": "hello"})
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert "No answer yet" in client.get("/inbox").text
    assert "You have asked" in client.get(_page(wren)).text
    inbox = other.get("/inbox").text
    assert "I would like to compare treatments" in inbox
    assert "asked you for contact" in other.get(_page(me)).text
    action = next(part for part in inbox.split('"') if part.endswith("/accept"))
    assert other.post(action).status_code == 303
    assert other.post(action).status_code == 404
    assert "No answer yet" not in client.get("/inbox").text
    conversation = next(
        p for p in client.get("/inbox").text.split('"') if p.startswith("/conversations/")
    )
    assert "both said yes" in client.get(conversation).text
    assert "You are in touch" in client.get(_page(wren)).text


def test_declining_shows_nothing_to_who_asked(
    app: Flask, login: Callable[..., FlaskClient], me: Member, wren: Member
) -> None:
    client, other = login(me), login(wren, on=app.test_client())
    client.post(_page(wren), data={"reason": "meet", "greeting": "hello"})
    client.get("/inbox")  # takes the notice away
    before = client.get("/inbox").text, client.get(_page(wren)).text
    inbox = other.get("/inbox").text
    action = next(part for part in inbox.split('"') if part.endswith("/decline"))
    assert other.post(action).status_code == 303
    assert (client.get("/inbox").text, client.get(_page(wren)).text) == before
    assert "No answer yet" in before[0]


def test_hidden_and_unknown_people_are_the_same_page(
    login: Callable[..., FlaskClient],
    me: Member,
    condition: Condition,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
    make_member: Callable[..., Member],
) -> None:
    hidden, elsewhere = make_member(), make_member()
    make_membership(condition, 1, member=hidden, visibility="counted")
    make_membership(make_condition("another"), 1, member=elsewhere)
    client = login(me)
    pages = set()
    for public_id in (
        hidden.public_id,
        elsewhere.public_id,
        "00000000-0000-4000-8000-000000000000",
        "x",
    ):
        for answer in (
            client.get(f"/members/{public_id}/connect?condition=dystonia"),
            client.post(
                f"/members/{public_id}/connect?condition=dystonia",
                data={"reason": "meet", "greeting": "hello"},
            ),
        ):
            assert answer.status_code == 404
            pages.add(answer.text)
    assert len(pages) == 1
    assert client.get(f"/members/{hidden.public_id}/connect").status_code == 404


def test_refusals_keep_the_page(
    login: Callable[..., FlaskClient],
    me: Member,
    wren: Member,
    session: Session,
    make_member: Callable[..., Member],
) -> None:
    client = login(me)
    for data in (
        {},
        {"reason": "hello, call me", "greeting": "hello"},
        {"reason": "meet", "greeting": "hi"},
    ):
        answer = client.post(_page(wren), data=data)
        assert answer.status_code == 400
        assert "Wren" in answer.text
    assert client.post(_page(me), data={"reason": "meet", "greeting": "hello"}).status_code == 400
    assert "how others see you" in client.get(_page(me)).text
    stranger = login(make_member())
    assert "Put yourself on it first" in stranger.get(_page(wren)).text
    assert (
        stranger.post(_page(wren), data={"reason": "meet", "greeting": "hello"}).status_code == 403
    )
    session.rollback()
    assert session.scalars(select(ContactRequest)).all() == []


def test_an_empty_inbox_is_a_beginning(login: Callable[..., FlaskClient], me: Member) -> None:
    page = login(me).get("/inbox").text
    assert "None yet. When someone accepts" in page
    assert "You are not waiting for any answers" in page


def test_words_of_members_are_text(
    login: Callable[..., FlaskClient], me: Member, wren: Member, session: Session
) -> None:
    here = Membership.public_id == wren.public_id
    session.execute(update(Membership).where(here).values(pseudonym="<b>${7*7}</b>{{7*7}}", due=0))
    publish_at_once(session)
    session.commit()
    page = login(me).get(_page(wren)).text
    assert "&lt;b&gt;${7*7}&lt;/b&gt;{{7*7}}" in page


def test_a_request_is_withdrawn_in_the_inbox(
    app: Flask, login: Callable[..., FlaskClient], me: Member, wren: Member
) -> None:
    client, other = login(me), login(wren, on=app.test_client())
    client.post(_page(wren), data={"reason": "treatments", "greeting": "hello"})
    page = client.get("/inbox").text
    assert "They will see nothing of this request any more." in page
    action = next(part for part in page.split('"') if part.endswith("/withdraw"))
    assert other.post(action).status_code == 404
    assert client.post(action, follow_redirects=True).status_code == 200
    assert "You have asked" not in client.get(_page(wren)).text
    inbox = other.get("/inbox").text
    assert "I would like to compare treatments" not in inbox
    assert client.post(action).status_code == 404
