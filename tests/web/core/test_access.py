"""Every page, for every kind of reader: who is let in, and where the others are sent.

What is expected is written here once more, and not taken from the table of the site: whoever opens
a page to others says so twice.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.web.core.permissions import EVERYONE, MEMBER, PERMISSIONS
from tests.open_to import FOR_ADMINS, FOR_EVERYONE, FOR_MEMBERS, FOR_MODERATORS, FOR_SUSPENDED

Login = Callable[..., FlaskClient]
Make = Callable[..., Any]
AddPage = Callable[..., None]


FOR_PROVEN = {  # with the page that follows the second step
    "account_address.change_address": "/account/address",
    "passkeys.add_passkey": "/account/passkeys",
    "passkeys.new_options": "/account/passkeys",
    "passkeys.remove_passkey": "/account/passkeys",
    "second_factor.remove_authenticator": "/account/authenticator",
    "second_factor.set_up_authenticator": "/account/authenticator",
}

VALUES = {
    "area_id": 1,
    "case_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c15",
    "code": "GB",
    "collection": "countries",
    "key": "0" * 32,
    "kind": "person",
    "language": "en",
    "message": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c13",
    "name": "style.css",
    "number": 0,
    "piece": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c16",
    "picture": "icon-192.png",
    "public_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c11",
    "account_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c11",
    "purpose": "mail",
    "question": "treatments",
    "request_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c12",
    "ruling_id": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c17",
    "slug": "dystonia",
    "other": "gout",
    "conversation": "4b1f0c52-7c1e-4a4e-9d0a-0f2f5a1e7c14",
    "token": "t" * 43,
    "version": "0" * 12,
}
"""A value for each name in the addresses of the site."""

OPEN, NO_STAFF, JOIN = "open", "This page is for the site", "/conditions/dystonia/join"


class Who(NamedTuple):
    """A person who opens a page."""

    signed_in: bool = True
    staff: str = ""
    strong: bool = False
    """Whether they gave a second proof just now."""
    has_factor: bool = False
    suspended: bool = False


PEOPLE = {
    "visitor": Who(signed_in=False),
    "member": Who(),
    "member who did not show their second factor": Who(has_factor=True),
    "member who did": Who(has_factor=True, strong=True),
    "suspended member": Who(suspended=True),
    "suspended admin": Who(staff="admin", strong=True, suspended=True),
    "moderator by mail alone": Who(staff="moderator"),
    "moderator": Who(staff="moderator", strong=True),
    "admin by mail alone": Who(staff="admin"),
    "admin": Who(staff="admin", strong=True),
}


def expected(who: Who, endpoint: str, here: str, method: str) -> str:
    """Return what must happen to a person at a page; ``here`` is the address to return to."""
    if endpoint in FOR_EVERYONE:
        return OPEN
    if not who.signed_in:
        joins = (endpoint, method) == ("members.place", "GET")
        return JOIN if joins else f"/sign-in?next={here}"
    if who.suspended:
        return OPEN if endpoint in FOR_SUSPENDED else "/account/rulings"
    if endpoint in FOR_MEMBERS:
        return OPEN
    if endpoint in FOR_PROVEN:
        lacks_proof = who.has_factor and not who.strong
        return f"/account/second-step?next={FOR_PROVEN[endpoint]}" if lacks_proof else OPEN
    if who.staff not in ({"admin"} if endpoint in FOR_ADMINS else {"moderator", "admin"}):
        return NO_STAFF
    return OPEN if who.strong else f"/account/second-step?next={here}"


def outcome(answer: TestResponse) -> str:
    """Return what happened to a person."""
    location = unquote(answer.location or "")
    leads = location.startswith(("/sign-in?", "/account/second-step?"))
    if answer.status_code == 303 and (leads or location in ("/account/rulings", JOIN)):
        return location
    refused = answer.status_code == 403 and NO_STAFF in answer.text
    return NO_STAFF if refused else OPEN


def pages(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every page of the site: its endpoint, an address of it, a method that it takes."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: VALUES[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, addresses.build(rule.endpoint, values, method), method


@pytest.fixture
def browser_of(app: Flask, make_member: Make, login: Login) -> Callable[[Who], FlaskClient]:
    """``browser_of(who)`` is a new person's browser, because some pages end a session for good."""

    def _browser_of(who: Who) -> FlaskClient:
        browser = app.test_client()
        if who.signed_in:
            member = make_member(
                staff=who.staff,
                totp_secret="sealed" if who.has_factor else None,
                suspended=who.suspended,
            )
            login(member, on=browser, strong=who.strong)
        return browser

    return _browser_of


