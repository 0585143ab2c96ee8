"""What is held about a member, on a page and as a file."""

import json
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient

from mapapp.actions.account.my_data import my_data
from mapapp.actions.core.context import Context
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.sign_in import Passkey
from tests.trust import AREAS, World, live_fully


def test_the_file_is_what_is_held(
    client: FlaskClient, world: World, settings: Settings, wren: Member
) -> None:
    answer = client.get("/account/data.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    world.session.rollback()
    held = my_data(Context(world.session, settings, AREAS), wren.id)
    assert {**answer.get_json(), "browsers": 0} == {**json.loads(json.dumps(held)), "browsers": 0}
    assert answer.get_json()["account"]["email"] == "wren@example.org"


def test_the_page_shows_what_the_file_holds(
    client: FlaskClient, world: World, login: Callable[..., FlaskClient]
) -> None:
    member = world.member(email="wren@example.org", pseudonym="Zebra Plover")
    live_fully(world, member, "tin")
    login(member)
    page = unescape(client.get("/account/data").text)
    held = client.get("/account/data.json").get_json()
    account = held["account"]
    shown = [account[key] for key in ("email", "id")]
    for part, key in (
        ("places", "condition"),
        ("places", "area_name"),
        ("places", "pseudonym"),
        ("places", "id"),
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
