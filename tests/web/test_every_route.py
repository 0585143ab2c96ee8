"""Junk on every route gets a clear refusal, for visitors, members and staff alike."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

JUNK = ["dystonia", "0", "-1", "99999999999999999999", "ünï-c0de", "'--", "{{7*191}}", "a" * 300]
QUERY = {"q": JUNK[5], "page": "-3", "level": "moon", "under": "x", "area": "1e9", "town": "\ud7ff",
         "precision": "street", "next": "//[", "condition": "no-such", "role": "{{1}}"}  # fmt: skip


def addresses(rule: Rule) -> Iterator[str]:
    """Addresses of a rule with junk in every place that takes a value."""
    for value in JUNK if rule.arguments else JUNK[:1]:
        address = rule.rule
        for name in rule.arguments:
            for converter in ("", "int:", "path:"):
                address = address.replace(f"<{converter}{name}>", value)
        yield address


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


@pytest.mark.parametrize("who", ["visitor", "member", "staff"])
def test_junk_is_refused_clearly(
    app: Flask,
    client: FlaskClient,
    who: str,
    make_member: Callable[..., Any],
    login: Callable[..., Any],
) -> None:
    if who != "visitor":
        login(make_member(staff=who == "staff"))
    asked = 0
    for rule, method in itertools.product(rules(app), ("GET", "POST", "PUT", "DELETE")):
        for address in addresses(rule):
            answer = client.open(address, method=method, query_string=QUERY, data={"x": "y"})
            assert answer.status_code < 500, (method, address, answer.status_code)
            if method in {"PUT", "DELETE"}:
                assert answer.status_code in {404, 405, 308}, (method, address)
            asked += 1
    assert asked > 1000


def test_nothing_is_changed_without_the_token(
    app: Flask, client: FlaskClient, make_member: Callable[..., Any], login: Callable[..., Any]
) -> None:
    login(make_member(staff=True))
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [rule for rule in rules(app) if "POST" in (rule.methods or ())]
    assert len(posts) > 10
    for rule in posts:
        address = next(addresses(rule))
        assert client.post(address, data={"x": "y"}).status_code == 400, address
