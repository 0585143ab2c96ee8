"""Junk on every route gets a clear refusal, for visitors, members and staff alike."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import Rule

from mapapp.web.core.request_session import LONGEST_QUERY, READING_POSTS
from tests.databases import rows_of
from tests.sampling import Sampling

JUNK = [
    "dystonia",
    "0",
    "-1",
    "99999999999999999999",
    "ünï-c0de",
    "'--",
    "{{7*1910191}}",
    "a" * 300,
]
QUERY = {"q": JUNK[5], "page": "-3", "level": "moon", "under": "x", "area": "1e9", "town": "\ud7ff",
         "precision": "street", "next": "//[", "condition": "no-such", "role": "{{1}}"}  # fmt: skip


def address(rule: Rule, junk: str) -> str:
    """Return a URL of a rule, with junk for every argument."""
    address = rule.rule
    for name in rule.arguments:
        for converter in ("", "int:", "path:"):
            address = address.replace(f"<{converter}{name}>", junk)
    return address


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


@pytest.mark.parametrize("who", ["visitor", "member", "staff"])
def test_junk_is_refused_clearly(
    app: Flask,
    client: FlaskClient,
    who: str,
    make_member: Callable[..., Any],
    login: Callable[..., Any],
    sampling: Sampling,
) -> None:
    if who != "visitor":
        login(make_member(staff=who == "staff"))
    ways = list(itertools.product(rules(app), ("GET", "POST", "PUT", "DELETE")))
    assert len(ways) > 400
    plain = [way for way in ways if not way[0].arguments]
    asked = [(way, JUNK[0]) for way in plain]
    asked += sampling.pairs([way for way in ways if way not in plain], JUNK)
    assert {id(rule) for (rule, _method), _junk in asked} == {id(rule) for rule in rules(app)}
    assert len(asked) >= len(ways)
    for (rule, method), junk in asked:
        here = address(rule, junk)
        answer = client.open(here, method=method, query_string=QUERY, data={"x": "y"})
        assert answer.status_code < 500, (method, here, answer.status_code)
        if method in {"PUT", "DELETE"}:
            assert answer.status_code in {404, 405, 308}, (method, here)


def test_nothing_is_changed_without_the_token(
    app: Flask, client: FlaskClient, make_member: Callable[..., Any], login: Callable[..., Any]
) -> None:
    login(make_member(staff=True))
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [rule for rule in rules(app) if "POST" in (rule.methods or ())]
    assert len(posts) > 10
    for rule in posts:
        if rule.endpoint in READING_POSTS:
            continue
        here = address(rule, JUNK[0])
        assert client.post(here, data={"x": "y"}).status_code == 400, here


@pytest.mark.parametrize("is_member", [False, True])
def test_what_takes_no_token_changes_nothing(
    app: Flask,
    client: FlaskClient,
    make_member: Callable[..., Any],
    login: Callable[..., Any],
    make_condition: Callable[..., Any],
    engine: Engine,
    is_member: bool,
) -> None:
    make_condition("dystonia")
    if is_member:
        login(make_member())
    app.config["WTF_CSRF_ENABLED"] = True
    before = rows_of(engine)
    for endpoint in READING_POSTS:
        rule = next(rule for rule in rules(app) if rule.endpoint == endpoint)
        form = {"data": {"town": "Leeds", "q": "Leeds"}}
        sent = {"json": {"town": "Leeds"}} if endpoint.startswith("api_") else form
        answer = client.post(address(rule, JUNK[0]), **sent)
        assert answer.status_code in {200, 303}
        assert not answer.headers.getlist("Set-Cookie")
    assert rows_of(engine) == before


def test_an_address_of_any_length_is_refused_before_it_is_read(
    app: Flask, client: FlaskClient
) -> None:
    long = "x=" + "%F0%9F%98%80" * (LONGEST_QUERY // 12 + 1)
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            answer = client.get(address(rule, JUNK[0]), query_string=long)
            assert answer.status_code == 414, rule
    assert client.get("/conditions", query_string=long[:LONGEST_QUERY]).status_code == 200
