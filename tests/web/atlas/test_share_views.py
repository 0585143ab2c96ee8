"""Ways to show a map to others, and the one page that other sites may frame."""

import base64
import hashlib
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mapapp.store import facts
from mapapp.web.core.headers import FRAMABLE
from tests import factories
from tests.finished import ADDRESSES, emptied, without
from tests.web.core.test_every_route import JUNK, address, rules
from tests.worlds import fill, whole_answer

SITE = "http://127.0.0.1:8000"
SHARE = "/conditions/dystonia/share"
FRAME = "/embed/conditions/dystonia"
NAMES = re.compile("Public Person|Members Person|Far Person|Berlin")


def _may_be_framed(response: TestResponse) -> bool:
    """As browsers decide: by the policy, and by the older header if it says nothing."""
    _before, named, allowed = response.headers["Content-Security-Policy"].partition(
        "frame-ancestors "
    )
    if named:
        return not allowed.startswith("'none'")
    return response.headers.get("X-Frame-Options") != "DENY"


def test_the_page_has_each_way(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(SHARE, headers={"Host": "evil.example"}).text
    assert "evil.example" not in page
    assert f'value="{SITE}/conditions/dystonia/map"' in page
    for file in ("card.png", "poster.pdf"):
        assert f'href="/conditions/dystonia/{file}"' in page
    assert not NAMES.search(page)
    (code,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert unescape(code) == (
        f'<iframe src="{SITE}{FRAME}" title="Map of Dystonia" width="480" height="360" '
        'loading="lazy"></iframe>'
    )


def test_buttons_that_need_a_script_are_hidden_without(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    buttons = re.findall(r"<button[^>]*data-(?:copy|send)=[^>]*>", client.get(SHARE).text)
    assert len(buttons) == 3
    assert all(button.endswith(" hidden>") for button in buttons)


def test_a_name_in_the_code_stays_in_its_quotes(client: FlaskClient, session: Session) -> None:
    evil = '"></iframe><script>alert(1)</script>&lt;'
    factories.make_condition(session, "evil", name=evil)
    session.commit()
    page = client.get("/conditions/evil/share").text
    assert "<script>alert" not in page
    (code,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    pasted = unescape(code)  # what a person copies, and another site reads
    assert "<script>" not in pasted
    (title,) = re.findall(r'title="([^"]*)"', pasted)
    assert unescape(title) == f"Map of {evil}"


@pytest.mark.parametrize("path", ["/conditions/dystonia", "/conditions/dystonia/map"])
def test_pages_lead_there(client: FlaskClient, session: Session, path: str) -> None:
    assert factories.make_condition(session, "gout", name="Gout")
    fill(session)
    for one in (path, path.replace("dystonia", "gout")):
        page = client.get(one).text
        assert re.search(
            rf'<a [^>]*href="{one.removesuffix("/map")}/share">Share this map</a>', page
        )


def test_what_is_shared_says_nothing_of_who_shares(
    client: FlaskClient,
    session: Session,
    make_member: Callable[..., Any],
    login: Callable[..., FlaskClient],
) -> None:
    fill(session)
    shared = r"<main.*?</main>"
    visitor = re.findall(shared, client.get(SHARE).text, re.S)
    frame = whole_answer(client, FRAME)
    login(make_member(pseudonym="Wren Here"))
    assert re.findall(shared, client.get(SHARE).text, re.S) == visitor != []
    assert whole_answer(client, FRAME) == frame


def test_a_frame_has_numbers_and_a_way_to_the_map(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(FRAME).text
    assert "<title>Map of Dystonia – " in page
    assert "3 people in 2 countries" in page
    assert "That is who has joined, not how many people have it." in page
    way = f'<a href="{SITE}/conditions/dystonia/map" target="_blank" rel="noopener">'
    assert re.findall(r"<a .*?>", page) == [way]
    assert len(re.findall(r'<path class="shade-[1-6]"', page)) >= 1
    assert not NAMES.search(page)
    assert not re.search(r"<script|<form|<link|<img|\bsrc=|url\(|@import", page)


def test_a_frame_without_people_is_a_beginning(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "dystonia", name="Dystonia")
    session.commit()
    page = client.get(FRAME).text
    assert "Nobody is on this map yet. You would be the first." in page
    assert "That is who has joined" not in page


def test_a_frame_says_that_its_people_are_invented(client: FlaskClient, session: Session) -> None:
    fill(session)
    words = "A demo: everybody here is invented."
    assert words not in client.get(FRAME).text
    facts.state(session, facts.HAS_DEMO, "1")
    session.commit()
    assert words in client.get(FRAME).text


@pytest.mark.parametrize("is_finished", [True, False])
def test_a_frame_sets_nothing_and_runs_nothing(
    app: Flask, client: FlaskClient, session: Session, is_finished: bool
) -> None:
    fill(session)
    emptied(app)
    if is_finished:
        first, again = client.get(FRAME), client.get(FRAME)
    else:
        with without(app):
            first, again = client.get(FRAME), client.get(FRAME)
    for response in (first, again):
        assert "Set-Cookie" not in response.headers
        assert "X-Frame-Options" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.S)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert response.headers["Content-Security-Policy"] == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors *"
        )
    known = {"If-None-Match": first.headers["ETag"]}
    unchanged = client.get(FRAME, headers=known)
    assert unchanged.status_code == 304
    assert _may_be_framed(unchanged)


def test_no_other_page_may_be_framed(app: Flask, client: FlaskClient, session: Session) -> None:
    fill(session)
    framed = set()
    for rule in rules(app):
        for junk in JUNK[:2]:
            for method in ("GET", "POST"):
                answer = client.open(address(rule, junk), method=method)
                if _may_be_framed(answer):
                    framed.add((rule.endpoint, method, answer.status_code))
    for endpoint, addresses in ADDRESSES.items():
        if endpoint not in FRAMABLE:
            assert [one for one in addresses if _may_be_framed(client.get(one))] == []
    assert framed == {("sharing.embed", "GET", 200)}


@pytest.mark.parametrize("path", [SHARE, FRAME])
def test_hidden_conditions_have_none(client: FlaskClient, session: Session, path: str) -> None:
    factories.make_condition(session, "dystonia", name="Dystonia", shown=False)
    session.commit()
    response = client.get(path)
    assert response.status_code == 404
    assert not _may_be_framed(response)
