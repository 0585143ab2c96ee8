"""Only an act that is about to write waits its turn; what is refused keeps nobody waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, before_render_template, render_template
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from mapapp.actions.core import quotas
from mapapp.store.database import OnlyReadsError, transaction
from mapapp.store.members import Member, Membership
from mapapp.store.questions import Question
from mapapp.web.core import access, steady_flask
from mapapp.web.core.request_session import READING_POSTS, begin_to_write, db, is_writing
from tests.at_once import outcomes
from tests.forms import place_form
from tests.posts import Board
from tests.sampling import Sampling
from tests.trust import World
from tests.web.core.test_access import pages
from tests.web.core.test_every_route import JUNK, address, rules

Login = Callable[..., FlaskClient]
Make = Callable[..., Any]

NEED_NO_FORM = {
    *("account.end_pause", "account.erase", "account.hide_now", "account.pause"),
    *("account.begin_discreet", "account.end_discreet", "account.forget_decades"),
    *("account.show_again", "account_sessions.end_all", "account_sessions.end_others"),
    *("accounts.sign_out", "consent.agree_all", "members.profile", "passkeys.entry_options"),
    *("passkeys.new_options", "second_factor.step_options", "yearly_check.answer_here"),
    *("admin.retry_mail", "second_factor.remove_authenticator"),
    *("consent.take_consent_back", "questions.open_question", "editorial.take_question"),
    *("editorial.hide", "editorial.edit_answer"),
}
"""Acts that a button alone does: without a field they are valid."""

ASK_BY_TAKING = {
    *("account_sessions.end_one", "connect.decline", "connect.later", "connect.put_away"),
    *("connect.unblock", "passkeys.remove_passkey", "treatments.remove_use"),
    "passkeys.add_passkey",  # its challenge, which leaves the session
}
"""Ask whether there is something by the one statement that takes it away: a turn of no length."""


@contextmanager
def turns(engine: Engine) -> Iterator[list[str]]:
    """Note each time that SQLite's lock for writers is asked for."""
    asked: list[str] = []

    def _note(_connection: Any, _cursor: Any, statement: str, *_given: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", _note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", _note)


@pytest.mark.parametrize("who", ["visitor", "member", "moderator", "admin"])
def test_refused_forms_wait_for_nobody(
    app: Flask,
    engine: Engine,
    client: FlaskClient,
    make_member: Make,
    login: Login,
    make_condition: Make,
    sampling: Sampling,
    who: str,
) -> None:
    make_condition("dystonia")
    if who != "visitor":
        login(make_member(staff="" if who == "member" else who))
    client.get("/sign-in")
    client.get("/account")  # its form has given the session its token
    posts = [(e, here) for e, here, method in pages(app) if method == "POST"]
    assert len(posts) > 70
    some = sampling.pairs([rule for rule in rules(app) if "POST" in (rule.methods or ())], JUNK)
    posts += [(rule.endpoint, address(rule, junk)) for rule, junk in some]
    app.config["WTF_CSRF_ENABLED"] = True
    with turns(engine) as asked:
        for endpoint, here in posts:
            refused = client.post(here, data={"x": "y"}).status_code in {400, 410}
            assert refused or endpoint in READING_POSTS, here
            assert asked == [], (endpoint, here, "without its token")
    app.config["WTF_CSRF_ENABLED"] = False
    waited = set()
    with turns(engine) as asked:
        for endpoint, here in posts:
            if endpoint not in NEED_NO_FORM:
                client.post(here, data={"x": "y"})
                waited |= {(endpoint, here) for _turn in asked}
                asked.clear()
    assert {one for one in waited if one[0] not in ASK_BY_TAKING} == set()


LIMITED = {
    "/sign-in": {"email": "anna@example.org"},
    "/sign-in/passkey/options": {},
    "/conditions/dystonia/questions": {"question": "Does anybody sleep better in winter?"},
    "/conditions/dystonia/treatments/propose": {"name": "Tea of willow bark"},
}


