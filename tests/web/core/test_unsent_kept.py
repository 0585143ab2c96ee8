"""A text that waits for its writer to sign in: where, how long, and for whom."""

import random
import string
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mapapp.actions.core import quotas
from mapapp.store.members import Member
from mapapp.store.questions import Question
from mapapp.store.sign_in import WebSession
from tests.forms import form_to, forms, texts_shown
from tests.posts import Board
from tests.signed_in import enter

MESSAGE = "/conversations/x"


def _keep(browser: FlaskClient) -> TestResponse:
    """Lose a message to a session that ended, and take it along."""
    browser.delete_cookie("session")
    page = browser.post(MESSAGE, data={"text": "I woke up at four.", "csrf_token": "old"})
    return browser.post("/unsent", data=form_to(page.text, "/unsent").fields)


def test_only_the_browser_that_wrote_it_has_it(
    guarded: Flask, signed_in: FlaskClient, session: Session
) -> None:
    member_id = session.scalars(select(Member.id)).one()
    _keep(signed_in)
    elsewhere = guarded.test_client()
    enter(guarded, elsewhere, member_id)
    assert elsewhere.get("/unsent").location == "/"
    enter(guarded, signed_in, member_id)
    assert "I woke up at four." in signed_in.get("/unsent").text


def test_it_waits_for_a_day_and_ends_with_the_session(
    guarded: Flask, signed_in: FlaskClient, session: Session
) -> None:
    member_id = session.scalars(select(Member.id)).one()
    with time_machine.travel("2026-11-01 12:00:00+00:00", tick=False) as clock:
        _keep(signed_in)
        enter(guarded, signed_in, member_id)
        clock.shift(86_000)
        page = signed_in.get("/unsent")
        assert "I woke up at four." in page.text
        clock.shift(1_000)
        assert signed_in.get("/unsent").location == "/"
    _keep(signed_in)
    enter(guarded, signed_in, member_id)
    signed_in.post("/unsent/forget", data=form_to(signed_in.get("/unsent").text, MESSAGE).fields)
    assert signed_in.get("/unsent").location == "/"


def test_what_the_site_did_not_seal_is_not_kept(app: Flask, client: FlaskClient) -> None:
    for sealed in ("", "x", '["/x",[["text","a b"]]]'):
        assert client.post("/unsent", data={"sealed": sealed}).status_code == 400


def test_keeping_is_limited_and_the_text_still_there(guarded: Flask, client: FlaskClient) -> None:
    statuses = []
    for _ in range(quotas.KEPT_TEXTS.most + 1):
        answer = _keep(client)
        statuses.append(answer.status_code)
    assert statuses == [303] * quotas.KEPT_TEXTS.most + [429]
    assert "I woke up at four." in answer.text


def test_looking_keeps_nothing(guarded: Flask, client: FlaskClient, session: Session) -> None:
    client.post(MESSAGE, data={"text": "I woke up at four.", "csrf_token": "old"})
    assert session.scalars(select(WebSession)).all() == []


def test_a_text_too_long_to_be_taken_along_can_be_copied(
    guarded: Flask, client: FlaskClient
) -> None:
    text = "".join(random.Random(1).choices(string.ascii_letters, k=130_000))
    answer = client.post(MESSAGE, data={"text": f"A {text}", "csrf_token": "old"})
    assert texts_shown(answer.text) == {"text": f"A {text}"}
    assert "/unsent" not in [form.action for form in forms(answer.text)]


def test_what_was_too_large_is_refused_in_words(app: Flask, client: FlaskClient) -> None:
    answer = client.post(MESSAGE, data={"text": "a b " * 100_000})
    assert answer.status_code == 413
    assert client.post("/sign-in", data={"text": "a b " * 20_000}).status_code == 413


@pytest.mark.both
def test_a_question_of_somebody_signed_out_is_asked_once(
    guarded: Flask, board: Board, login: Callable[..., FlaskClient]
) -> None:
    wren, words = board.somebody(pseudonym="Wren"), "Does swimming help anybody here?"
    browser, index = login(wren), "/conditions/dystonia/questions"
    form = form_to(browser.get(index).text, f"{index}#ask")
    browser.delete_cookie("session")
    refused = browser.post(index, data={**form.fields, "question": words})
    browser.post("/unsent", data=form_to(refused.text, "/unsent").fields)
    enter(guarded, browser, wren.id)
    page = browser.get("/unsent").text
    sent = {**form_to(page, index).fields, "question": words}
    assert browser.post(index, data=sent).status_code == 303
    assert browser.get("/unsent").location == "/"
    asked = select(func.count()).where(Question.title == words)
    assert board.session.scalar(asked) == 1
