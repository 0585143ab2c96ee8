"""The page for asking several people at once, and what each of them reads."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.settings import Settings
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member
from tests import factories
from tests.places import zones_of
from tests.worlds import HERE

NEAR = "/conditions/dystonia/nearby"
ADDRESS = f"{NEAR}/ask"
ZONE = zones_of(HERE)[0]
SAID = {"reason": "meet", "greeting": "hello-all"}
Login = Callable[..., FlaskClient]


@pytest.fixture
def people(session: Session) -> list[Member]:
    """Six people near Berlin: three speak Spanish, two of them are parents."""
    condition = factories.make_condition(session, "dystonia", name="Dystonia")
    made = []
    for n, name in enumerate(("Ana", "Bea", "Cleo", "Dan", "Eve", "Finn")):
        languages = ["es"] if n < 3 else ["de"]
        who = factories.make_member(session, pseudonym=name, languages=languages)
        role = "parent" if n < 2 else "self"
        given = {"visibility": "members", "role": role}
        factories.make_membership(session, condition, ZONE, member=who, **given)
        made.append(who)
    session.commit()
    return made


@pytest.fixture
def me(session: Session, people: list[Member]) -> Member:
    who = factories.make_member(session, pseudonym="Wren", languages=["es"])
    condition = factories.make_condition(session, "dystonia")
    factories.make_membership(session, condition, ZONE, member=who, visibility="map")
    session.commit()
    return who


def offered(page: str) -> list[str]:
    """Return the names of those whom the page offers to ask."""
    return re.findall(r"<strong><bdi>([^<]+)</bdi></strong>\s*<span", page)


def test_the_list_leads_to_asking_those_who_match(
    session: Session, login: Login, me: Member
) -> None:
    client = login(me)
    page = client.get(f"{NEAR}?role=parent&language=es").text
    link = f'href="{ADDRESS}?role=parent&amp;language=es">Ask them<'
    assert link in page
    assert sorted(offered(client.get(f"{ADDRESS}?role=parent&language=es").text)) == ["Ana", "Bea"]
    assert len(offered(client.get(ADDRESS).text)) == quotas.NEW_PEOPLE.most


def test_only_those_on_the_map_are_led_there(
    client: FlaskClient, session: Session, login: Login, people: list[Member]
) -> None:
    stranger = factories.make_member(session)
    session.commit()
    for reader in (client, login(stranger)):
        assert "Ask them<" not in reader.get(f"{NEAR}?area={ZONE}").text
    answer = client.get(f"{ADDRESS}?area={ZONE}")
    assert answer.status_code == 403
    assert "Put yourself on this map first" in answer.text
    assert client.post(ADDRESS, data={"who": [people[0].public_id], **SAID}).status_code == 403


@pytest.mark.both
def test_asking_several(
    app: Flask, login: Login, session: Session, me: Member, people: list[Member]
) -> None:
    client = login(me)
    chosen = [who.public_id for who in people[:2]]
    answer = client.post(ADDRESS, data={"who": chosen, **SAID})
    assert (answer.status_code, answer.location) == (303, "/inbox")
    page = client.get("/inbox").text
    assert "You have asked 2 people. Each decides alone." in page
    assert "cannot be asked" not in page
    assert page.count("You asked some others the same.") == 2
    received = login(people[0], on=app.test_client()).get("/inbox").text
    assert "Wren" in received
    assert "You and some others were asked the same." in received
    assert "I have asked some others, too" in received
    assert "Bea" not in received.partition("<main")[2]
    assert "2" not in re.sub(r"<[^>]*>", "", received.partition("<main")[2].partition("</main")[0])
    accept = next(part for part in received.split('"') if part.endswith("/accept"))
    assert login(people[0], on=app.test_client()).post(accept).status_code == 303
    session.expire_all()
    states = set(session.execute(select(ContactRequest.state)).scalars())
    assert states == {"accepted", "open"}
    assert not {"Ana", "Bea"} & set(offered(client.get(ADDRESS).text))


def test_one_alone_is_asked_like_anybody(
    app: Flask, login: Login, me: Member, people: list[Member]
) -> None:
    login(me).post(ADDRESS, data={"who": [people[0].public_id], **SAID})
    received = login(people[0], on=app.test_client()).get("/inbox").text
    assert "some others" not in received
    assert "Hello! I would be glad to hear from you." in received


def test_who_could_not_be_asked_is_said_without_a_name(
    login: Login, me: Member, people: list[Member]
) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    client = login(me)
    client.post(ADDRESS, data={"who": [people[0].public_id, nobody], **SAID})
    page = client.get("/inbox").text
    assert "You have asked 1 person." in page
    assert "The others cannot be asked, or not about this." in page
    refused = client.post(ADDRESS, data={"who": [nobody], **SAID})
    assert refused.status_code == 400
    assert "None of them can be asked about this." in refused.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose at least one person."),
        ({"who": "all"}, "Choose a reason."),
        ({"who": "all", "reason": "meet", "greeting": "hello"}, "Not a valid choice"),
        ({"who": "all", "reason": "call me", "greeting": "hello-all"}, "Not a valid choice"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_what_was_chosen_stays(
    login: Login, session: Session, me: Member, people: list[Member], sent: Any, words: str
) -> None:
    if sent:
        sent = {**sent, "who": [people[0].public_id]}
    answer = login(me).post(f"{ADDRESS}?role=parent", data=sent)
    assert answer.status_code == 400
    assert words in answer.text
    ticked = re.findall(r'name="who" value="([^"]+)" checked', answer.text)
    assert ticked == [who.public_id for who in people[:1] if sent]
    assert session.scalar(select(func.count()).select_from(ContactRequest)) == 0


def test_more_than_the_day_allows_is_refused_and_nobody_is_asked(
    login: Login, session: Session, settings: Settings, me: Member, people: list[Member]
) -> None:
    quotas.open_window(Context(session, settings, reader_id=me.id), quotas.NEW_ACCOUNT, me.id)
    session.commit()
    client = login(me)
    assert len(offered(client.get(ADDRESS).text)) == 2
    ids = [who.public_id for who in people]
    refused = client.post(ADDRESS, data={"who": ids[:3], **SAID})
    assert refused.status_code == 429
    assert "In your first week here you can ask 2 new people a day." in refused.text
    assert session.scalar(select(func.count()).select_from(ContactRequest)) == 0
    assert client.post(ADDRESS, data={"who": ids[:2], **SAID}).status_code == 303
    page = client.get(ADDRESS).text
    assert "In your first week here you can ask 2 new people a day." in page
    assert 'name="who"' not in page


def test_nobody_who_matches(login: Login, me: Member) -> None:
    page = login(me).get(f"{ADDRESS}?role=researcher").text
    assert "Nobody who matches can be asked by you" in page
    assert 'name="who"' not in page


def test_without_a_place_one_chooses_it_first(
    client: FlaskClient, session: Session, login: Login, people: list[Member]
) -> None:
    stranger = factories.make_member(session)
    session.commit()
    answer = login(stranger).get(ADDRESS)
    assert (answer.status_code, answer.location) == (303, NEAR)


def test_in_a_pause_it_is_said_before_anything_is_chosen(
    login: Login, session: Session, me: Member
) -> None:
    session.get_one(Member, me.id).paused = True
    session.commit()
    page = login(me).get(ADDRESS).text
    assert "Your account is paused." in page
    assert 'name="who"' not in page


def test_looking_whom_to_ask_is_a_search(
    login: Login, me: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = quotas.Limit("nearby-member", 2, quotas.HOUR)
    monkeypatch.setattr("mapapp.web.members.near_place.NEARBY_MEMBER", few)
    client = login(me)
    statuses = [client.get(path).status_code for path in (NEAR, ADDRESS, ADDRESS)]
    assert statuses == [200, 200, 429]


def test_address_and_title_tell_no_town(login: Login, me: Member) -> None:
    client = login(me)
    at = client.post(NEAR, data={"town": "Berlin"}).location.partition("?")[2]
    page = client.get(f"{ADDRESS}?{at}").text
    assert "<title>Ask several people – Condition Map" in page
    assert f'action="{ADDRESS}?{at}"' in page
    assert not re.search(r'(?:href|action)="[^"]*(?:Berlin|area=)', page.partition("<main")[2])


def test_who_has_read_enough_names_today_asks_nobody_new(
    login: Login,
    session: Session,
    me: Member,
    people: list[Member],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mapapp.domain.safety.reading_limits.MOST_PEOPLE", 1)
    client = login(me)
    answer = client.post(ADDRESS, data={"who": [who.public_id for who in people[:2]], **SAID})
    assert answer.status_code == 429
    assert session.scalar(select(func.count()).select_from(ContactRequest)) == 0
    page = client.get(ADDRESS).text
    assert 'name="who"' not in page
    assert "no new names are shown until tomorrow" in page
