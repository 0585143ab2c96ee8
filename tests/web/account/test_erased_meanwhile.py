"""Whoever is erased while they act is told that the account is gone, on every act.

On SQLite nobody can erase them once the act has its turn; on PostgreSQL they can until it has
locked the member, which is where it is done here.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.settings import Settings
from mapapp.store.members import Member
from tests import factories
from tests.decades import decade_form
from tests.forms import care_form, place_form
from tests.posts import Board

TAKES = re.compile(r"^(INSERT|UPDATE|DELETE)|FOR (NO KEY )?UPDATE")
"""Statements with which an act takes what it changes."""


@contextmanager
def erased_before_it_takes(engine: Engine, settings: Settings, who: int) -> Iterator[list[bool]]:
    """Erase a member just before the act, in its turn, takes anything; say whether it was done."""
    done: list[bool] = []

    def _erase(given: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if done or not given.get_execution_options().get("write") or not TAKES.search(statement):
            return
        done.append(True)
        with Session(engine) as own, own.begin():
            own.execute(text("SET LOCAL lock_timeout = '2s'"))
            erase_member(Context(own, settings), who)

    event.listen(engine, "before_cursor_execute", _erase, insert=True)
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", _erase)


@pytest.fixture
def acts(board: Board) -> tuple[Member, dict[str, dict[str, Any]]]:
    """A member, and acts of theirs with what each form sends."""
    board.condition("als")
    wren, robin, finch = (board.somebody("public") for _ in range(3))
    board.write(robin)
    board.question_id  # noqa: B018 - opened by asking
    tea = factories.make_treatment(board.session, board.condition(), "Tea of willow bark")
    request = board.knock(robin, wren)
    talk = board.conversation(wren, board.somebody("public"))
    board.message(talk, wren, "Good morning.")
    post = board.post_of(robin).public_id
    said = {"text": "I walk every morning, and plan.", "role": "self", "named_to": "members"}
    return wren, {
        "/conditions/als/place": place_form(),
        "/conditions/als/place/cared-for": care_form(),
        "/conditions/als/tell-me": {"where": "area:0", "people": "3"},
        "/conditions/dystonia/questions": {"question": "Does anybody sleep better in winter?"},
        "/conditions/dystonia/treatments": {"treatment": tea.public_id, "outcome": "better"},
        "/conditions/dystonia/treatments/propose": {"name": "Baths in moor water"},
        "/conditions/dystonia/questions/treatments/write": said,
        "/conditions/dystonia/wishes": {"reasons": ["carers"]},
        "/conditions/dystonia/decades": decade_form(),
        f"/inbox/{request.public_id}/accept": {},
        f"/inbox/{request.public_id}/block": {},
        f"/members/{finch.public_id}/connect?condition=dystonia": {"reason": "meet",
                                                                   "greeting": "hello"},
        f"/members/{robin.public_id}/block?condition=dystonia": {},
        f"/posts/{post}/vote": {"helpful": "yes"},
        f"/report/person/{robin.public_id}?condition=dystonia": {"category": "spam"},
        "/consent/mail/take-back": {},
        "/profile": {"pseudonym": "Quiet Owl", "languages": ["en", "de"]},
        "/account/hide": {},
        "/account/pause": {},
        "/account/erase": {},
        "/places/dystonia/remove": {},
        "/still-right": {},
        "/account/sessions/end-others": {},
    }  # fmt: skip


GONE = ("/erased", "/sign-in")
NOT_SENT = "so this was not sent."
"""What a page says that shows a text to the one who wrote it."""


@pytest.mark.both
@pytest.mark.parametrize("number", range(23))
def test_whoever_is_erased_while_they_act_is_told_so(
    app: Flask,
    acts: tuple[Member, dict[str, dict[str, Any]]],
    engine: Engine,
    settings: Settings,
    login: Callable[..., FlaskClient],
    number: int,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    wren, forms = acts
    assert len(forms) == 23
    path, form = list(forms.items())[number]
    browser = login(wren)
    browser.get("/account")
    if engine.dialect.name == "sqlite":
        with Session(engine) as own, own.begin():
            erase_member(Context(own, settings), wren.id)
        answer = browser.post(path, data=form)
        assert str(answer.location).startswith(GONE) or NOT_SENT in answer.text
        return
    with erased_before_it_takes(engine, settings, wren.id) as done:
        answer = browser.post(path, data=form)
    assert done, f"{path} takes nothing"
    # An act that only takes away is done already, and says what it always says.
    is_kept = answer.status_code == 403 and NOT_SENT in answer.text
    assert is_kept or answer.status_code in {303, 404}, (path, answer.text[-300:])
    after = browser.get("/account")
    assert after.location.startswith("/sign-in"), path
