"""Many sign-ins or new accounts from one network are stopped (privacy rule 6)."""

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.account import sign_in_link
from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import ACCOUNTS_MADE, SIGN_IN_ASKS, visitor_subject
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.limits import Quota
from mapapp.store.members import Member
from mapapp.store.sign_in import SignInLink
from tests.mail import newest_mail

HERE, ELSEWHERE = "2001:db8:1:2::7", "2001:db8:2:3::7"


@pytest.fixture(autouse=True)
def _stopped_clock() -> object:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False):
        yield


def _ask(app: Flask, email: str, network: str = HERE) -> int:
    browser = app.test_client()
    sent = {"email": email}
    return browser.post("/sign-in", data=sent, environ_base={"REMOTE_ADDR": network}).status_code


def _count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_thirty_an_hour_whatever_is_typed(
    app: Flask, session: Session, make_member: Callable[..., Member]
) -> None:
    make_member(email="known@example.org")
    session.commit()
    kinds = ("known@example.org", "other{n}@example.org", "third{n}@example.net")
    asked = [_ask(app, kinds[n % 3].format(n=n)) for n in range(SIGN_IN_ASKS.most)]
    assert set(asked) == {303}
    assert [_ask(app, kind) for kind in kinds] == [429] * 3
    assert _count(session, SignInLink) == SIGN_IN_ASKS.most
    assert _ask(app, "known@example.org", ELSEWHERE) == 303
    # Another address of the same household is the same network.
    assert _ask(app, "known@example.org", "2001:db8:1:2:ffff::1") == 429


def test_what_is_refused_anyway_is_not_counted(app: Flask, session: Session) -> None:
    for _ in range(SIGN_IN_ASKS.most + 1):
        assert _ask(app, "no address") == 400
    assert _count(session, Quota) == 0


def _make_account(session: Session, settings: Settings, number: int, network: str) -> int:
    sign_in_link.request_link(Context(session, settings), f"person{number}@example.org")
    link = re.search(r"/sign-in/link/(\S+)", newest_mail(session, settings).body)
    assert link
    return sign_in_link.redeem_link(Context(session, settings), link[1], network)


def test_ten_accounts_a_day(session: Session, settings: Settings) -> None:
    made = [_make_account(session, settings, n, HERE) for n in range(ACCOUNTS_MADE.most)]
    assert len(set(made)) == ACCOUNTS_MADE.most
    with pytest.raises(LimitError):
        _make_account(session, settings, 99, HERE)
    assert _make_account(session, settings, 100, ELSEWHERE)


def test_coming_back_makes_no_account(session: Session, settings: Settings) -> None:
    first = _make_account(session, settings, 0, HERE)
    for day in range(3):
        with time_machine.travel(f"2026-11-22 {12 + 2 * day}:00:00+00:00", tick=False):
            for _ in range(3):
                assert _make_account(session, settings, 0, HERE) == first
    for n in range(1, ACCOUNTS_MADE.most):
        _make_account(session, settings, n, HERE)
    assert _make_account(session, settings, 0, HERE) == first  # no more accounts, but mine


def test_the_page_says_it_and_the_link_stays_good(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    for n in range(ACCOUNTS_MADE.most):
        _make_account(session, settings, n, visitor_subject("127.0.0.1"))
    session.commit()
    client.post("/sign-in", data={"email": "late@example.org"})
    session.rollback()
    link = re.search(r"(/sign-in/link/\S+)", newest_mail(session, settings).body)
    assert link
    refused = client.post(link[1])
    assert refused.status_code == 429
    assert "come back tomorrow" in refused.text
    assert client.post(link[1], environ_base={"REMOTE_ADDR": ELSEWHERE}).status_code == 303


def test_no_row_holds_a_network(app: Flask, session: Session) -> None:
    _ask(app, "robin@example.org", "192.0.2.77")
    session.rollback()
    for row in session.scalars(select(Quota)):
        assert "192.0.2" not in row.subject
        assert row.ends % 60 == 0
