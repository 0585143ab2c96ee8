from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.web.database import db
from mapapp.web.security import Account, local_path

STOCK_PAGES = (
    "/login",
    "/logout",
    "/register",
    "/reset",
    "/change",
    "/confirm",
    "/verify",
    "/us-signin",
    "/us-signin/send-code",
    "/us-verify-link",
    "/us-setup",
    "/us-verify",
    "/wan-register",
    "/wan-signin",
    "/wan-verify",
    "/tf-setup",
    "/tf-validate",
    "/tf-select",
    "/tf-rescue",
    "/mf-recovery",
    "/mf-recovery-codes",
    "/login/oauthresponse",
    "/change-email",
    "/change-username",
    "/recover-username",
    "/verify-link",
    "/fs-static/css/main.css",
)


@pytest.mark.parametrize("path", STOCK_PAGES)
def test_no_page_of_the_library_exists(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {404, 405}


def test_no_route_belongs_to_the_library(app: Flask) -> None:
    assert "security" not in app.blueprints
    assert not [r for r in app.url_map.iter_rules() if r.endpoint.startswith("security")]


def test_a_token_in_the_address_signs_nobody_in(
    app: Flask,
    client: FlaskClient,
    login: Callable[..., FlaskClient],
    make_member: Callable[..., Member],
) -> None:
    member = make_member()
    login(member, on=app.test_client())
    with app.test_request_context():
        token = db.session.get_one(Account, member.id).get_auth_token()
    assert client.get("/places", query_string={"auth_token": token}).status_code == 303
    headers = {"Authentication-Token": token}
    assert client.get("/places", headers=headers).status_code == 303


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