def test_every_page_is_said_to_be_for_somebody(app: Flask) -> None:
    said = [*FOR_EVERYONE, *FOR_MEMBERS, *FOR_PROVEN, *FOR_MODERATORS, *FOR_ADMINS]
    assert sorted(said) == sorted({rule.endpoint for rule in app.url_map.iter_rules()})


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_opens_to_whom_it_is_for_and_to_nobody_else(
    app: Flask, browser_of: Callable[[Who], FlaskClient], name: str
) -> None:
    who = PEOPLE[name]
    for endpoint, address, method in pages(app):
        answer = browser_of(who).open(address, method=method)
        here = address if method == "GET" else "/"
        assert outcome(answer) == expected(who, endpoint, here, method), (method, address)
        assert answer.status_code < 500, (method, address)


def test_a_page_without_a_line_stops_the_site_at_its_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PERMISSIONS, "places.list_places")
    with pytest.raises(RuntimeError, match=r"places\.list_places"):
        create_app(settings)


def test_a_line_without_a_page_stops_it_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PERMISSIONS, "members.palaces", MEMBER)
    with pytest.raises(RuntimeError, match=r"members\.palaces"):
        create_app(settings)


@pytest.mark.own_site
def test_a_page_added_later_without_a_line_opens_to_nobody(
    app: Flask, make_member: Make, login: Login
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "a secret")
    answer = login(make_member(staff=True)).get("/forgotten")
    assert answer.status_code == 500
    assert "a secret" not in answer.text


def test_visitors_come_back_to_the_page_with_what_they_asked_for(client: FlaskClient) -> None:
    assert client.get("/admin?x=1").location == "/sign-in?next=/admin?x%3D1"


def test_a_head_is_answered_like_the_page(client: FlaskClient) -> None:
    for page in ("/places?x=1", "/conditions/dystonia/place?area=5", "/admin", "/account/data"):
        seen, head = client.get(page), client.head(page)
        assert (head.status_code, head.location) == (seen.status_code, seen.location)
        assert head.location != "/"


def test_a_refusal_offers_members_no_other_sign_in(make_member: Make, login: Login) -> None:
    refused = login(make_member()).get("/admin")
    assert refused.status_code == 403
    assert 'href="/sign-in"' not in refused.text.split("<main")[1]


def test_a_form_without_its_token_is_refused_before_anybody_is_sent_to_sign_in(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/account/hide").status_code == 400
    assert client.post("/admin/mail/retry").status_code == 400


def test_there_is_no_page_before_there_is_a_guard(client: FlaskClient) -> None:
    assert client.get("/no-such-page").status_code == 404
    assert client.get("/account/hide").status_code == 405
    asked = client.options("/admin")
    assert (asked.status_code, asked.text) == (200, "")
    assert "GET" in asked.headers["Allow"]


@pytest.mark.own_site
def test_pages_of_members_are_kept_by_no_browser(
    app: Flask, make_member: Make, login: Login, add_page: AddPage
) -> None:
    add_page(app, "/mine", "mine", lambda: "me", MEMBER)
    own = {"Cache-Control": "private, no-cache"}
    add_page(app, "/mine/tagged", "tagged", lambda: ("me", own), MEMBER)
    browser = login(make_member(staff=True), strong=False)
    assert browser.get("/mine").headers["Cache-Control"] == "private, no-store"
    assert browser.get("/mine/tagged").headers["Cache-Control"] == "private, no-cache"
    assert browser.get("/admin").headers["Cache-Control"] == "private, no-store"


@pytest.mark.own_site
def test_for_pages_open_to_everyone_nobody_is_looked_up(
    app: Flask, make_member: Make, login: Login, add_page: AddPage
) -> None:
    add_page(app, "/plain", "plain", lambda: str("account" in g), EVERYONE)
    add_page(app, "/mine", "mine", lambda: str("account" in g), MEMBER)
    browser = login(make_member())
    assert (browser.get("/plain").text, browser.get("/mine").text) == ("False", "True")


def test_the_link_leads_staff_to_the_page_that_is_theirs(make_member: Make, login: Login) -> None:
    for staff, page in (("moderator", "/moderation"), (True, "/admin")):
        seen = login(make_member(staff=staff)).get("/credits").text
        assert f'<a href="{page}"><span>Staff</span></a>' in seen
