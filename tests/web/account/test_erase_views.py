"""Leaving for good by the pages, and what the other side of a contact request reads then."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import find_member
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests.forms import actions, forms
from tests.trust import AREAS, LEEDS, World, make_request

LIST = f"/conditions/dystonia/areas/{AREAS.code[LEEDS]}"


def test_erasing_asks_once_and_offers_the_data_first(
    client: FlaskClient, world: World, wren: Member
) -> None:
    page = client.get("/account/erase").text
    assert "/account/data.json" in page
    assert len([f for f in forms(page) if f.action in {"", "/account/erase"}]) == 1
    assert world.afresh().stands(wren)


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
    assert find_member(Context(world.session, settings), "wren@example.org") is None
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


def test_the_other_side_reads_nothing_of_a_request_any_more(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin = world.somebody("members")
    other = login(robin, on=app.test_client())
    make_request(world, wren, robin, "open")
    make_request(world, robin, wren, "later")
    world.session.commit()
    assert "Zebra Plover" in other.get("/inbox").text
    client.post("/account/erase")
    page = other.get("/inbox").text
    assert "Zebra Plover" not in page
    assert wren.account_id not in page
    assert not [action for action in actions(page) if action.startswith("/inbox/")]
    assert other.get("/account/data").status_code == 200


@pytest.mark.both
def test_only_ones_own_and_ended_requests_are_put_away(
    app: Flask, client: FlaskClient, world: World, wren: Member, login: Callable[..., FlaskClient]
) -> None:
    robin, other = world.somebody("members"), world.somebody("members")
    still = make_request(world, robin, wren, "open").public_id
    theirs = make_request(world, other, robin, "left").public_id
    login(wren, on=client)
    for request_id in (still, theirs, "no-such-request"):
        assert client.post(f"/inbox/{request_id}/put-away").status_code == 404
    assert app.test_client().post(f"/inbox/{theirs}/put-away").location.startswith("/sign-in")
