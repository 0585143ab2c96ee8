"""What waits stands in the header of every page, in words, and in no page for visitors."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.store.members import Member
from tests import contact_requests
from tests.advisers import OFFER, plant_offer
from tests.moderation import Site

SAYS_SO = 'class="waits-words"'


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody(pseudonym="Robin")


@pytest.fixture
def robins(app: Flask, login: Callable[..., FlaskClient], robin: Member) -> FlaskClient:
    return login(robin, on=app.test_client())


def test_a_header_without_news_says_nothing(robins: FlaskClient) -> None:
    page = robins.get("/account").text
    assert SAYS_SO not in page
    assert "waits-number" not in page


def test_each_kind_is_said_in_words_with_its_number(
    site: Site, robin: Member, robins: FlaskClient
) -> None:
    for _ in range(2):
        site.knock(site.somebody(), robin)
    contact_requests.connected(site.session, site.settings, robin, site.somebody())
    site.message(site.conversation(site.somebody(), robin), site.somebody(), "Hello")
    site.session.commit()
    page = robins.get("/account").text
    for words in ("2 requests to answer", "1 person said yes to you", "1 new message"):
        assert words in page
    assert "4 things wait for you" in page  # on the button of the menu
    assert "4 new" in page


def test_very_many_are_not_counted(site: Site, robin: Member, robins: FlaskClient) -> None:
    for _ in range(12):
        site.knock(site.somebody(), robin)
    site.session.commit()
    assert "9+ requests to answer" in robins.get("/account").text


def test_a_yes_leaves_the_header_when_the_conversation_was_opened(
    site: Site, robin: Member, robins: FlaskClient
) -> None:
    talk = contact_requests.connected(site.session, site.settings, robin, site.somebody())
    site.session.commit()
    assert "1 person said yes to you" in robins.get("/account").text
    assert "Said yes to you" in robins.get("/inbox").text
    page = robins.get(f"/conversations/{talk}").text
    assert "said yes to you" not in page  # it is on this page
    assert "said yes to you" not in robins.get("/account").text
    assert "Said yes to you" not in robins.get("/inbox").text


@pytest.mark.both
def test_a_decision_waits_beside_the_account_until_it_is_read(
    site: Site, robin: Member, robins: FlaskClient
) -> None:
    site.report(site.somebody(), robin)
    site.settle(site.moderator(), "suspend")
    site.session.commit()
    assert "1 decision about you to read" in robins.get("/").text
    robins.get("/account/rulings")
    assert "decision about you to read" not in robins.get("/").text


@pytest.mark.both
def test_cases_and_offers_wait_for_staff_alone(
    app: Flask, site: Site, robins: FlaskClient, login: Callable[..., FlaskClient]
) -> None:
    site.report(site.somebody(), site.somebody())
    plant_offer(site.session, site.somebody("public"), site.condition(), OFFER)
    mods = login(site.moderator(), on=app.test_client())
    page = mods.get("/account").text
    assert "1 case to look at, 1 offer to answer" in page
    assert "2 open" in page
    assert "1 waiting" in mods.get("/moderation").text  # beside the link to the offers
    assert "to look at" not in robins.get("/account").text
    assert "to answer" not in robins.get("/account").text


def test_a_page_for_visitors_is_the_same_whatever_waits(
    site: Site, client: FlaskClient, robin: Member, robins: FlaskClient
) -> None:
    asker = site.somebody()
    site.session.commit()
    page = "/conditions/dystonia"
    robins.get(page)
    before = client.get(page)
    site.knock(asker, robin)
    site.session.commit()
    assert SAYS_SO in robins.get(page).text
    after = client.get(page)
    assert SAYS_SO not in after.text
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
