"""Who is signed in, signing in and out, and that nothing of the former sign-in library is left."""

import hmac
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.web.core.proof import STRONG
from mapapp.web.core.request_session import db
from mapapp.web.core.security import local_path, sign_in_browser, sign_out_browser

GONE = {"flask_security", "flask_login", "flask_principal", "passlib"}
Login = Callable[..., FlaskClient]
Make = Callable[..., Member]


def _is_in(client: FlaskClient) -> bool:
    return client.get("/places").status_code == 200


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def enter(app: Flask, add_page: Callable[..., None], session: Session) -> Callable[..., Any]:
    """``enter(member)`` signs a browser in as the site does, once a link or a passkey was right.

    It adds a page, so the test needs a site of its own.
    """

    def _view() -> str:
        member_id, strong = request.args.get("member", type=int), "strong" in request.args
        assert member_id is not None
        sign_in_browser(member_id, strong=strong)
        return generate_csrf()

    def _enter(member: Member, on: FlaskClient, **more: str) -> TestResponse:
        session.commit()
        return on.get("/enter", query_string={"member": member.id, **more})

    add_page(app, "/enter", "enter", _view)
    return _enter


def test_nothing_of_the_sign_in_library_is_imported() -> None:
    assert not GONE & set(sys.modules)


@pytest.mark.own_site
def test_a_session_says_whose_it_is_and_nothing_more(
    client: FlaskClient, enter: Callable[..., Any], make_member: Make
) -> None:
    """Neither when a member signed in, nor from which network."""
    member = make_member()
    assert enter(member, client).status_code == 200
    with client.session_transaction() as held:
        known = dict(held)
    assert known.pop("csrf_token")  # the page of this test shows one
    assert known == {"_user_id": member.session_handle, "member_id": member.id}


@pytest.mark.own_site
def test_nothing_is_left_of_who_was_signed_in_before(
    client: FlaskClient, enter: Callable[..., Any], make_member: Make
) -> None:
    enter(make_member(), client, strong="")
    with client.session_transaction() as held:
        assert held[STRONG]
        held["theirs"] = "something"
    other = make_member()
    enter(other, client)
    with client.session_transaction() as held:
        assert held.keys() == {"_user_id", "member_id", "csrf_token"}
        assert held["member_id"] == other.id


def test_a_session_that_an_earlier_release_stored_goes_on(
    client: FlaskClient, login: Login, make_member: Make
) -> None:
    login(make_member())
    with client.session_transaction() as held:
        held["_fresh"] = True
    assert _is_in(client)


def test_a_new_handle_ends_every_session_of_a_member(
    app: Flask, session: Session, login: Login, make_member: Make
) -> None:
    member, other = make_member(), make_member()
    mine = [login(member, on=app.test_client()) for _ in range(2)]
    theirs = login(other, on=app.test_client())
    assert all(map(_is_in, mine))
    member.session_handle = "f" * 32
    session.commit()
    assert not any(map(_is_in, mine))
    assert _is_in(theirs)


@pytest.mark.parametrize("handle", [None, "", "nobody"])
def test_a_session_without_the_handle_of_an_account_is_a_visitors(
    client: FlaskClient, login: Login, make_member: Make, handle: Any
) -> None:
    login(make_member())
    with client.session_transaction() as held:
        held["_user_id"] = handle
    assert client.get("/places").status_code == 303


def test_a_session_goes_on_in_another_network_and_after_an_update(
    client: FlaskClient, login: Login, make_member: Make
) -> None:
    login(make_member())
    for number in (1, 2):
        here = {"REMOTE_ADDR": f"192.0.2.{number}", "HTTP_USER_AGENT": f"Browser/{number}"}
        assert client.get("/places", environ_overrides=here).status_code == 200


@pytest.mark.own_site
@pytest.mark.parametrize("closed", [True, False])
def test_nobody_enters_a_closed_account_or_one_that_is_gone(
    client: FlaskClient,
    session: Session,
    enter: Callable[..., Any],
    make_member: Make,
    closed: bool,
) -> None:
    member = make_member(active=not closed)
    session.commit()
    if not closed:
        session.delete(member)
    assert enter(member, client).status_code == 403
    assert not _is_in(client)


