"""The form for decades of birth and of diagnosis, and who sees each."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from mapapp.actions.members.decade_choice import NONE_GIVEN, Decades, my_decades
from mapapp.store.members import Member
from tests.decades import BOTH, KEPT_BACK, WORDS, decade_form, give
from tests.forms import forms
from tests.trust import World

Login = Callable[..., FlaskClient]
PAGE = "/conditions/dystonia/decades"


@pytest.fixture
def wren(world: World, login: Login) -> Member:
    who = world.somebody("map", pseudonym="Wren")
    world.session.commit()
    login(who)
    return who


def _held(world: World, who: Member) -> Decades:
    world.session.rollback()
    return my_decades(world.session, who.id, world.condition().id)


def _fields(page: str) -> dict[str, str]:
    return next(form.fields for form in forms(page) if "birth" in form.fields)


def test_at_first_nothing_is_said_and_nobody_sees_it(client: FlaskClient, wren: Member) -> None:
    assert PAGE in client.get("/places").text
    page = client.get(PAGE).text
    said = _fields(page)
    assert (said["birth"], said["diagnosis"]) == ("", "")
    assert (said["birth_seen"], said["diagnosis_seen"]) == ("nobody", "nobody")
    assert "Once a year, numbers are made of them" in page
    youngest = (datetime.now(UTC).year - 18) // 10 * 10
    assert f'value="{youngest}"' in page
    assert page.count(f'value="{youngest + 10}"') == page.count(f'value="{youngest}"') - 1


@pytest.mark.both
def test_saving_and_changing(client: FlaskClient, world: World, wren: Member) -> None:
    assert client.post(PAGE, data=decade_form()).status_code == 303
    assert _held(world, wren) == BOTH
    said = _fields(client.get(PAGE).text)
    assert (said["birth"], said["birth_seen"]) == ("1970", "map")
    client.post(PAGE, data=decade_form(birth_seen="nobody", diagnosis_seen="nobody"))
    assert _held(world, wren) == KEPT_BACK
    client.post(PAGE, data=decade_form(birth="", diagnosis=""))
    assert _held(world, wren) == NONE_GIVEN


@pytest.mark.parametrize(
    "wrong",
    [{"birth": "1975"}, {"diagnosis": "2990"}, {"birth_seen": "public"}, {"words": "older"}],
)
def test_what_is_refused(
    client: FlaskClient, world: World, wren: Member, wrong: dict[str, str]
) -> None:
    assert client.post(PAGE, data=decade_form(**wrong)).status_code == 400
    assert _held(world, wren) == NONE_GIVEN


def test_who_is_not_shown_is_not_asked(client: FlaskClient, world: World, login: Login) -> None:
    login(world.somebody("counted"))
    world.session.commit()
    page = client.get(PAGE).text
    assert "Only people who are shown on this map can show this." in page
    assert 'name="birth"' not in page
    assert client.post(PAGE, data=decade_form()).status_code == 403
    assert PAGE not in client.get("/places").text


def test_who_hid_again_is_told_so(client: FlaskClient, world: World, wren: Member) -> None:
    give(world, wren, BOTH)
    client.post("/account/hide")
    page = client.get(PAGE).text
    assert "You gave this earlier; nobody sees it, and nothing uses it." in page
    assert 'name="birth"' not in page
    assert _held(world, wren) == BOTH


def test_who_is_not_there(client: FlaskClient, world: World, login: Login) -> None:
    login(world.member())
    world.condition()
    world.session.commit()
    assert client.get(PAGE).status_code == 404


@pytest.mark.both
def test_withdrawing_deletes_them(client: FlaskClient, world: World, wren: Member) -> None:
    give(world, wren, BOTH)
    assert "Withdraw, and delete what I said" in client.get("/consent").text
    client.post("/consent/decades/take-back", data={"condition": "dystonia"})
    assert _held(world, wren) == NONE_GIVEN


def test_who_gave_them_earlier_can_agree_or_delete_them(
    client: FlaskClient, world: World, wren: Member
) -> None:
    world.on_map(wren).birth_decade = 1970
    world.session.commit()
    page = client.get("/consent").text
    assert "The wording has changed" in page
    assert "See and delete it" in page
    assert WORDS[0] in client.get("/account/data").text
