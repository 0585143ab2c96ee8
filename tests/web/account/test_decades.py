"""Decades of birth and diagnosis: no number uses them, so nobody is asked for them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.store.members import Member, Membership
from tests.forms import actions, forms, place_form
from tests.trust import LEEDS, World

PAGE = "/conditions/dystonia/place"
GIVEN = {"birth_decade": "1970", "diagnosis_decade": "2010"}
KEPT = (1940, 1980)


def _held(world: World, who: Member) -> tuple[int | None, int | None]:
    world.session.rollback()
    query = select(Member.birth_decade, Membership.diagnosis_decade).join(
        Membership, Membership.member_id == Member.id
    )
    return tuple(world.session.execute(query.where(Member.id == who.id)).one())


def _gave_them(world: World, wren: Member) -> None:
    wren.birth_decade = KEPT[0]
    world.memberships()[0].diagnosis_decade = KEPT[1]
    world.session.commit()


@pytest.mark.both
def test_no_form_asks_for_a_decade_and_none_is_kept(
    client: FlaskClient, world: World, wren: Member
) -> None:
    for path in (f"{PAGE}?area={LEEDS}", "/profile"):
        asked = {name for form in forms(client.get(path).text) for name in form.fields}
        assert not {name for name in asked if "decade" in name}, path
    assert client.post(PAGE, data=place_form(**GIVEN)).status_code == 303
    assert client.post("/profile", data={"pseudonym": "Kind Otter", **GIVEN}).status_code == 303
    assert _held(world, wren) == (None, None)


@pytest.mark.both
def test_what_was_given_earlier_stays_until_the_member_deletes_it(
    client: FlaskClient, world: World, wren: Member
) -> None:
    _gave_them(world, wren)
    assert client.post(PAGE, data=place_form()).status_code == 303
    assert client.post("/profile", data={"pseudonym": "Kind Otter"}).status_code == 303
    assert _held(world, wren) == KEPT
    page = client.get("/account/data").text
    assert "1940" in page
    assert "1980" in page
    assert "/account/data/decades" in actions(page)
    page = client.post("/account/data/decades", follow_redirects=True).text
    assert "Deleted. We no longer know these decades." in page
    assert _held(world, wren) == (None, None)
    assert "/account/data/decades" not in actions(page)


def test_nobody_deletes_those_of_others(
    client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    _gave_them(world, wren)
    login(world.member(email="other@example.org"))
    client.post("/account/data/decades")
    assert _held(world, wren) == KEPT
