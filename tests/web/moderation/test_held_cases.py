"""What a case says about a held piece holds: “No action” delivers it, or there is nothing to."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import leave_conversations
from mapapp.actions.knowledge.post_write import delete
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests.moderation import Site
from tests.posts import Board

Login = Callable[..., FlaskClient]
DELIVERS = "“No action” delivers it; anything else removes it."
NOTHING = "“No action” delivers nothing."


def _taken(session: Session, mod: Member, login: Login) -> tuple[FlaskClient, str]:
    session.commit()
    case = f"/moderation/{session.query(Case).one().public_id}"
    browser = login(mod)
    browser.post(f"{case}/take")
    return browser, case


@pytest.mark.parametrize("who", ["nobody", "writer", "reader", "blocked", "taken back"])
def test_no_action_promises_no_delivery_where_there_is_none(
    site: Site, mod: Member, login: Login, who: str
) -> None:
    wren, robin = site.somebody(), site.somebody()
    held = site.held(site.conversation(wren, robin), wren, "send me money")
    if who == "taken back":
        site.session.delete(held)
    elif who == "blocked":  # which ends the conversations of the two
        site.block(robin, wren)
    elif who != "nobody":
        leave_conversations(site.session, (wren if who == "writer" else robin).id)
    browser, case = _taken(site.session, mod, login)
    page = browser.get(case).text
    assert (DELIVERS in page, NOTHING in page) == (who == "nobody", who != "nobody")


@pytest.mark.parametrize("is_there", [True, False])
def test_no_action_shows_no_post_that_is_gone(
    board: Board, mod: Member, login: Login, is_there: bool
) -> None:
    wren = board.somebody()
    board.tell(wren)
    if not is_there:
        delete(board.session, wren.id, board.post_of(wren).public_id)
    browser, case = _taken(board.session, mod, login)
    page = browser.get(case).text
    assert ("lets it through" in page) is is_there
    assert ("“No action” shows nothing" in page) is not is_there


def test_a_missing_choice_is_said_alone(site: Site, mod: Member, login: Login) -> None:
    wren = site.somebody()
    site.held(site.conversation(wren, site.somebody()), wren, "send me money")
    browser, case = _taken(site.session, mod, login)
    answer = browser.post(f"{case}/decide", data={})
    assert answer.status_code == 400
    assert answer.text.count('<p class="error">') == 1
    assert "Choose what to do." in answer.text
