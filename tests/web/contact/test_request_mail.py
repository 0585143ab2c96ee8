"""Mail is offered with the first request, unticked, in the words in force, and never again."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.mail import consent_receipts
from mapapp.domain.mail.consent_wordings import MAIL, PURPOSES, words_version
from mapapp.store.members import Member
from tests import contact_requests
from tests.mail import waiting_mail
from tests.moderation import Site
from tests.trust import LEEDS

OFFER = "Tell me by email when there is an answer"
SEVERAL = f"/conditions/dystonia/nearby/ask?area={LEEDS}"
ASK = {"reason": "meet", "greeting": "hello"}


@pytest.fixture
def robin(site: Site) -> Member:
    """Who gets no mail."""
    found = site.somebody(pseudonym="Robin")
    consent_receipts.take_back(site.session, found.id, MAIL)
    return found


@pytest.fixture
def robins(app: Flask, login: Callable[..., FlaskClient], robin: Member) -> FlaskClient:
    return login(robin, on=app.test_client())


def _page(site: Site, whom: Member) -> str:
    piece = contact_requests.id_on(site.session, whom, "dystonia")
    site.session.commit()
    return f"/members/{piece}/connect?condition=dystonia"


def _form(site: Site, whom: Member, *, several: bool) -> tuple[str, dict[str, str]]:
    """Return where somebody is asked, alone or as one of several, and what is said."""
    path = _page(site, whom)
    if not several:
        return path, ASK
    piece = contact_requests.id_on(site.session, whom, "dystonia")
    return SEVERAL, {"who": piece, "reason": "meet", "greeting": "hello-all"}


def _agreed(site: Site, who: Member) -> bool:
    site.session.rollback()
    return consent_receipts.has_agreed(site.session, who.id, MAIL)


@pytest.mark.both
@pytest.mark.parametrize("several", [False, True])
def test_it_is_asked_unticked_and_sends_nothing_unless_ticked(
    site: Site, robin: Member, robins: FlaskClient, several: bool
) -> None:
    path, ask = _form(site, site.somebody(), several=several)
    page = robins.get(path).text
    assert OFFER in page
    assert str(PURPOSES[MAIL].now.words) in page
    assert "checked" not in page.partition('name="mail"')[2].partition(">")[0]
    assert robins.post(path, data={**ask, "words": words_version()}).status_code == 303
    assert not _agreed(site, robin)


@pytest.mark.parametrize("several", [False, True])
def test_who_ticks_it_is_told_of_the_answer(
    site: Site, robin: Member, robins: FlaskClient, several: bool
) -> None:
    wren = site.somebody()
    path, ask = _form(site, wren, several=several)
    data = {**ask, "mail": "y", "words": words_version()}
    assert robins.post(path, data=data).status_code == 303
    assert _agreed(site, robin)
    (request,) = contact_requests.inbox(site.session, wren.id).received
    contact_requests.answer(site.session, site.settings, wren.id, request.public_id, yes=True)
    site.session.flush()
    mails = [m for m in waiting_mail(site.session, site.settings) if m.to == robin.email]
    assert len(mails) == 1
    assert "dystonia" not in (mails[0].subject + mails[0].body).casefold()


def test_the_second_request_does_not_ask_again(site: Site, robins: FlaskClient) -> None:
    robins.post(_page(site, site.somebody()), data=ASK)
    assert OFFER not in robins.get(_page(site, site.somebody())).text
    assert OFFER not in robins.get(SEVERAL).text


def test_who_gets_mail_is_not_asked(
    app: Flask, site: Site, login: Callable[..., FlaskClient]
) -> None:
    browser = login(site.somebody(), on=app.test_client())
    assert OFFER not in browser.get(_page(site, site.somebody())).text


def test_nobody_agrees_to_words_that_were_not_shown(
    site: Site, robin: Member, robins: FlaskClient
) -> None:
    path = _page(site, site.somebody())
    for words in ("", "mail-2001-01"):
        answer = robins.post(path, data={**ASK, "mail": "y", "words": words})
        assert answer.status_code == 400
        assert "reworded" in answer.text
        assert 'href="#mail"' in answer.text
    assert not _agreed(site, robin)


def test_a_refused_request_agrees_to_nothing(
    site: Site, robin: Member, robins: FlaskClient
) -> None:
    data = {**ASK, "mail": "y", "words": words_version()}
    assert robins.post(_page(site, robin), data=data).status_code == 400
    assert not _agreed(site, robin)


def test_whoever_was_not_offered_it_cannot_send_it_along(
    site: Site, robin: Member, robins: FlaskClient
) -> None:
    robins.post(_page(site, site.somebody()), data=ASK)
    data = {**ASK, "mail": "y", "words": words_version()}
    robins.post(_page(site, site.somebody()), data=data)
    assert not _agreed(site, robin)
