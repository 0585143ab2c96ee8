"""Who is silenced reads so where the form would be, before they write anything."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.domain.core.dates import this_day
from mapapp.store.members import Member
from tests import contact_requests
from tests.posts import Board
from tests.trust import LEEDS

SAYS_SO = "You cannot write to others for now."
FORMS = {
    "conversation": 'name="text"',
    "request": 'name="reason"',
    "several": 'name="who"',
    "answer": 'name="text"',
    "story": 'name="text"',
    "question": 'name="question"',
    "treatment": 'action="/conditions/dystonia/treatments/propose"',
}
"""What stands on each page for everybody else."""


@pytest.fixture
def robin(board: Board) -> Member:
    return board.somebody(pseudonym="Robin")


@pytest.fixture
def pages(board: Board, robin: Member) -> dict[str, str]:
    talk = contact_requests.connected(board.session, board.settings, robin, board.somebody())
    asked = contact_requests.id_on(board.session, board.somebody(), "dystonia")
    assert board.question_id
    board.session.commit()
    here = "/conditions/dystonia"
    return {
        "conversation": f"/conversations/{talk}",
        "request": f"/members/{asked}/connect?condition=dystonia",
        "several": f"{here}/nearby/ask?area={LEEDS}",
        "answer": f"{here}/questions/treatments/write",
        "story": f"{here}/stories/write",
        "question": f"{here}/questions",
        "treatment": f"{here}/treatments",
    }


@pytest.fixture
def robins(app: Flask, login: Callable[..., FlaskClient], robin: Member) -> FlaskClient:
    return login(robin, on=app.test_client())


@pytest.mark.parametrize("where", FORMS)
def test_it_stands_where_the_form_would_be(
    board: Board, robin: Member, robins: FlaskClient, pages: dict[str, str], where: str
) -> None:
    before = robins.get(pages[where]).text
    assert SAYS_SO not in before
    assert FORMS[where] in before
    robin.silenced_until = this_day() + timedelta(days=3)
    board.session.commit()
    page = robins.get(pages[where]).text
    assert SAYS_SO in page
    assert FORMS[where] not in page
    robin.silenced_until = this_day()
    board.session.commit()
    assert SAYS_SO not in robins.get(pages[where]).text


def test_what_was_written_before_is_not_lost(
    board: Board, robin: Member, robins: FlaskClient, pages: dict[str, str]
) -> None:
    robin.silenced_until = this_day() + timedelta(days=3)
    board.session.commit()
    data = {"text": "Good morning, Wren", "key": str(uuid.uuid4())}
    answer = robins.post(pages["conversation"], data=data)
    assert answer.status_code == 403
    assert "Good morning, Wren" in answer.text


def test_nobody_else_reads_of_it(
    app: Flask,
    board: Board,
    robin: Member,
    pages: dict[str, str],
    login: Callable[..., FlaskClient],
) -> None:
    robin.silenced_until = this_day() + timedelta(days=3)
    board.session.commit()
    other = login(board.somebody(), on=app.test_client())
    for browser in (other, app.test_client()):
        assert SAYS_SO not in browser.get(pages["question"]).text
