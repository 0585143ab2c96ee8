"""The account's pages: hiding, pausing, one's data, and leaving for good."""

import json
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.addresses import find_member
from mapapp.actions.my_data import my_data
from mapapp.domain.consents import words_version
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.trust import OpenQuestion, Passkey
from tests.trust import (
    AREAS,
    LEEDS,
    YORK,
    World,
    actions,
    forms,
    live_fully,
    make_request,
    place_form,
)

LIST = f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}"
PLACE = "/conditions/dystonia/place"
PAGES = ("/account", "/account/data", "/account/data.json", "/account/erase")
POSTS = ("/account/hide", "/account/show", "/account/pause", "/account/end-pause", "/account/erase")


@pytest.fixture
def wren(world: World, login: Callable[..., FlaskClient]) -> Member:
    """Somebody signed in, who everybody sees on one map and nobody on another."""
    member = world.somebody("public", email="wren@example.org", pseudonym="Zebra Plover")
    world.place(member, "counted", "als")
    login(member)
    return member


def _stands(world: World, who: Member) -> dict[str, tuple[str, str]]:
    world.session.rollback()
    return world.stands(who)


@pytest.mark.parametrize("path", PAGES)
def test_visitors_sign_in_first(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize("path", POSTS)
def test_visitors_cannot_act(client: FlaskClient, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_kept_by_no_browser(client: FlaskClient, wren: Member, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize("path", POSTS)
def test_looking_at_the_address_of_an_act_does_nothing(
    client: FlaskClient, world: World, wren: Member, path: str
) -> None:
    before = _stands(world, wren)
    assert client.get(path).status_code in {200, 405}
    assert client.head(path).status_code in {200, 405}
    assert _stands(world, wren) == before


def test_hiding_is_one_tap_with_an_undo(
    app: Flask, client: FlaskClient, world: World, wren: Member
) -> None:
    visitor = app.test_client()
    for page in ("/account", "/places"):
        assert "/account/hide" in actions(client.get(page).text)
    assert "Zebra Plover" in visitor.get(LIST).text
    answer = client.post("/account/hide")
    assert (answer.status_code, answer.location) == (303, "/places")
    assert "Zebra Plover" not in visitor.get(LIST).text
    assert "Zebra Plover" not in client.get(LIST).text
    for page in ("/account", "/places"):
        assert "/account/show" in actions(client.get(page).text)
    assert client.post("/account/show").status_code == 303
    assert "Zebra Plover" in visitor.get(LIST).text
    assert _stands(world, wren) == {"dystonia": ("public", ""), "als": ("counted", "")}


def test_a_double_tap_keeps_the_undo(client: FlaskClient, world: World, wren: Member) -> None:
    for _ in range(2):
        assert client.post("/account/hide").status_code == 303
    client.post("/account/show")
    assert _stands(world, wren)["dystonia"] == ("public", "")


def test_the_page_says_so_when_there_is_nothing_to_hide(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    login(world.somebody("counted"))
    page = client.post("/account/hide", follow_redirects=True).text
    assert "Nobody sees you anywhere." in page
    assert "/account/show" not in actions(page)


def test_saving_the_place_form_as_it_stands_keeps_one_hidden(
    client: FlaskClient, world: World, wren: Member
) -> None:
    """Whoever corrects their role while hidden must not be shown to everybody by that."""
    client.post("/account/hide")
    (form,) = [f for f in forms(client.get(PLACE).text) if "role" in f.fields]
    answer = client.post(PLACE, data={**form.fields, "role": "parent"})
    assert answer.status_code == 303
    assert _stands(world, wren)["dystonia"][0] == "counted"


def test_a_pause_and_its_end(app: Flask, client: FlaskClient, world: World, wren: Member) -> None:
    visitor = app.test_client()
    answer = client.post("/account/pause")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Zebra Plover" not in visitor.get(LIST).text
    for page in ("/account", "/places"):
        there = actions(client.get(page).text)
        assert "/account/end-pause" in there
        assert not {"/account/show", "/account/pause"} & set(there)
        assert "/places/dystonia/visibility" not in there
    assert client.post("/account/end-pause").status_code == 303
    assert "Zebra Plover" in visitor.get(LIST).text
    assert _stands(world, wren) == {"dystonia": ("public", ""), "als": ("counted", "")}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/places/dystonia/visibility", {"visibility": "members"}),
        ("/places/dystonia/visibility", {"visibility": "counted"}),
        ("/consent/members/agree", {"condition": "als"}),
        ("/consent/public/agree", {"condition": "als"}),
        ("/account/show", {}),
    ],
)
def test_visibility_cannot_be_changed_during_a_pause(
    client: FlaskClient, world: World, wren: Member, path: str, data: dict[str, str]
) -> None:
    client.post("/account/pause")
    before = _stands(world, wren)
    answer = client.post(path, data={"words": words_version(), **data})
    assert answer.status_code == 400
    assert "End the pause first" in answer.text
    assert _stands(world, wren) == before


def test_nobody_places_themself_during_a_pause(
    client: FlaskClient, world: World, wren: Member
) -> None:
    client.post("/account/pause")
    before = _stands(world, wren)
    for slug in ("dystonia", "gout"):
        world.condition(slug)
        world.session.commit()
        form = place_form(area_id=str(YORK), visibility="public", pseudonym="Other Name")
        answer = client.post(PLACE.replace("dystonia", slug), data=form)
        assert answer.status_code == 400
        assert "End the pause first" in answer.text
    assert _stands(world, wren) == before
    assert "Other Name" not in client.get("/profile").text


def test_the_file_is_what_is_held(
    client: FlaskClient, world: World, settings: Settings, wren: Member
) -> None:
    answer = client.get("/account/data.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    world.session.rollback()
    held = my_data(world.session, settings, AREAS, wren.id)
    assert {**answer.get_json(), "browsers": 0} == {**json.loads(json.dumps(held)), "browsers": 0}
    assert answer.get_json()["account"]["email"] == "wren@example.org"


def test_the_page_shows_what_the_file_holds(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    member = world.member(email="wren@example.org", pseudonym="Zebra Plover", birth_decade=1940)
    live_fully(world, member, "tin")
    login(member)
    page = unescape(client.get("/account/data").text)
    held = client.get("/account/data.json").get_json()
    account = held["account"]
    shown = [account[key] for key in ("email", "pseudonym", "id", "born_in_decade")]
    for part, key in (
        ("places", "condition"),
        ("places", "area_name"),
        ("consents", "words"),
        ("contact_requests", "condition"),
        ("waiting_for_news", "area_name"),
        ("browsers", "device"),
        ("passkeys", "device"),
        ("open_questions", "since"),
    ):
        assert held[part], part
        shown += [entry[key] for entry in held[part]]
    shown += [request["with"] for request in held["contact_requests"]]
    shown += [place["area_name"] for someone in held["cared_for"] for place in someone["places"]]
    for value in shown:
        assert str(value) in page, value
    assert "English" in page
    assert "admin" in page


def test_the_page_of_somebody_new_is_whole(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    login(world.member(email="new@example.org", pseudonym="", languages=[]))
    assert client.get("/account/data").status_code == 200
    assert client.get("/account").status_code == 200


def test_what_devices_call_themselves_is_not_taken_for_html(
    client: FlaskClient, world: World, wren: Member
) -> None:
    key = {"credential": b"c", "public_key": b"k", "month": "2026-11"}
    world.session.add(Passkey(member_id=wren.id, name="<img src=x onerror=a()>", **key))
    world.session.commit()
    page = client.get("/account/data").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_pages_are_the_members_own(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin = world.somebody("members", email="robin@example.org", pseudonym="Robin")
    other = login(robin, on=app.test_client())
    for path in ("/account", "/account/data", "/account/data.json"):
        assert "wren@example.org" not in other.get(path).text
        assert "Zebra Plover" not in other.get(path).text
    other.post("/account/hide")
    other.post("/account/pause")
    assert _stands(world, wren)["dystonia"] == ("public", "")


def test_erasing_asks_once_and_offers_the_data_first(
    client: FlaskClient, world: World, wren: Member
) -> None:
    page = client.get("/account/erase").text
    assert "/account/data.json" in page
    assert len([f for f in forms(page) if f.action in {"", "/account/erase"}]) == 1
    assert _stands(world, wren)


def test_erasing_is_immediate_and_signs_out_everywhere(
    app: Flask,
    client: FlaskClient,
    world: World,
    settings: Settings,
    wren: Member,
    login: Callable[..., FlaskClient],
) -> None:
    elsewhere = login(wren, on=app.test_client())
    stolen = app.test_client()
    cookie = client.get_cookie("session")
    assert cookie is not None
    stolen.set_cookie("session", cookie.value)
    assert stolen.get("/account").status_code == 200
    member_id = wren.id
    answer = client.post("/account/erase")
    assert (answer.status_code, answer.location) == (303, "/erased")
    for browser in (client, elsewhere, stolen):
        assert browser.get("/account").status_code == 303
        assert browser.get("/account/data.json").status_code == 303
        assert browser.post("/account/hide").location.startswith("/sign-in")
    assert "Zebra Plover" not in app.test_client().get(LIST).text
    world.session.rollback()
    assert find_member(world.session, settings, "wren@example.org") is None
    assert world.session.scalar(select(Member.id).where(Member.id == member_id)) is None
    assert world.counts() == {}


def test_a_second_tap_on_erase_meets_a_visitor(client: FlaskClient, wren: Member) -> None:
    client.post("/account/erase")
    again = client.post("/account/erase")
    assert again.status_code == 303
    assert again.location.startswith("/sign-in")


def test_the_last_page_is_for_everybody_and_names_nobody(
    client: FlaskClient, wren: Member, app: Flask
) -> None:
    page = client.post("/account/erase", follow_redirects=True)
    assert page.status_code == 200
    for telling in ("Zebra", "wren@", "ystonia"):
        assert telling not in page.text
    assert app.test_client().get("/erased").status_code == 200


def test_erasing_needs_the_forms_token(app: Flask, client: FlaskClient, wren: Member) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = client.get("/account/erase").text
    assert client.post("/account/erase").status_code == 400
    assert client.get("/account").status_code == 200
    (form,) = [f for f in forms(page) if f.action in {"", "/account/erase"}]
    assert client.post("/account/erase", data=form.fields).location == "/erased"


def test_the_other_side_reads_that_this_person_has_left(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin = world.somebody("members")
    make_request(world, wren, robin, "open")
    make_request(world, robin, wren, "later")
    other = login(robin, on=app.test_client())
    client.post("/account/erase")
    page = other.get("/inbox").text
    assert page.count("This person has left") == 2
    assert "Zebra Plover" not in page
    assert wren.public_id not in page
    away = [action for action in actions(page) if action.endswith("/put-away")]
    assert len(away) == 2
    assert not [action for action in actions(page) if action.endswith(("/accept", "/decline"))]
    for action in away:
        answer = other.post(action)
        assert (answer.status_code, answer.location) == (303, "/inbox")
        assert other.post(action).status_code == 404
    assert "has left" not in other.get("/inbox").text
    assert other.get("/account/data").status_code == 200


def test_only_ones_own_and_ended_requests_are_put_away(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin, gone = world.somebody("members"), world.somebody("members")
    still = make_request(world, robin, wren, "open").public_id
    theirs = make_request(world, gone, robin, "open").public_id
    login(gone, on=app.test_client()).post("/account/erase")
    for request_id in (still, theirs, "no-such-request"):
        assert client.post(f"/inbox/{request_id}/put-away").status_code == 404
    assert app.test_client().post(f"/inbox/{theirs}/put-away").location.startswith("/sign-in")


def test_the_yearly_question_stands_on_ones_own_pages(
    client: FlaskClient, world: World, wren: Member
) -> None:
    for page in ("/account", "/places"):
        assert "/still-right" not in actions(client.get(page).text)
    asked = {"kind": "right", "stage": "asked", "since": date(2026, 11, 1)}
    world.session.add(OpenQuestion(member_id=wren.id, **asked))
    world.session.commit()
    for page in ("/account", "/places"):
        assert "/still-right" in actions(client.get(page).text)
