"""What browsers may cache of pages for one person, and of pages that visitors share."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership

PERSONAL = ("/inbox", "/places", "/profile", "/conditions/dystonia/place", "/admin")


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
