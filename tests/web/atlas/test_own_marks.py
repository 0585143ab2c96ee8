"""Members see themselves on the map at once, and nobody else sees that mark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.published.publishing import publish_at_once
from mapapp.domain.areas.area_tree import ZONE
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests.forms import care_form, place_form
from tests.trust import AREAS, LEEDS, YORK
from tests.worlds import embedded, whole_answer

pytestmark = pytest.mark.own_site

MAP = "/conditions/dystonia/map"
PLACE = "/conditions/dystonia/place"
TITLE = "You, for you alone"
READ = (
    MAP,
    f"{MAP}.html",
    f"{MAP}.svg",
    "/map.svg",
    "/conditions/dystonia",
    "/api/v1/conditions/dystonia/counts?level=zone&under=0&include=points",
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}",
    f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}/people.json",
)
"""What others read about the map."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A site that publishes once a day, as real ones do."""
    return settings.model_copy(update={"publish": "daily@04:00"})


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def me(
    condition: Condition, make_member: Callable[..., Member], login: Callable[..., FlaskClient]
) -> Member:
    member = make_member(pseudonym="", languages=[])
    login(member)
    return member


def marks(page: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = embedded(page, "map-own") if 'id="map-own"' in page else []
    return found


def place(client: FlaskClient, **changes: object) -> None:
    assert client.post(PLACE, data=place_form(**changes)).status_code == 303


@pytest.mark.both
def test_who_waits_sees_the_mark_at_once_with_who_sees_them_from_when(
    client: FlaskClient, me: Member
) -> None:
    assert marks(client.get(MAP).text) == []
    place(client, visibility="map")
    page = client.get(MAP)
    (mark,) = marks(page.text)
    assert (mark["id"], mark["level"], mark["waits"]) == (LEEDS, ZONE, True)
    assert (mark["lat"], mark["lng"]) == (
        round(float(AREAS.lat[LEEDS]), 3),
        round(float(AREAS.lng[LEEDS]), 3),
    )
    assert mark["parent"] == int(AREAS.parent[LEEDS])
    assert mark["title"] == TITLE
    assert re.fullmatch(r"Others see you in this area from \w+, \w+ \d+\.", mark["notes"][0])
    assert mark["notes"][1] == "Who sees you: People on this map."
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_same_stands_beside_the_map_for_pages_without_scripts(
    client: FlaskClient, me: Member
) -> None:
    place(client)
    page = client.get(MAP).text
    (mark,) = marks(page)
    beside = page.split('<section class="own-places"')[1].split("</section>")[0]
    for words in (mark["title"], mark["area"], *mark["notes"]):
        assert words in beside


def test_a_move_shows_the_new_area_at_once(client: FlaskClient, me: Member) -> None:
    place(client)
    place(client, area_id=str(YORK))
    assert [mark["id"] for mark in marks(client.get(MAP).text)] == [YORK]


def test_who_is_published_is_seen_by_others_now(
    client: FlaskClient, me: Member, session: Session, condition: Condition
) -> None:
    place(client, visibility="public")
    session.get_one(Membership, (condition.id, me.id)).due = 0
    publish_at_once(session)
    session.commit()
    (mark,) = marks(client.get(MAP).text)
    assert not mark["waits"]
    assert mark["notes"] == ["Others see you in this area.", "Who sees you: Everyone."]


@pytest.mark.parametrize("standing", [False, True], ids=["waiting", "standing"])
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/account/hide", {}),
        ("/account/pause", {}),
        ("/places/dystonia/remove", {}),
        ("/places/dystonia/visibility", {"visibility": "counted"}),
    ],
)
def test_hiding_and_leaving_take_the_mark_away_at_once(
    client: FlaskClient,
    me: Member,
    session: Session,
    condition: Condition,
    path: str,
    sent: dict[str, str],
    standing: bool,
) -> None:
    place(client)
    if standing:
        session.get_one(Membership, (condition.id, me.id)).due = 0
        publish_at_once(session)
        session.commit()
    shown = client.get(MAP)
    assert len(marks(shown.text)) == 1
    words = {"words": str(place_form()["words"]), **sent}
    assert client.post(path, data=words).status_code == 303
    now = client.get(MAP, headers={"If-None-Match": shown.headers["ETag"]})
    assert now.status_code == 200
    assert marks(now.text) == []
    assert TITLE not in now.text


@pytest.mark.both
@time_machine.travel(1_795_953_600, tick=False)  # the token of a form holds its time
def test_nobody_else_reads_another_byte(
    app: Flask,
    client: FlaskClient,
    me: Member,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    condition: Condition,
    login: Callable[..., FlaskClient],
) -> None:
    reader, neighbour = make_member(), make_member()
    make_membership(condition, LEEDS, member=neighbour, area_version=AREAS.version)
    others = [app.test_client(), *(login(one, on=app.test_client()) for one in (reader, neighbour))]
    for one in others:
        one.get("/places")  # the first page with a form is given the cookie of its token
    before = [[whole_answer(one, path) for path in READ] for one in others]
    for changes in ({}, {"area_id": str(YORK), "visibility": "public"}):
        place(client, **changes)
        assert len(marks(client.get(MAP).text)) == 1
        assert [[whole_answer(one, path) for path in READ] for one in others] == before
    assert [len(marks(one.get(MAP).text)) for one in others] == [0, 0, 1]  # each sees their own


@pytest.mark.both
def test_people_cared_for_are_on_the_carers_map_alone(
    app: Flask,
    client: FlaskClient,
    me: Member,
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    condition: Condition,
    session: Session,
) -> None:
    theirs = make_member(email=None, carer_id=make_member().id)
    given = {"visibility": "counted", "area_version": AREAS.version}
    make_membership(condition, YORK, member=theirs, **given)
    session.commit()
    visitor = app.test_client()
    before = [whole_answer(visitor, path) for path in READ]
    for area in (LEEDS, LEEDS, YORK):
        sent = client.post(f"{PLACE}/cared-for", data=care_form(area_id=str(area)))
        assert sent.status_code == 303
    found = {mark["id"]: mark for mark in marks(client.get(MAP).text)}
    assert {area: mark["title"] for area, mark in found.items()} == {
        LEEDS: "2 people you care for, for you alone",
        YORK: "Someone you care for, for you alone",
    }
    assert all(mark["cared_for"] for mark in found.values())
    assert found[YORK]["notes"] == ["Nobody else sees them here."]
    assert [whole_answer(visitor, path) for path in READ] == before
    client.post("/account/pause")
    assert marks(client.get(MAP).text) == []


def test_a_place_on_an_older_map_has_no_mark(
    client: FlaskClient, me: Member, condition: Condition, make_membership: Any, session: Session
) -> None:
    make_membership(condition, LEEDS, member=me, area_version="older")
    session.commit()
    assert marks(client.get(MAP).text) == []


def test_what_a_page_fetches_does_not_tell_whether_it_has_a_mark(
    client: FlaskClient, me: Member
) -> None:
    """Whoever watches the line sees which files are asked for."""
    fetched = re.compile(r'<(?:script|link)[^>]* (?:src|href)="([^"]+)"')
    before = fetched.findall(client.get(MAP).text)
    place(client)
    assert fetched.findall(client.get(MAP).text) == before
