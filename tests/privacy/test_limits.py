"""Limits hold for whoever has many addresses, or asks for many codes (rule 6)."""

import pytest
from sqlalchemy.orm import Session

from mapapp.actions import quotas
from mapapp.actions import sign_in as signing_in
from mapapp.settings import Settings
from tests.mail import newest_mail

NOW = 1_795_000_000
ROBIN = "robin@example.org"


def _subject(address: str) -> str:
    return quotas.visitor_subject(address, NOW)


def test_one_network_is_one_visitor() -> None:
    assert _subject("2001:db8:1:2::1") == _subject("2001:db8:1:2:ffff:1:2:3")
    assert _subject("2001:db8:1:2::1") != _subject("2001:db8:1:3::1")
    assert _subject("::ffff:192.0.2.1") == _subject("192.0.2.1")
    assert _subject("::ffff:192.0.2.1") != _subject("::ffff:192.0.2.2")
    assert _subject("192.0.2.1") != _subject("192.0.2.2")
    assert _subject("") != _subject("no address")


def _code(session: Session, settings: Settings) -> str:
    body = newest_mail(session, settings).body
    return next(line for line in body.splitlines() if line.isdigit())


def _guess_until_it_is_enough(session: Session, settings: Settings) -> None:
    for _ in range(quotas.WRONG_CODES.most):
        handle = signing_in.ask(session, settings, f"{ROBIN}", "/")
        with pytest.raises((signing_in.WrongCodeError, signing_in.UsedLinkError)):
            signing_in.redeem_code(session, settings, handle, "no code")


def test_after_ten_wrong_codes_a_day_no_guess_can_be_right(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        quotas, "SIGN_IN_LINKS", quotas.Limit("sign-in-link", 100, quotas.HOUR)
    )  # an attacker has all day
    _guess_until_it_is_enough(session, settings)
    handle = signing_in.ask(session, settings, ROBIN, "/")
    session.flush()
    with pytest.raises(signing_in.UsedLinkError):
        signing_in.redeem_code(session, settings, handle, _code(session, settings))


def test_the_link_still_works_then(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "SIGN_IN_LINKS", quotas.Limit("sign-in-link", 100, quotas.HOUR))
    _guess_until_it_is_enough(session, settings)
    signing_in.ask(session, settings, ROBIN, "/")
    session.flush()
    body = newest_mail(session, settings).body
    token = body.partition("/sign-in/link/")[2].split()[0]
    assert signing_in.redeem_link(session, settings, token).next_path == "/"