@pytest.mark.parametrize("path", LIMITED)
def test_a_limit_that_is_reached_keeps_nobody_waiting(
    engine: Engine,
    client: FlaskClient,
    world: World,
    login: Login,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    if path.startswith("/conditions"):
        login(world.somebody("public"))
    world.session.commit()
    client.get("/conditions/dystonia/treatments")
    client.get("/sign-in")
    monkeypatch.setattr(quotas, "try_use", lambda *_given: False)
    with turns(engine) as asked:
        assert client.post(path, data=LIMITED[path]).status_code == 429
    assert asked == []


def test_an_act_takes_one_turn_and_makes_no_page_in_it(
    app: Flask, engine: Engine, world: World, login: Login
) -> None:
    world.condition("als")
    browser = login(world.somebody("public"))
    browser.get("/account")
    with turns(engine) as asked:
        assert browser.post("/conditions/als/place", data=place_form()).status_code == 303
    assert len(asked) == 2, "the act itself, and the session, which remembers the message"


@pytest.mark.parametrize(
    "wrong",
    [
        {"area_id": ""},
        {"area_id": "0"},
        {"area_version": "old"},
        {"languages": ["xx"]},
        {"pseudonym": "write me@example.org"},
        {"visibility": ""},
        {"words": "old"},
    ],
    ids=str,
)
def test_a_place_that_nobody_can_choose_keeps_nobody_waiting(
    engine: Engine, world: World, login: Login, session: Session, wrong: dict[str, object]
) -> None:
    world.condition("als")
    browser = login(world.somebody("public"))
    with turns(engine) as asked:
        assert browser.post("/conditions/als/place", data=place_form(**wrong)).status_code == 400
        assert browser.post("/conditions/nowhere/place", data=place_form()).status_code == 404
    assert asked == []


def _suspending(engine: Engine, member: Member) -> Callable[[], None]:
    """What takes a turn, but not before somebody else had theirs and suspended the member."""

    def _begin() -> None:
        db.session.rollback()
        with transaction(engine) as own:
            own.execute(update(Member).where(Member.id == member.id).values(suspended=True))
        begin_to_write()

    return _begin


@pytest.mark.both
def test_whoever_is_suspended_before_their_turn_does_not_place_themselves(
    engine: Engine,
    world: World,
    login: Login,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    als, wren = world.condition("als").id, world.somebody("public")
    browser = login(wren)

    monkeypatch.setattr(access, "begin_to_write", _suspending(engine, wren))
    answer = browser.post("/conditions/als/place", data=place_form())
    assert answer.status_code == 403
    assert "suspended" in answer.text
    assert session.scalars(select(Membership).where(Membership.condition_id == als)).all() == []


@pytest.mark.both
def test_whoever_is_suspended_before_it_is_their_turn_does_not_act(
    engine: Engine,
    world: World,
    login: Login,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wren = world.somebody("public")
    browser = login(wren)
    browser.get("/account")

    monkeypatch.setattr(steady_flask, "begin_to_write", _suspending(engine, wren))
    answer = browser.post(
        "/conditions/dystonia/questions", data={"question": "Does anybody sleep in winter?"}
    )
    assert answer.status_code == 403
    assert "suspended" in answer.text
    assert session.scalars(select(Question)).all() == []


@pytest.mark.both
def test_a_limit_holds_for_many_acts_at_once(app: Flask, board: Board, login: Login) -> None:
    wren = board.somebody("public")
    browsers = [login(wren, on=app.test_client()) for _ in range(6)]

    def _ask(number: int) -> Callable[[], int]:
        said = {"question": f"Does anybody sleep better in winter {'x' * number}?"}
        where = "/conditions/dystonia/questions"
        return lambda: browsers[number].post(where, data=said).status_code

    found = sorted(outcomes([_ask(number) for number in range(6)]), key=str)
    assert found == [303, 303, 303, 429, 429, 429]


@pytest.mark.own_site
def test_an_act_that_makes_its_page_first_is_a_mistake_of_ours(
    app: Flask, login: Login, world: World, add_page: Callable[..., None]
) -> None:
    def _act() -> str:
        db.session.execute(update(Member).values(paused=True))
        return render_template("account/erased.html")

    add_page(app, "/hasty", "hasty", _act, methods=["POST"])
    with pytest.raises(RuntimeError, match="hasty"):
        login(world.member()).post("/hasty")


@pytest.mark.own_site
def test_an_act_that_is_refused_late_ends_its_turn_before_its_page_is_made(
    app: Flask, login: Login, world: World, session: Session, add_page: Callable[..., None]
) -> None:
    def _act() -> tuple[str, int]:
        db.session.execute(update(Member).values(paused=True))
        return render_template("account/erased.html"), 400

    seen: list[bool] = []

    def _note(_app: Flask, **_given: Any) -> None:
        seen.append(is_writing())

    add_page(app, "/late", "late", _act, methods=["POST"])
    with before_render_template.connected_to(_note, app):
        assert login(world.member()).post("/late").status_code == 400
    assert seen == [False]
    assert session.scalars(select(Member.paused)).all() == [False]


def test_a_page_that_is_read_cannot_write(engine: Engine, app: Flask) -> None:
    with app.app_context():
        with pytest.raises(OnlyReadsError):
            db.session.execute(update(Member).values(paused=True))
        with transaction(db.engine) as own:
            own.execute(update(Member).values(paused=True))
