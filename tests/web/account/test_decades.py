"""Decades on the page of one's data, and that nobody is asked for them while joining."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.store.members import Member, Membership
from tests.decades import BOTH, KEPT_BACK, WORDS, give
from tests.forms import actions, forms, place_form
from tests.trust import LEEDS, World

PAGE = "/conditions/dystonia/place"
DELETE = "/account/data/decades"


def _held(world: World, who: Member) -> tuple[int | None, int | None]:
    world.session.rollback()
    query = select(Membership.birth_decade, Membership.diagnosis_decade)
    return tuple(world.session.execute(query.where(Membership.member_id == who.id)).one())


@pytest.mark.both
def test_nobody_is_asked_for_a_decade_while_joining(
    client: FlaskClient, world: World, wren: Member
) -> None:
    for path in (f"{PAGE}?area={LEEDS}", "/profile"):
        asked = {name for form in forms(client.get(path).text) for name in form.fields}
        assert not {name for name in asked if "birth" in name or "diagnosis" in name}, path


@pytest.mark.both
def test_they_stay_through_a_move_until_the_member_deletes_them(
    client: FlaskClient, world: World, wren: Member
) -> None:
    give(world, wren, BOTH)
    assert client.post(PAGE, data=place_form()).status_code == 303
    assert _held(world, wren) == (1970, 2010)
    page = client.get("/account/data").text
    for words in WORDS:
        assert f"{words} (seen by people on this map)" in page
    page = client.post(DELETE, follow_redirects=True).text
    assert "Deleted. We no longer know these decades." in page
    assert _held(world, wren) == (None, None)
    assert DELETE not in actions(page)


def test_the_data_say_that_nobody_sees_them(
    client: FlaskClient, world: World, wren: Member
) -> None:
    give(world, wren, KEPT_BACK)
    page = client.get("/account/data").text
    for words in WORDS:
        assert f"{words} (seen by nobody)" in page
    place = client.get("/account/data.json").get_json()["places"][0]
    assert (place["born_in_decade"], place["birth_seen_by"]) == (1970, "nobody")


def test_nobody_deletes_those_of_others(
    client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    give(world, wren, BOTH)
    login(world.member(email="other@example.org"))
    client.post(DELETE)
    assert _held(world, wren) == (1970, 2010)
