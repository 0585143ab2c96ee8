"""At most one mail for each conversation until it is read, whatever it is about."""

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.store.members import Member
from tests import contact_requests
from tests.mail import waiting_mail
from tests.moderation import Site


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody(pseudonym="Robin")


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody(pseudonym="Wren")


@pytest.fixture
def conversation(site: Site, robin: Member, wren: Member) -> str:
    """Robin asked, and Wren has accepted."""
    return f"/conversations/{contact_requests.connected(site.session, site.settings, robin, wren)}"


@pytest.fixture
def wrens(
    app: Flask, login: Callable[..., FlaskClient], wren: Member, conversation: str
) -> FlaskClient:
    return login(wren, on=app.test_client())


@pytest.fixture
def robins(
    app: Flask, login: Callable[..., FlaskClient], robin: Member, conversation: str
) -> FlaskClient:
    return login(robin, on=app.test_client())


def _write(browser: FlaskClient, conversation: str) -> str:
    key = str(uuid.uuid4())
    assert browser.post(conversation, data={"text": "Good morning", "key": key}).status_code == 303
    return key


def _mails(site: Site, who: Member) -> int:
    site.session.rollback()
    return sum(mail.to == who.email for mail in waiting_mail(site.session, site.settings))


def test_the_mail_of_the_yes_is_the_one_of_the_first_words(
    site: Site, robin: Member, robins: FlaskClient, wrens: FlaskClient, conversation: str
) -> None:
    assert _mails(site, robin) == 1
    _write(wrens, conversation)
    assert _mails(site, robin) == 1
    robins.get(conversation)
    _write(wrens, conversation)
    assert _mails(site, robin) == 2


def test_a_conversation_that_was_opened_before_its_first_words_is_worth_a_mail(
    site: Site, robin: Member, robins: FlaskClient, wrens: FlaskClient, conversation: str
) -> None:
    robins.get(conversation)
    _write(wrens, conversation)
    assert _mails(site, robin) == 2


def test_words_that_were_deleted_unread_do_not_stop_the_next_mail(
    site: Site, robin: Member, robins: FlaskClient, wrens: FlaskClient, conversation: str
) -> None:
    _write(wrens, conversation)
    robins.get(conversation)
    deleted = _write(wrens, conversation)
    wrens.post(f"{conversation}/messages/{deleted}/delete")
    robins.get(conversation)
    before = _mails(site, robin)
    _write(wrens, conversation)
    assert _mails(site, robin) == before + 1
