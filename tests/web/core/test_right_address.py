"""Capitals and a slash at the end of an address lead to the page, on every page that there is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

GIVEN = {
    "slug": "dystonia",
    "other": "gout",
    "question": "what-helps",
    "purpose": "place",
    "kind": "post",
    "code": "AE-RK.x-1",
    "area_id": "7",
    "number": "1",
    "name": "css/Site.CSS",
    "language": "en",
}
"""A value for each part of an address; for all others an id in which capitals matter."""

QUERY = "q=A%20b&next=%2FPlaces%2F"


def _right(rule: Rule) -> str:
    path = rule.rule
    for name in rule.arguments:
        for converter in ("", "int:", "path:"):
            path = path.replace(f"<{converter}{name}>", GIVEN.get(name, "aBc-4Xy"))
    return path


def _loud(rule: Rule) -> str:
    """Return an address with capitals wherever they do not matter."""
    parts = []
    for pattern, right in zip(
        rule.rule.split("/"), _right(rule).split("/", rule.rule.count("/")), strict=True
    ):
        name = pattern.strip("<>").rpartition(":")[2]
        is_word = "<" not in pattern or name in {"slug", "other", "question", "purpose", "kind"}
        parts.append(right.upper() if is_word else right)
    return "/".join(parts)


def _pages(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def test_every_page_is_found_in_capitals_and_with_a_slash(app: Flask, client: FlaskClient) -> None:
    pages = _pages(app)
    assert len(pages) > 80
    for rule in pages:
        right, loud = _right(rule), _loud(rule)
        wrong = {right + "/", right + "//", loud, loud + "/"} - {right}
        for path in wrong if right != "/" else ():
            for method in ("GET", "HEAD"):
                answer = client.open(path, method=method, query_string=QUERY)
                assert (answer.status_code, answer.location) == (308, f"{right}?{QUERY}"), path
        assert client.get(right).status_code != 308, right


def test_what_is_sent_to_a_wrong_address_is_not_led_on(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            for path in (_right(rule) + "/", _loud(rule)):
                if path != _right(rule):
                    assert client.post(path, data={"x": "y"}).status_code != 308, path


@pytest.mark.parametrize(
    "path", ["/nothing/", "/NOTHING", "//evil.example/", "///evil.example/map/", "/\r\na: b/"]
)
def test_where_there_is_no_page_nobody_is_led_elsewhere(client: FlaskClient, path: str) -> None:
    # As the path that a server hands over: a client would take "//name" for a host.
    answer = client.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 404 or str(answer.location).startswith("http://localhost/")


def test_letters_that_need_it_are_escaped(client: FlaskClient) -> None:
    answer = client.get("/conditions/%C3%9CNI%20%25%0A/map/")
    assert answer.location == "/conditions/%C3%BCni%20%25%0A/map"
