"""Whoever threatens, then deletes, leaves, blocks or erases, is reported from an open form."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.contact import message_send
from mapapp.actions.contact.conversation_list import leave_conversation
from mapapp.store.contact import Message
from mapapp.store.moderation import Case
from tests.forms import forms
from tests.pairs import Pair, make_pair
from tests.trust import World

Login = Callable[..., FlaskClient]
THREAT = "I know where you live."
ENDS: dict[str, Callable[[Pair, str], None]] = {
    "deleted": lambda p, piece: message_send.take_back(
        p.session, p.other.id, p.conversation, piece
    ),
    "left": lambda p, _piece: leave_conversation(p.session, p.other.id, p.conversation),
    "blocked": lambda p, _piece: p.world.block(p.other, p.me),
    "erased": lambda p, _piece: p.world.erase(p.other),
}


@pytest.fixture
def pair(world: World) -> Pair:
    made = make_pair(world)
    made.write(made.other, THREAT)
    return made


def _piece(pair: Pair) -> str:
    return pair.session.scalars(select(Message.public_id)).one()


def _opened(browser: FlaskClient, path: str) -> dict[str, str]:
    (form,) = [form for form in forms(browser.get(path).text) if "seen" in form.fields]
    return {**form.fields, "category": "harassment"}


def _case(pair: Pair) -> Case:
    pair.session.rollback()
    return pair.session.scalars(select(Case)).one()


@pytest.mark.both
@pytest.mark.parametrize("end", ENDS)
def test_an_open_form_can_still_be_sent(pair: Pair, login: Login, end: str) -> None:
    piece, subject_id = _piece(pair), pair.other.id
    path, browser = f"/report/message/{piece}", login(pair.me)
    form = _opened(browser, path)
    ENDS[end](pair, piece)
    pair.session.commit()
    answer = browser.post(path, data=form)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert "The moderators have your report" in browser.get("/inbox").text
    case = _case(pair)
    assert THREAT in case.evidence
    assert case.subject_id == (None if end == "erased" else subject_id)
    assert browser.post(path, data=form).status_code == 303  # twice is one report
    assert _case(pair).id == case.id
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("end", ["blocked", "erased"])
def test_so_can_that_about_a_person(pair: Pair, login: Login, end: str) -> None:
    path, browser = f"/report/person/{pair.other.public_id}?condition=dystonia", login(pair.me)
    form = _opened(browser, path)
    ENDS[end](pair, "")
    pair.session.commit()
    assert browser.post(path, data=form).location == "/inbox"
    assert "Wren" in _case(pair).evidence


def test_a_copy_is_of_one_reader_one_piece_and_an_hour_or_two(
    pair: Pair, app: Flask, login: Login
) -> None:
    piece, path = _piece(pair), f"/report/message/{_piece(pair)}"
    with time_machine.travel("2026-11-22 10:30:00+00:00", tick=False) as clock:
        browser = login(pair.me)
        form = _opened(browser, path)
        assert THREAT not in form["seen"]
        ENDS["deleted"](pair, piece)
        pair.session.commit()
        stranger = login(pair.world.somebody(), on=app.test_client())
        assert stranger.post(path, data=form).status_code == 404
        for seen in ("", "x", form["seen"][:-4]):
            assert browser.post(path, data={**form, "seen": seen}).status_code == 404
        assert browser.post("/report/message/other", data=form).status_code == 404
        clock.shift(2 * 3600)
        assert browser.post(path, data=form).status_code == 404
    assert pair.session.scalars(select(Case)).all() == []
