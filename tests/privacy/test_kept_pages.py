"""What browsers may cache of pages for one person, and of pages that visitors share."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.web.core.headers import STAYS_FOR_GOING_BACK
from tests.forms import form_to
from tests.languages.walking import Answer, Walker
from tests.posts import Board
from tests.trust import AREAS, LEEDS, live_fully

PERSONAL = ("/inbox", "/news", "/places", "/profile", "/conditions/dystonia/place", "/admin")


@pytest.mark.parametrize("path", PERSONAL)
def test_personal_pages_are_not_kept(
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
    path: str,
) -> None:
    make_condition("dystonia")
    browser = login(make_member(staff=True))
    browser.get(path)  # the first answer brings the cookie of the forms, and is never kept
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


def _tokens(text: str) -> set[str]:
    return set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', text))


def test_the_map_of_a_session_before_is_not_shown_again(
    app: Flask,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> None:
    """Its sign-out form would not work in this session."""
    make_condition("dystonia")
    app.config["WTF_CSRF_ENABLED"] = True
    first, second = login(make_member()), login(make_member(), on=app.test_client())
    path = "/conditions/dystonia/map"
    first.get(path)  # brings the session its token
    before = first.get(path)
    known = {"If-None-Match": before.headers["ETag"]}
    assert _tokens(before.text)
    assert first.get(path, headers=known).status_code == 304
    after = second.get(path, headers=known)
    assert after.status_code == 200
    sent = {"csrf_token": _tokens(after.text).pop()}
    assert second.post("/sign-out", data=sent).status_code == 303


def test_visitors_and_members_never_share_an_answer(
    session: Session,
    app: Flask,
    client: FlaskClient,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
    login: Callable[..., FlaskClient],
) -> None:
    condition = make_condition("dystonia")
    make_membership(condition, 1, member=make_member(pseudonym="Wren"))
    session.commit()
    member = login(make_member(), on=app.test_client())
    code = "AE"
    for path in (f"/conditions/dystonia/areas/{code}", "/conditions/dystonia/map"):
        theirs = member.get(path)
        assert "Cookie" in theirs.headers["Vary"]
        assert "private" in theirs.headers["Cache-Control"]
        mine = client.get(path, headers={"If-None-Match": theirs.headers["ETag"]})
        assert mine.status_code == 200, path
        assert "Wren" not in mine.text


class _Keeper(Walker):
    """A person whose browser notes what it may keep."""

    def _listen(self, path: str, answer: TestResponse) -> Answer:
        endpoint = self.endpoint(path)
        for_a_reader = answer.mimetype in {"text/html", "application/json"} and not answer.location
        if for_a_reader and "Cookie" in answer.vary and endpoint not in STAYS_FOR_GOING_BACK:
            assert "no-store" in answer.headers["Cache-Control"], path
            self.said[endpoint] = path
        return super()._listen(path, answer)


def test_no_browser_keeps_what_was_made_for_a_member(
    app: Flask, board: Board, login: Callable[..., FlaskClient]
) -> None:
    """The next user of the computer would find it by going back after they signed out."""
    wren = board.somebody("members", pseudonym="Wren")
    live_fully(board, wren, "w")
    walker = _Keeper(app, login(wren))
    area = AREAS.get(LEEDS).code
    here = "/conditions/dystonia"
    walker.walk(("/", "/account", "/inbox", here, f"{here}/treatments", f"{here}/map",
                 f"{here}/stories", f"{here}/nearby", f"{here}/areas/{area}",
                 f"{here}/areas/{area}/people.json"))  # fmt: skip
    assert walker.said.keys() > {
        "areas.show_area",
        "conditions.show_condition",
        "maps.people_of_area",
        "maps.show_map",
        "nearby.show_nearby",
        "questions.show_question",
        "stories.list_stories",
        "treatments.show_treatments",
    }


def test_a_visitors_pages_may_be_kept(client: FlaskClient, board: Board) -> None:
    board.condition()
    for path in ("/", "/conditions/dystonia", "/conditions/dystonia/treatments"):
        assert client.get(path).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("act", ["/sign-out", "/account/erase", "/account/sessions/end-all"])
def test_who_leaves_clears_what_the_browser_keeps(
    make_member: Callable[..., Member], login: Callable[..., FlaskClient], act: str
) -> None:
    browser = login(make_member())
    page = "/account/sessions" if act.endswith("end-all") else act
    fields = form_to(browser.get(page).text, "" if page == act == "/account/erase" else act).fields
    answer = browser.post(act, data=fields)
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'  # and neither cookies nor storage
    assert "Clear-Site-Data" not in browser.get("/").headers
