"""Signing in with a passkey, and the page of one's own passkeys."""

import json
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.quotas import PASSKEY_ASKS
from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.store.limits import Quota
from mapapp.store.members import Member
from mapapp.store.sign_in import Passkey
from mapapp.web.core.proof import STRONG
from mapapp.web.core.request_session import db
from tests.authenticator import add_passkey, enter, offer

Login = Callable[..., FlaskClient]
Make = Callable[..., Member]


@pytest.fixture
def member(make_member: Make) -> Member:
    return make_member(pseudonym="Robin")


def _key(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def _is_in(client: FlaskClient) -> bool:
    return client.get("/places").status_code == 200


def test_a_passkey_is_made_listed_used_and_removed(
    app: Flask, session: Session, login: Login, member: Member
) -> None:
    client = login(member, strong=False)
    assert "You have none yet" in client.get("/account/passkeys").text
    device = add_passkey(client)
    page = client.get("/account/passkeys").text
    assert "Unknown device" in page  # what the tests' browser is
    assert "Added. From now on" in page
    visitor = app.test_client()
    answer = enter(visitor, device)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert _is_in(visitor)
    public_id = session.scalars(select(Passkey.public_id)).one()
    assert client.post(f"/account/passkeys/{public_id}/remove").status_code == 303
    assert "You have none yet" in client.get("/account/passkeys").text
    assert enter(app.test_client(), device).status_code == 403


def test_a_passkey_is_named_for_its_browser(session: Session, login: Login, member: Member) -> None:
    client = login(member)
    client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
    )
    add_passkey(client)
    assert session.scalars(select(Passkey.name)).one() == "Firefox on Android"
    assert "Firefox on Android" in client.get("/account/passkeys").text


def test_signing_in_takes_a_new_key(app: Flask, login: Login, member: Member) -> None:
    device, visitor = add_passkey(login(member)), app.test_client()
    options = offer(visitor, "/sign-in/passkey/options")
    before = _key(visitor)
    visitor.post("/sign-in/passkey", data={"credential": device.get(options)})
    assert _is_in(visitor)
    assert _key(visitor) != before
    planted = app.test_client()
    planted.set_cookie("session", before)
    assert not _is_in(planted)


def test_making_a_passkey_takes_a_new_key(app: Flask, login: Login, member: Member) -> None:
    client = login(member, strong=False)
    before = _key(client)
    add_passkey(client)
    copied = app.test_client()
    copied.set_cookie("session", before)
    assert not _is_in(copied)
    assert _is_in(client)


def test_a_cookie_copied_before_signing_out_is_worthless(
    app: Flask, login: Login, member: Member
) -> None:
    device, visitor = add_passkey(login(member)), app.test_client()
    enter(visitor, device)
    thief = app.test_client()
    thief.set_cookie("session", _key(visitor))
    assert _is_in(thief)
    visitor.post("/sign-out")
    assert not _is_in(thief)


def test_the_second_passkey_needs_the_first(
    app: Flask, session: Session, login: Login, member: Member
) -> None:
    device = add_passkey(login(member))
    public_id = session.scalars(select(Passkey.public_id)).one()
    mail_only = login(member, on=app.test_client(), strong=False)
    page = mail_only.get("/account/passkeys")
    assert "confirm once more that it is you" in page.text
    assert "/remove" not in page.text
    for path in ("", "/options", f"/{public_id}/remove"):
        answer = mail_only.post(f"/account/passkeys{path}")
        assert answer.status_code == 303
        assert answer.location == "/account/second-step?next=/account/passkeys"
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Passkey)) == 1
    said = device.get(offer(mail_only, "/account/second-step/options"))
    proved = mail_only.post(
        "/account/second-step/passkey", data={"credential": said, "next": "/account/passkeys"}
    )
    assert (proved.status_code, proved.location) == (303, "/account/passkeys")
    add_passkey(mail_only)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Passkey)) == 2


def test_a_proof_of_this_morning_is_not_fresh(app: Flask, login: Login, member: Member) -> None:
    with time_machine.travel("2026-11-22 08:10:00+00:00", tick=False) as clock:
        client = login(member, strong=False)
        add_passkey(client)
        clock.shift(3600 - 1)
        assert client.post("/account/passkeys/options").status_code == 200
        clock.shift(3600)
        assert client.post("/account/passkeys/options").status_code == 303


def test_nobody_removes_the_passkey_of_another(
    app: Flask, session: Session, login: Login, member: Member, make_member: Make
) -> None:
    add_passkey(login(member))
    public_id = session.scalars(select(Passkey.public_id)).one()
    other = login(make_member(), on=app.test_client())
    assert other.post(f"/account/passkeys/{public_id}/remove").status_code == 404
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Passkey)) == 1


def test_without_the_last_passkey_the_proof_is_gone(
    session: Session, login: Login, member: Member
) -> None:
    client = login(member)
    for _ in range(2):
        add_passkey(client)
    first, last = session.scalars(select(Passkey.public_id))
    client.post(f"/account/passkeys/{first}/remove")
    with client.session_transaction() as held:
        assert STRONG in held
    client.post(f"/account/passkeys/{last}/remove")
    with client.session_transaction() as held:
        assert STRONG not in held


def test_what_was_wrong_with_a_new_passkey_is_said_on_the_page(
    login: Login, member: Member
) -> None:
    client = login(member)
    answer = client.post("/account/passkeys", data={"credential": "{}"})
    assert answer.status_code == 403
    assert "was not accepted" in answer.text


def test_asking_for_a_challenge_makes_rows_and_so_is_limited(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    asked = [app.test_client().post("/sign-in/passkey/options") for _ in range(PASSKEY_ASKS.most)]
    assert {answer.status_code for answer in asked} == {200}
    assert client.post("/sign-in/passkey/options").status_code == 429
    session.rollback()
    assert session.scalars(select(Quota.used)).all() == [PASSKEY_ASKS.most]


def test_nobody_is_sent_elsewhere(app: Flask, login: Login, member: Member) -> None:
    device, visitor = add_passkey(login(member)), app.test_client()
    said = device.get(offer(visitor, "/sign-in/passkey/options"))
    answer = visitor.post(
        "/sign-in/passkey", data={"credential": said, "next": "https://evil.example"}
    )
    assert answer.location == "/"


def test_pages_say_under_which_name_passkeys_work(
    client: FlaskClient, login: Login, member: Member, settings: Settings
) -> None:
    assert 'data-origin="http://localhost:8000"' in client.get("/sign-in").text
    login(member)
    assert 'href="http://localhost:8000/account/passkeys"' in client.get("/account/passkeys").text
    numbered = create_app(settings.model_copy(update={"base_url": "http://192.0.2.7"}))
    page = numbered.test_client().get("/sign-in").text
    with numbered.app_context():
        db.engine.dispose()
    assert "address is a number" in page
    assert "data-passkey" not in page


def test_options_hold_no_address_and_no_public_id(login: Login, member: Member) -> None:
    words = json.dumps(offer(login(member), "/account/passkeys/options"))
    for secret in (member.account_id, member.email, member.session_handle):
        assert secret not in words
