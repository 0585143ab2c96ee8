"""What somebody wrote survives every way in which a form can fail to arrive, on every form."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse
from wtforms import EmailField, HiddenField, StringField
from wtforms.fields.core import UnboundField

from mapapp.errors import LimitError, NotFoundError
from mapapp.paths import TEMPLATES
from mapapp.store.limits import Quota
from mapapp.store.members import Member
from mapapp.web.core.permissions import EVERYONE, PERMISSIONS
from mapapp.web.core.request_session import READING_POSTS
from mapapp.web.core.written import NAMES
from tests.forms import Form, form_to, forms, texts_shown
from tests.signed_in import enter
from tests.web.core.test_every_route import address, rules

Login = Callable[..., FlaskClient]
Make = Callable[..., Any]
WORDS = {name: f"Slept <b>badly</b> & “cold”\r\nsince May, {name}." for name in sorted(NAMES)}
SENT = {**WORDS, "key": "0b6f-key", "role": "self", "csrf_token": "an old one"}
OWN = {"written.keep", "written.forget", *READING_POSTS}


def _posts(app: Flask) -> list[Rule]:
    found = [rule for rule in rules(app) if "POST" in (rule.methods or ())]
    assert len(found) > 50
    return [rule for rule in found if rule.endpoint not in OWN]


def _behind_signing_in(app: Flask) -> list[Rule]:
    found = [rule for rule in _posts(app) if PERMISSIONS[rule.endpoint] != EVERYONE]
    assert len(found) > 40
    return found


def _check(answer: TestResponse, where: str) -> None:
    assert answer.status_code >= 400, where
    shown = texts_shown(answer.text)
    assert {name: text.replace("\r\n", "\n") for name, text in shown.items()} == {
        name: text.replace("\r\n", "\n") for name, text in WORDS.items()
    }, where
    assert "no-store" in answer.headers["Cache-Control"], where
    assert "sealed" not in answer.headers.get("Location", ""), where


def _again(page: str, here: str) -> Form | None:
    """Return the form of a page that sends what was written once more."""
    found = [form for form in forms(page) if form.action == here and "key" in form.fields]
    return found[0] if found else None


def _raise(error: Exception) -> Callable[..., None]:
    def _view(**_values: object) -> None:
        raise error

    return _view


def test_every_field_that_people_write_into_is_known(app: Flask) -> None:
    found = set()
    for form in _all_forms(FlaskForm):
        for name in dir(form):
            field = getattr(form, name, None)
            kind = field.field_class if isinstance(field, UnboundField) else object
            if issubclass(kind, StringField) and not issubclass(kind, EmailField | HiddenField):
                found.add(name)
    for path in TEMPLATES.rglob("*.html"):
        written = re.findall(
            r'<(?:textarea|input)[^>]* name="(\w+)" (?:type="text"|rows)', path.read_text()
        )
        found.update(written)
    assert "text" in found
    assert "question" in found
    # Codes are worth nothing later; towns and countries are looked up; addresses may be secret.
    assert found - {"code", "countries", "town", "url"} == NAMES


def _all_forms(kind: type) -> Iterator[type]:
    for form in kind.__subclasses__():
        yield form
        yield from _all_forms(form)


@pytest.mark.both
def test_signed_out_in_another_tab(guarded: Flask, signed_in: FlaskClient) -> None:
    for rule in _behind_signing_in(guarded):
        signed_in.delete_cookie("session")
        signed_in.get("/sign-in")  # the browser has the cookie of a visitor now
        answer = signed_in.post(address(rule, "dystonia"), data=SENT)
        _check(answer, rule.rule)
        assert "You are no longer signed in" in answer.text
        assert form_to(answer.text, "/unsent").fields["sealed"]


def test_a_visitors_token_does_not_help(app: Flask, client: FlaskClient) -> None:
    for rule in _behind_signing_in(app):  # the site's check of tokens is off: all are good
        answer = client.post(address(rule, "dystonia"), data=SENT)
        _check(answer, rule.rule)
        assert "You are no longer signed in" in answer.text


def test_cookies_switched_off(guarded: Flask) -> None:
    for rule in _posts(guarded):
        answer = guarded.test_client(use_cookies=False).post(address(rule, "dystonia"), data=SENT)
        _check(answer, rule.rule)
        assert "cookie" in answer.text


def test_a_form_of_an_earlier_session(guarded: Flask, signed_in: FlaskClient) -> None:
    for rule in _posts(guarded):
        here = address(rule, "dystonia")
        answer = signed_in.post(here, data=SENT)
        _check(answer, rule.rule)
        again = _again(answer.text, here)
        assert again is not None, here
        assert again.fields["key"] == SENT["key"]
        assert again.fields["csrf_token"] != SENT["csrf_token"]


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (RuntimeError("A mistake of ours."), 500, True),
        (LimitError("Too many."), 429, True),
        (NotFoundError("It is gone."), 404, False),
    ],
)
def test_a_view_that_fails(
    app: Flask, make_member: Make, login: Login, error: Exception, status: int, again: bool
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = login(make_member(staff=True))
    for rule in _posts(app):
        here = address(rule, "dystonia")
        app.view_functions[rule.endpoint] = _raise(error)
        answer = browser.post(here, data=SENT)
        _check(answer, rule.rule)
        assert answer.status_code == status
        assert (_again(answer.text, here) is not None) is again


def test_suspended_meanwhile(app: Flask, make_member: Make, login: Login) -> None:
    browser = login(make_member(suspended=True))
    for rule in _behind_signing_in(app):
        if not PERMISSIONS[rule.endpoint].suspended:
            answer = browser.post(address(rule, "dystonia"), data=SENT)
            _check(answer, rule.rule)
            assert "suspended" in answer.text


def test_a_second_proof_that_has_ended(app: Flask, make_member: Make, login: Login) -> None:
    staff = [rule for rule in _posts(app) if PERMISSIONS[rule.endpoint].roles]
    assert len(staff) > 5
    browser = login(make_member(staff=True), strong=False)
    for rule in staff:
        here = address(rule, "dystonia")
        answer = browser.post(here, data=SENT)
        assert answer.location == "/account/second-step?next=/unsent"
        assert _again(browser.get("/unsent").text, here), here


def test_it_comes_along_through_signing_in_and_is_sent_once(
    guarded: Flask, signed_in: FlaskClient, session: Session
) -> None:
    taken = []
    member_id = session.scalars(select(Member.id)).one()
    session.commit()
    for rule in _behind_signing_in(guarded):
        here = address(rule, "dystonia")
        signed_in.delete_cookie("session")
        refused = form_to(signed_in.post(here, data=SENT).text, "/unsent")
        kept = signed_in.post("/unsent", data=refused.fields)
        assert (kept.status_code, kept.location) == (303, "/unsent"), here
        assert signed_in.get("/unsent").location == "/sign-in?next=/unsent"
        enter(guarded, signed_in, member_id)
        page = signed_in.get("/unsent")
        assert texts_shown(page.text).keys() == WORDS.keys()

        def _take(**_values: object) -> str:
            taken.append({k: v for k, v in request.form.items() if k != "csrf_token"})
            return "taken"

        guarded.view_functions[rule.endpoint] = _take
        again = _again(page.text, here)
        assert again is not None
        sent = {**again.fields, **texts_shown(page.text)}
        assert signed_in.post(here, data=sent).status_code == 200
        (form,) = taken
        expected = {k: v.replace("\r\n", "\n") for k, v in SENT.items() if k != "csrf_token"}
        assert {k: v.replace("\r\n", "\n") for k, v in form.items()} == expected
        assert signed_in.get("/unsent").location == "/"  # nothing waits any more
        taken.clear()
        _forget_limits(session)


def _forget_limits(session: Session) -> None:
    session.execute(delete(Quota))
    session.commit()
