"""The account's pages: who may see them, hiding, pausing, and the yearly question."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.domain.mail.consent_wordings import words_version
from mapapp.store.mail import OpenQuestion
from mapapp.store.members import Member
from tests.forms import actions, forms, place_form
from tests.trust import AREAS, LEEDS, YORK, World

LIST = f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}"
PLACE = "/conditions/dystonia/place"
PAGES = ("/account", "/account/data", "/account/data.json", "/account/erase")
POSTS = ("/account/hide", "/account/show", "/account/pause", "/account/end-pause", "/account/erase")


@pytest.fixture
def wren(world: World, wren: Member) -> Member:
    """The same, whom nobody sees on another map."""
    world.place(wren, "counted", "als")
    world.session.commit()
    return wren


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
    before = world.afresh().stands(wren)
    assert client.get(path).status_code in {200, 405}
    assert client.head(path).status_code in {200, 405}
    assert world.afresh().stands(wren) == before


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
    assert world.afresh().stands(wren) == {"dystonia": ("public", ""), "als": ("counted", "")}


def test_a_double_tap_keeps_the_undo(client: FlaskClient, world: World, wren: Member) -> None:
    for _ in range(2):
        assert client.post("/account/hide").status_code == 303
    client.post("/account/show")
    assert world.afresh().stands(wren)["dystonia"] == ("public", "")


def test_the_page_says_so_when_there_is_nothing_to_hide(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    login(world.somebody("counted"))
    page = client.post("/account/hide", follow_redirects=True).text
    assert "Nobody sees you anywhere." in page
    assert "/account/show" not in actions(page)


@pytest.mark.both
def test_saving_the_place_form_as_it_stands_keeps_one_hidden(
    client: FlaskClient, world: World, wren: Member
) -> None:
    """Correcting the role while hidden must not show the member to everyone."""
    client.post("/account/hide")
    (form,) = [f for f in forms(client.get(PLACE).text) if "role" in f.fields]
    answer = client.post(PLACE, data={**form.fields, "role": "parent"})
    assert answer.status_code == 303
    assert world.afresh().stands(wren)["dystonia"][0] == "counted"


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
    assert world.afresh().stands(wren) == {"dystonia": ("public", ""), "als": ("counted", "")}


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
    before = world.afresh().stands(wren)
    answer = client.post(path, data={"words": words_version(), **data})
    assert answer.status_code == 400
    assert "End the pause first" in answer.text
    assert world.afresh().stands(wren) == before


def test_nobody_places_themself_during_a_pause(
    client: FlaskClient, world: World, wren: Member
) -> None:
    client.post("/account/pause")
    before = world.afresh().stands(wren)
    for slug in ("dystonia", "gout"):
        world.condition(slug)
        world.session.commit()
        form = place_form(area_id=str(YORK), visibility="public", pseudonym="Other Name")
        answer = client.post(PLACE.replace("dystonia", slug), data=form)
        assert answer.status_code == 400
        assert "End the pause first" in answer.text
    assert world.afresh().stands(wren) == before
    assert "Other Name" not in client.get("/profile").text


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
    assert world.afresh().stands(wren)["dystonia"] == ("public", "")


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