def test_what_the_sign_in_library_signed_lets_nobody_in(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, make_member: Make
) -> None:
    """Neither its token, which it also read from the URL, nor its "remember me" cookie."""
    handle = make_member().session_handle
    session.commit()
    said = {"ver": "5", "uid": handle, "fs_paa": time.time(), "exp": 0}
    token = str(URLSafeTimedSerializer([settings.secret], salt="remember-salt").dumps(said))
    assert client.get("/places", query_string={"auth_token": token}).status_code == 303
    headers = {"Authentication-Token": token}
    assert client.get("/places", headers=headers).status_code == 303
    mark = hmac.new(settings.secret.encode(), handle.encode(), "sha512").hexdigest()
    client.set_cookie("remember_token", f"{handle}|{mark}")
    client.get("/")  # the library read the cookie when a page was made
    assert client.get("/places").status_code == 303


@pytest.mark.own_site
def test_signing_in_and_out_each_take_a_new_token_for_forms(
    app: Flask, client: FlaskClient, enter: Callable[..., Any], make_member: Make
) -> None:
    """The new token is valid at once, in the same response, and the old one is not."""
    app.config["WTF_CSRF_ENABLED"] = True
    visitors = _token(client.get("/sign-in").text)
    members = enter(make_member(), client).text
    assert client.post("/account/hide", data={"csrf_token": visitors}).status_code == 400
    assert client.post("/account/hide", data={"csrf_token": members}).status_code == 303
    assert client.post("/sign-out", data={"csrf_token": members}).status_code == 303
    sent = {"email": "robin@example.org", "csrf_token": members}
    assert client.post("/sign-in", data=sent).status_code == 400


@pytest.mark.own_site
@pytest.mark.parametrize("way", ["in", "out"])
def test_a_form_on_the_answer_that_signs_in_or_out_is_good(
    app: Flask,
    client: FlaskClient,
    add_page: Callable[..., None],
    make_member: Make,
    way: str,
    session: Session,
) -> None:
    member = make_member()
    session.commit()

    def _view() -> str:
        generate_csrf()  # as each form does that is read first
        sign_out_browser() if way == "out" else sign_in_browser(member.id)
        return generate_csrf()

    add_page(app, "/way", "way", _view)
    app.config["WTF_CSRF_ENABLED"] = True
    sent = {"email": "robin@example.org", "csrf_token": client.get("/way").text}
    assert client.post("/sign-in", data=sent).status_code == 303


def test_only_answers_that_looked_at_the_session_depend_on_the_cookie(
    client: FlaskClient,
) -> None:
    style = re.search(r'href="(/assets/[^"]+)"', client.get("/").text)
    assert style
    for path in ("/", "/places", "/no-such-page", "/conditions"):
        assert "Cookie" in client.get(path).vary, path
    for path in (style[1], "/healthz"):
        assert client.get(path).status_code == 200
        assert "Cookie" not in client.get(path).vary, path


@pytest.mark.parametrize(
    "path",
    ["/places", "/conditions/dystonia/place?area=5", "/inbox", "/a?b=c&d=%2F%2Fe", "/ü"],
)
def test_pages_of_this_site_are_places_to_return_to(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        None,
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%0a/evil\n.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        "/sign-in?next=/",
        "/sign-out",
    ],
)
def test_everything_else_leads_to_the_start(path: str | None) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.9"), (1, "192.0.2.7")])
def test_only_trusted_proxies_say_where_a_request_comes_from(
    settings: Settings, proxies: int, seen: str, add_page: Callable[..., None]
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    add_page(app, "/where", "where", lambda: request.remote_addr or "")
    answer = app.test_client().get(
        "/where",
        headers={"X-Forwarded-For": "203.0.113.1, 192.0.2.7"},
        environ_base={"REMOTE_ADDR": "10.0.0.9"},
    )
    with app.app_context():
        db.engine.dispose()
    assert answer.text == seen
