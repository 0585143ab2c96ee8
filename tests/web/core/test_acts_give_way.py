"""PostgreSQL ends an act that another one is in the way of; it begins once more, and succeeds.

On SQLite who writes waits their turn, so that nobody is ended.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mapapp.actions.published import publisher
from mapapp.actions.published.publishing import publish
from mapapp.settings import Settings
from mapapp.store.database import TIMES, in_transaction, transaction
from mapapp.store.members import Member, Membership
from mapapp.web.core.request_session import db

pytestmark = pytest.mark.both
Login = Callable[..., FlaskClient]
Make = Callable[..., Any]


class EndedError(Exception):
    """What the driver raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("deadlock detected")
        self.sqlstate = sqlstate


class Trouble:
    """Ends so many statements that begin like one, as the database would."""

    def __init__(self, times: int, sqlstate: str, begins: str = "UPDATE membership") -> None:
        self.left, self.sqlstate, self.begins = times, sqlstate, begins

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_given: Any) -> None:
        if self.left and statement.startswith(self.begins):
            self.left -= 1
            raise OperationalError(statement, {}, EndedError(self.sqlstate))


@pytest.fixture
def place(session: Session, make_condition: Make, make_membership: Make) -> Membership:
    """Somebody everyone may see."""
    made: Membership = make_membership(make_condition("dystonia"), 9, visibility="public")
    session.commit()
    return made


def _hide(app: Flask, browser: FlaskClient, trouble: Callable[..., None]) -> int:
    with app.app_context():
        engine = db.engine
    app.testing = False  # what fails is told by a page
    event.listen(engine, "before_cursor_execute", trouble)
    try:
        return browser.post("/account/hide").status_code
    finally:
        event.remove(engine, "before_cursor_execute", trouble)


@pytest.mark.parametrize("times", [1, TIMES - 1])
@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_an_act_that_was_ended_begins_once_more(
    app: Flask, session: Session, login: Login, place: Membership, sqlstate: str, times: int
) -> None:
    browser = login(session.get_one(Member, place.member_id))
    assert _hide(app, browser, Trouble(times, sqlstate)) < 400
    session.refresh(place)
    assert place.visibility == "counted"
    assert place.chosen_visibility == "public"


@pytest.mark.parametrize(("times", "sqlstate"), [(TIMES + 1, "40001"), (1, "53100")])
def test_what_does_not_end_is_told(
    app: Flask, session: Session, login: Login, place: Membership, sqlstate: str, times: int
) -> None:
    browser = login(session.get_one(Member, place.member_id))
    assert _hide(app, browser, Trouble(times, sqlstate)) >= 500
    session.refresh(place)
    assert place.visibility == "public"


@pytest.mark.parametrize(
    ("page", "begins"),
    [
        ("/conditions/dystonia/areas/world", "INSERT INTO reading"),
        ("/conditions/dystonia/map.html", "INSERT INTO quota"),
    ],
)
def test_what_a_page_notes_begins_once_more(
    app: Flask, client: FlaskClient, place: Membership, page: str, begins: str
) -> None:
    with app.app_context():
        engine = db.engine
    trouble = Trouble(2, "40001", begins)
    event.listen(engine, "before_cursor_execute", trouble)
    try:
        assert client.get(page).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", trouble)
    assert trouble.left == 0


def test_a_publication_beside_an_act_ends_neither(
    app: Flask, engine: Engine, session: Session, login: Login, place: Membership
) -> None:
    """What the act has read, another one changes before the act takes it."""
    if engine.dialect.name != "postgresql":
        pytest.skip("On SQLite one who writes waits until the other is done.")
    browser = login(session.get_one(Member, place.member_id))
    done: list[bool] = []

    def _publish(_connection: Any, _cursor: Any, statement: str, *_given: Any) -> None:
        if not done and "FOR UPDATE" in statement and "FROM membership" in statement:
            done.append(True)
            with engine.begin() as other:
                other.execute(text("UPDATE membership SET due = 1"))

    assert _hide(app, browser, _publish) < 400
    assert done
    session.refresh(place)
    assert place.visibility == "counted"


def test_a_step_of_the_publisher_that_was_ended_is_done_again(
    engine: Engine, session: Session, settings: Settings, place: Membership
) -> None:
    place.due = 1
    session.commit()
    trouble = Trouble(2, "40P01")
    event.listen(engine, "before_cursor_execute", trouble)
    try:
        publish(engine, settings, 2_000_000_000)
    finally:
        event.remove(engine, "before_cursor_execute", trouble)
    session.expire_all()
    assert trouble.left == 0
    assert place.due is None
    with transaction(engine, write=False) as reader:
        assert publisher.standing_number(reader) > 0


def test_a_step_that_fails_for_another_reason_is_done_once(engine: Engine) -> None:
    tried: list[int] = []

    def _fail(_session: Session) -> None:
        tried.append(1)
        raise OperationalError("", {}, EndedError("53100"))

    with pytest.raises(OperationalError):
        in_transaction(engine, _fail)
    assert len(tried) == 1
