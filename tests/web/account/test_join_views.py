"""Joining without an account: what was chosen waits for the link, and counts once agreed to."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.mail import Consent
from mapapp.store.members import Member, MemberLanguage, Membership
from tests.forms import form_to
from tests.joining import PAGE, ROBIN, Joiner, agreement, join_form
from tests.signed_in import twin_of
from tests.trust import AREAS, LEEDS, YORK

pytestmark = pytest.mark.usefixtures("dystonia")


@pytest.mark.both
@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_was_chosen_counts_when_the_link_is_opened_and_agreed_to(
    joiner: Joiner, elsewhere: bool
) -> None:
    link = joiner.choose(languages=["en", "de"], visibility="map", role="parent")
    assert joiner.places() == []
    browser = joiner.app.test_client() if elsewhere else joiner.browser
    page = browser.get(link).text
    assert "Did you choose this?" in page
    assert "Others see you somewhere around Leeds, United Kingdom" in page
    assert "Quiet Heron" in page
    assert "I am a parent or carer" in page
    assert joiner.places() == []  # reading changes nothing
    assert joiner.agree(link, browser) == "/conditions/dystonia/place/done"
    (row,) = joiner.places()
    assert (row.area_id, row.visibility, row.role) == (LEEDS, "map", "parent")
    assert row.pseudonym == "Quiet Heron"
    assert set(joiner.session.scalars(select(MemberLanguage.language))) == {"en", "de"}
    purposes = set(joiner.session.scalars(select(Consent.purpose)))
    assert purposes == {"count", "map", "adult"}
    assert browser.get("/places").status_code == 200


@pytest.mark.both
def test_the_code_does_the_same_in_the_browser_that_asked(joiner: Joiner) -> None:
    joiner.choose()
    page = joiner.browser.get("/sign-in/code").text
    assert "Others see you somewhere around Leeds" in page
    data = {**agreement(page, ""), "adult": "y", "mail": "y", "code": joiner.code()}
    answer = joiner.browser.post("/sign-in/code", data=data)
    assert answer.location == "/conditions/dystonia/place/done"
    assert [row.area_id for row in joiner.places()] == [LEEDS]
    assert set(joiner.session.scalars(select(Consent.purpose))) >= {"adult", "mail", "members"}


def test_a_wrong_code_keeps_what_was_ticked(joiner: Joiner) -> None:
    joiner.choose()
    page = joiner.browser.get("/sign-in/code").text
    data = {**agreement(page, ""), "adult": "y", "code": "1"}
    answer = joiner.browser.post("/sign-in/code", data=data, follow_redirects=True)
    assert "This is not the code in the email" in answer.text
    fields = agreement(answer.text, "")
    assert fields["adult"] == "y"
    assert "mail" not in fields
    assert joiner.places() == []


@pytest.mark.parametrize("way", ["link", "code"])
def test_nothing_counts_without_the_agreement(joiner: Joiner, way: str) -> None:
    link = joiner.choose()
    path = link if way == "link" else "/sign-in/code"
    data = agreement(joiner.browser.get(path).text, "") | {"code": joiner.code()}
    answer = joiner.browser.post(path, data=data)
    assert answer.status_code == 400
    assert "Tick this box if you are 18 or over" in answer.text
    assert "Others see you somewhere around Leeds" in answer.text
    assert (
        joiner.browser.post(path, data=data | {"adult": "y", "words": "older"}).status_code == 400
    )
    assert joiner.places() == []
    assert joiner.browser.get("/places").status_code == 303  # not signed in either


@pytest.mark.parametrize("way", ["link", "code"])
def test_one_can_sign_in_without_it(joiner: Joiner, way: str) -> None:
    link = joiner.choose()
    path = link if way == "link" else "/sign-in/code"
    data = {"only": "y", "code": joiner.code()}
    answer = joiner.browser.post(path, data=data)
    assert (answer.status_code, answer.location) == (303, "/places")
    assert joiner.browser.get("/places").status_code == 200
    assert joiner.places() == []


def test_the_second_of_two_clicks_places_once(joiner: Joiner) -> None:
    link = joiner.choose()
    data = {**agreement(joiner.browser.get(link).text, ""), "adult": "y"}
    for browser in (joiner.browser, twin_of(joiner.browser)):
        assert browser.post(link, data=data).status_code == 303
    assert len(joiner.places()) == 1


def test_a_stranger_s_browser_and_a_used_link_show_nothing(joiner: Joiner) -> None:
    link = joiner.choose()
    joiner.agree(link)
    for browser in (joiner.app.test_client(), joiner.browser):
        page = browser.get(link).text
        assert "Did you choose this?" not in page
        assert "Quiet Heron" not in page


def test_it_is_gone_with_the_link(joiner: Joiner) -> None:
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False) as clock:
        link = joiner.choose()
        clock.shift(2 * 3600 + 1)
        assert "Leeds" not in joiner.browser.get(link).text
        assert joiner.browser.post(link, data={"adult": "y"}).status_code == 410
    assert joiner.places() == []


@pytest.mark.both
def test_a_member_gets_the_place_on_the_account_there_is(
    joiner: Joiner,
    make_member: Callable[..., Member],
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
) -> None:
    wren = make_member(email=ROBIN, languages=["fr"])
    make_membership(make_condition("gout"), YORK, member=wren, pseudonym="Quiet Heron")
    member_id = wren.id
    joiner.session.commit()
    link = joiner.choose(languages=["en"])
    answer = joiner.browser.post(
        link,
        data={**agreement(joiner.browser.get(link).text, ""), "adult": "y"},
        follow_redirects=True,
    )
    assert "You have this pseudonym on another map, too" in answer.text
    assert {row.member_id for row in joiner.places()} == {member_id}
    assert len(joiner.places()) == 2
    assert list(joiner.session.scalars(select(MemberLanguage.language))) == ["fr"]


def test_a_member_who_is_signed_in_is_asked_as_well(
    joiner: Joiner, make_member: Callable[..., Member], login: Callable[..., FlaskClient]
) -> None:
    link = joiner.choose()
    browser = login(make_member(email=ROBIN), on=joiner.app.test_client())
    page = browser.get(link).text
    assert "Did you choose this?" in page
    assert "Switch to the other account" not in page
    joiner.agree(link, browser)
    assert len(joiner.places()) == 1
    other = joiner.choose(email="wren@example.org")
    page = browser.get(other).text
    assert "Stay signed in as ro…@example.org" in page


def test_the_order_of_the_page(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?area={LEEDS}").text
    steps = ("Type a town", 'id="preview"', "Who sees you?", "About you", "Your email address")
    at = [page.index(step) for step in steps]
    assert at == sorted(at)
    assert "I am 18 or over" not in page  # agreed to with the link


def test_members_have_a_page_of_their_own(
    client: FlaskClient, make_member: Callable[..., Member], login: Callable[..., FlaskClient]
) -> None:
    assert client.get("/conditions/dystonia/place").location == PAGE
    login(make_member())
    answer = client.get(f"{PAGE}?area={LEEDS}&_external=1")
    assert answer.location == f"/conditions/dystonia/place?area={LEEDS}&_external=1"
    assert client.get("/conditions/no-such/join").status_code == 303


def test_an_unknown_condition_is_not_found(client: FlaskClient) -> None:
    assert client.get("/conditions/no-such/join").status_code == 404
    assert client.post("/conditions/no-such/join", data=join_form()).status_code == 404


def test_a_town_that_is_clear_is_taken_at_once(client: FlaskClient) -> None:
    page = client.post(f"{PAGE}/where", data={"town": "leeds"}, follow_redirects=True).text
    assert form_to(page, PAGE).fields["area_id"] == str(LEEDS)
    assert "Which one do you mean" not in page
    assert " required checked" not in page
    assert "Others see only your region, England" in page
    assert "<summary>Did you mean another place?</summary>" in page


@pytest.fixture
def _daily(app: Flask, settings: Settings) -> Iterator[None]:
    app.extensions["mapapp_settings"] = settings.model_copy(update={"publish": "daily@04:00"})
    yield
    app.extensions["mapapp_settings"] = settings


@pytest.mark.usefixtures("_daily")
def test_the_wish_for_the_next_publication_waits_as_well(joiner: Joiner) -> None:
    page = joiner.browser.get(f"{PAGE}?area={LEEDS}").text
    assert "Show me with the very next change" in page
    joiner.agree(joiner.choose(soon="y"))
    (row,) = joiner.places()
    assert row.due is not None
    assert AREAS.level[row.area_id] == AREAS.level[LEEDS]
