"""Whatever step of the database fails, people are told, with all headers and without a value."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from mapapp.store.members import Member, MemberLanguage
from mapapp.web.core.headers import EVERY_ANSWER
from mapapp.web.core.request_session import db
from tests.failing_database import SECRET, FailingDatabase
from tests.forms import place_form
from tests.trust import LEEDS, World

Ask = Callable[[FlaskClient], TestResponse]
MOST_STEPS = 200


def _get(path: str) -> Ask:
    return lambda browser: browser.get(path)


def _post(path: str, **data: Any) -> Ask:
    return lambda browser: browser.post(path, data=data)


PAGES: dict[str, Ask] = {
    "home": _get("/"),
    "a page that reads": _get("/conditions/dystonia"),
    "a page of one's own": _get("/account"),
    "a page that names people": _get(f"/conditions/dystonia/nearby?area={LEEDS}"),
    "numbers": _get("/api/v1/conditions/dystonia/counts"),
    "a page that is not there": _get("/conditions/no-such"),
    "signing in": _post("/sign-in", email="anna@example.org"),
    "placing oneself": _post("/conditions/als/place", **place_form()),
    "an act that is refused": _post("/conditions/dystonia/tell-me"),
    "leaving": _post("/account/erase"),
    "signing out": _post("/sign-out"),
}


@pytest.fixture
def wren(world: World) -> Member:
    """A member on the map of dystonia, beside another one."""
    world.condition("als")
    world.somebody("public")
    found = world.somebody("public")
    world.session.commit()
    return found


def _answers(browser: FlaskClient, ask: Ask, name: str, step: int) -> TestResponse:
    answer = ask(browser)
    body = answer.text
    for header, value in EVERY_ANSWER.items():
        assert answer.headers.get(header) == value, (name, step, header)
    assert SECRET not in body, (name, step)
    if answer.status_code >= 500:
        assert "Something went wrong on our side." in body, (name, step)
        assert answer.headers["Cache-Control"].startswith("private"), (name, step)
    return answer


@pytest.mark.both
@pytest.mark.matrix(name=list(PAGES), once=[True, False])
def test_whatever_step_fails_people_are_told_without_a_value(
    app: Flask,
    client: FlaskClient,
    engine: Engine,
    login: Callable[..., FlaskClient],
    wren: Member,
    caplog: pytest.LogCaptureFixture,
    name: str,
    once: bool,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = login(wren) if name != "signing in" else client
    database = FailingDatabase(engine)
    failures = 0
    for step in range(1, MOST_STEPS):
        engine.dispose()
        with database.failing(step, once=once), caplog.at_level(logging.DEBUG, "mapapp"):
            failures += _answers(browser, PAGES[name], name, step).status_code >= 500
        if len(database.steps) < step:
            break
    else:
        pytest.fail("this page never ends")
    assert failures > 0
    assert SECRET not in caplog.text
    assert browser.get("/credits").status_code == 200


@pytest.mark.both
@pytest.mark.own_site
def test_the_page_for_our_mistake_is_whole_after_a_row_that_could_not_be_written(
    app: Flask,
    login: Callable[..., FlaskClient],
    wren: Member,
    add_page: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def _break() -> None:
        db.session.add(MemberLanguage(member_id=4711, language="en"))
        db.session.flush()

    app.config["PROPAGATE_EXCEPTIONS"] = False
    add_page(app, "/broken", "broken", _break, methods=["POST"])
    answer = login(wren).post("/broken")
    assert answer.status_code == 500
    assert "site-footer" in answer.text
    assert "Hide me everywhere now" in answer.text
    assert "4711" not in caplog.text


def test_errors_that_libraries_log_tell_no_value(
    caplog: pytest.LogCaptureFixture, app: Flask
) -> None:
    assert app
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("a.library").exception("Could not do %s", "it")
    assert "Could not do it: ValueError: " in caplog.text
    assert "test_failing_database.py" in caplog.text
    assert SECRET not in caplog.text
