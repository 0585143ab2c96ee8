"""Limits hold for people with many addresses or requests for codes (privacy rule 6)."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.account import sign_in_link
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.settings import Settings
from tests.mail import newest_mail

NOW = 1_795_000_000
ROOT = Path(__file__).parents[2]
ROBIN = "robin@example.org"


def _subject(address: str) -> str:
    return quotas.visitor_subject(address, NOW)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:1:2:3"),
        ("2001:db8:1::1", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8:1::1%eth0", "2001:DB8:1::1%1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:c000:201", "192.0.2.1"),
        ("64:ff9b::192.0.2.1", "192.0.2.1"),
        ("2002:c000:201::1", "2002:c000:201:ffff::9"),
        ("192.0.2.1:4711", "192.0.2.1:4712"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("[2001:db8:1::1]:4711", "2001:db8:1:7::1"),
        ("[2001:db8:1::1]", "2001:db8:1:7::1"),
    ],
)
def test_one_network_is_one_visitor(one: str, other: str) -> None:
    assert _subject(one) == _subject(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:2:2::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2"),
        ("192.0.2.1", "192.0.2.2"),
        ("192.0.2.1:80", "192.0.2.2:80"),
        ("", "no address"),
    ],
)
def test_two_networks_are_two_visitors(one: str, other: str) -> None:
    assert _subject(one) != _subject(other)


def test_the_addresses_of_a_customer_share_each_limit_of_visitors(client: FlaskClient) -> None:
    for number in range(quotas.PASSKEY_ASKS.most + 1):
        here = {"REMOTE_ADDR": f"2001:db8:7:{number:x}::{number:x}"}
        answer = client.post("/sign-in/passkey/options", environ_base=here)
    assert answer.status_code == 429
    elsewhere = {"REMOTE_ADDR": "2001:db8:8::1"}
    assert client.post("/sign-in/passkey/options", environ_base=elsewhere).status_code == 200


def test_where_a_request_comes_from_is_only_used_as_a_network() -> None:
    uses = [
        line.strip()
        for path in sorted((ROOT / "mapapp").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"remote_addr|REMOTE_ADDR|access_route|X-Forwarded|X-Real", line)
    ]
    assert len(uses) > 3
    assert [use for use in uses if "visitor_subject(" not in use and "Reader(" not in use] == []


def _code(session: Session, settings: Settings) -> str:
    body = newest_mail(session, settings).body
    return next(line for line in body.splitlines() if line.isdigit())


def _guess_until_it_is_enough(session: Session, settings: Settings) -> None:
    for _ in range(quotas.WRONG_CODES.most):
        handle = sign_in_link.request_link(Context(session, settings), f"{ROBIN}")
        with pytest.raises((sign_in_link.WrongCodeError, sign_in_link.TooManyCodesError)):
            sign_in_link.redeem_code(Context(session, settings), handle, "no code")


def test_after_ten_wrong_codes_a_day_no_guess_can_be_right(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        quotas, "SIGN_IN_LINKS", quotas.Limit("sign-in-link", 100, quotas.HOUR)
    )  # an attacker has all day
    _guess_until_it_is_enough(session, settings)
    handle = sign_in_link.request_link(Context(session, settings), ROBIN)
    session.flush()
    with pytest.raises(sign_in_link.TooManyCodesError):
        sign_in_link.redeem_code(Context(session, settings), handle, _code(session, settings))


def test_the_link_still_works_then(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "SIGN_IN_LINKS", quotas.Limit("sign-in-link", 100, quotas.HOUR))
    _guess_until_it_is_enough(session, settings)
    sign_in_link.request_link(Context(session, settings), ROBIN)
    session.flush()
    body = newest_mail(session, settings).body
    token = body.partition("/sign-in/link/")[2].split()[0]
    assert sign_in_link.redeem_link(Context(session, settings), token)
