"""Reporting on pages: a link, a tap, and thanks."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.moderation import report_send
from mapapp.domain.safety.case_rules import CATEGORIES
from mapapp.store.contact import Block
from mapapp.store.members import Member
from mapapp.store.moderation import Case, Report
from tests.forms import forms
from tests.moderation import Site

Login = Callable[..., FlaskClient]


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody("public", pseudonym="Wren")


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody(pseudonym="Robin")


def test_a_link_and_a_tap(site: Site, wren: Member, robin: Member, login: Login) -> None:
    browser = login(robin)
    listing = browser.get(f"/members/{wren.public_id}/connect?condition=dystonia").text
    link = f"/report/person/{wren.public_id}?condition=dystonia"
    assert f'href="{link}"' in listing
    page = browser.get(link).text
    assert "Wren" in page
    assert page.count('name="category"') == len(CATEGORIES)
    assert all(f'value="{key}"' in page for key in CATEGORIES)
    assert "<details>" in page  # what one may add is folded away: one tap is enough
    made = browser.post(link, data={"category": "money"})
    assert made.status_code == 303
    thanks = browser.get(made.location).text
    assert "Asks for money" in thanks
    assert "Block this person too" in thanks
    assert site.case().category == "money"


def test_messages_and_requests_have_their_page(
    site: Site, wren: Member, robin: Member, login: Login
) -> None:
    sent = site.message(site.conversation(wren, robin), wren, "buy <b>this</b> {{7*1910191}}")
    request = site.knock(wren, robin)
    browser = login(robin)
    page = browser.get(f"/report/message/{sent.public_id}").text
    assert "buy &lt;b&gt;this&lt;/b&gt; {{7*1910191}}" in page
    for kind, piece in (("message", sent.public_id), ("knock", request.public_id)):
        made = browser.post(f"/report/{kind}/{piece}", data={"category": "cure"})
        assert browser.get(made.location).status_code == 200


def test_what_is_not_there_has_no_page(
    site: Site, wren: Member, robin: Member, login: Login
) -> None:
    hidden = site.somebody("counted")
    browser = login(robin)
    pages = {
        tuple(_without_tokens(browser.open(path, method=method, data={"category": "spam"}).text))
        for path in (f"/report/person/{hidden.public_id}", "/report/person/nobody")
        for method in ("GET", "POST")
    }
    assert len(pages) == 1
    for path in ("/report/moon/x", "/report/message/x", "/report/knock/x"):
        assert browser.get(path).status_code == 404
    assert browser.get(f"/report/person/{wren.public_id}/thanks").status_code == 404
    assert browser.post(f"/report/person/{wren.public_id}/block").status_code == 404
    assert browser.get(f"/report/person/{robin.public_id}").status_code == 400


def test_without_a_reason_the_page_says_so(
    site: Site, wren: Member, robin: Member, login: Login
) -> None:
    browser = login(robin)
    for data in ({}, {"category": "held"}):
        answer = browser.post(f"/report/person/{wren.public_id}", data=data)
        assert answer.status_code == 400
        assert "Choose what is wrong." in answer.text
    site.session.rollback()
    assert site.session.scalars(select(Report)).all() == []


def test_the_limit_is_said_on_the_page(site: Site, robin: Member, login: Login) -> None:
    for _ in range(20):
        site.report(robin, site.somebody())
    last = site.somebody()
    answer = login(robin).post(f"/report/person/{last.public_id}", data={"category": "spam"})
    assert answer.status_code == 429
    assert "You can report again tomorrow" in answer.text


def test_a_person_hidden_by_it_can_be_blocked_still(
    site: Site, wren: Member, robin: Member, login: Login
) -> None:
    site.report(site.somebody(), wren)
    browser = login(robin)
    made = browser.post(f"/report/person/{wren.public_id}", data={"category": "spam"})
    thanks = browser.get(made.location)
    assert thanks.status_code == 200
    (block,) = [form for form in forms(thanks.text) if form.action.endswith("/block")]
    assert browser.post(block.action).location == "/inbox"
    site.session.rollback()
    row = site.session.scalars(select(Block)).one()
    assert (row.member_id, row.blocked_id) == (robin.id, wren.id)


def test_who_reports_self_harm_reads_who_listens(
    site: Site, wren: Member, robin: Member, login: Login
) -> None:
    browser = login(robin)
    made = browser.post(f"/report/person/{wren.public_id}", data={"category": "self-harm"})
    thanks = browser.get(made.location).text
    assert "You do not have to carry it alone" in thanks
    assert "United Kingdom" in thanks
    assert 'href="tel:' in thanks
    browser.post(f"/report/person/{wren.public_id}", data={"category": "spam"})
    assert "You do not have to carry it alone" not in browser.get(made.location).text


def test_the_other_side_sees_nothing_of_it(
    site: Site, wren: Member, robin: Member, login: Login, app: object
) -> None:
    client = app.test_client()  # type: ignore[attr-defined]
    browser = login(wren, on=client)
    paths = ("/account/rulings", "/places", "/inbox")
    before = [browser.get(path).text.split("<main")[1] for path in paths]
    site.report(robin, wren)
    site.session.commit()
    assert site.session.scalars(select(Case)).one().subject_id == wren.id
    after = [browser.get(path).text.split("<main")[1] for path in paths]
    assert [_without_tokens(text) for text in after] == [_without_tokens(text) for text in before]


def _without_tokens(text: str) -> list[str]:
    return [line for line in text.splitlines() if "csrf_token" not in line]


def test_a_report_carries_a_few_words_for_the_moderator_who_reads_it(
    site: Site, wren: Member, robin: Member, mod: Member, login: Login, app: Flask
) -> None:
    link = f"/report/person/{wren.public_id}?condition=dystonia"
    browser = login(robin)
    too_long = browser.post(link, data={"category": "money", "words": "x" * 501})
    assert too_long.status_code == 400
    assert "Write at most 500 characters." in too_long.text
    assert "x" * 501 in too_long.text
    said = "They asked me <b>seven</b> times."
    assert browser.post(link, data={"category": "money", "words": said}).status_code == 303
    shown = "They asked me &lt;b&gt;seven&lt;/b&gt; times."
    case = f"/moderation/{site.case().public_id}"
    mods, others = login(mod, on=app.test_client()), login(site.moderator(), on=app.test_client())
    assert shown not in mods.get(case).text
    mods.post(f"{case}/take")
    assert shown in mods.get(case).text
    assert shown not in others.get(case).text
    assert "Robin" not in mods.get(case).text
    accused = login(site.now(wren), on=app.test_client())
    for page in ("/account/data.json", "/account/rulings"):
        assert "seven" not in accused.get(page).text
    assert said in json.loads(browser.get("/account/data.json").text)["reports"][0]["own_words"]


def test_a_report_sent_again_keeps_its_words(site: Site, wren: Member, robin: Member) -> None:
    for words in ("They asked me.", ""):
        said = report_send.Said("money", words)
        ctx = Context(site.session, site.settings, reader_id=robin.id)
        report_send.report(ctx, "person", wren.public_id, said, "dystonia")
    assert site.session.scalars(select(Report.words)).one() == "They asked me."
