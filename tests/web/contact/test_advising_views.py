"""Offering to help newcomers, who read advisers first; and everybody reads the mark."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mapapp.actions.contact.wish_edit import keep_wishes
from mapapp.actions.core.context import Context
from mapapp.actions.members.adviser_offer import make_offer
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_month
from mapapp.domain.published.adviser_rules import is_newcomer
from mapapp.domain.published.wishes import Wishes
from mapapp.store.members import Member, Membership
from tests import factories
from tests.advisers import OFFER, confirm, offer_of
from tests.places import zone_at_band
from tests.trust import LEEDS, World

Login = Callable[..., FlaskClient]
PAGE = "/conditions/dystonia/adviser"
NEAR = f"/conditions/dystonia/nearby?area={LEEDS}"
HERE = f"/conditions/dystonia/areas/{load_areas().code[LEEDS]}"
FIRST = "They offer to help newcomers"
MARK = "<p>Offers to help newcomers</p>"
FAR = zone_at_band(LEEDS, 6)


def _adviser(world: World, name: str, area_id: int = LEEDS) -> Member:
    who = world.member(pseudonym=name, languages=["de"])
    factories.make_membership(world.session, world.condition(), area_id, member=who)
    ctx = Context(world.session, world.settings, reader_id=who.id)
    confirm(ctx, world.condition().id)
    return who


@pytest.fixture
def newcomer(app: Flask, world: World, login: Login) -> FlaskClient:
    """Somebody who came this month, and others who are there."""
    factories.make_crowd(world.session, world.condition(), LEEDS, 25)
    who, here = world.member(pseudonym="New Robin"), world.condition()
    given = {"month": this_month(), "visibility": "map"}
    factories.make_membership(world.session, here, LEEDS, member=who, **given)
    return login(who, on=app.test_client())


def _first(page: str) -> list[str]:
    """Return the names above the list of the others."""
    if FIRST not in page:
        return []
    part = page.split(FIRST)[1].split("</section>")[0]
    return re.findall(r'person-name"><bdi>(.*?)</bdi>', part)


def test_a_newcomer_reads_advisers_first_the_nearest_before_others(
    world: World, newcomer: FlaskClient
) -> None:
    assert FIRST not in newcomer.get(NEAR).text
    for name, area in (("Far Owl", FAR), ("Near Owl", LEEDS)):
        _adviser(world, name, area)
    world.session.commit()
    page = newcomer.get(NEAR).text
    assert _first(page) == ["Near Owl", "Far Owl"]
    assert page.count("Near Owl</bdi>") == 1  # not once more in the list
    assert "has not checked who they are" in page
    assert _first(newcomer.get(HERE).text) == ["Near Owl"]
    assert _first(newcomer.get("/conditions/dystonia/areas/world").text) != []
    behind = re.search(r'rel="next" href="([^"]+)"', page)
    assert behind is not None
    assert FIRST not in newcomer.get(behind[1].replace("&amp;", "&")).text


def test_three_stand_first_and_those_who_match(world: World, newcomer: FlaskClient) -> None:
    for number in range(4):
        _adviser(world, f"Owl {number}")
    world.session.commit()
    assert len(_first(newcomer.get(NEAR).text)) == 3
    assert len(_first(newcomer.get(f"{NEAR}&language=de").text)) == 3
    assert _first(newcomer.get(f"{NEAR}&language=fr").text) == []
    assert _first(newcomer.get(f"{NEAR}&role=parent").text) == []


@pytest.mark.both
def test_whom_the_reader_may_not_ask_stands_in_no_first_place(
    world: World, newcomer: FlaskClient
) -> None:
    here = world.condition().id
    for wishes in (
        Wishes(not_now=True),
        Wishes(carers_only=True),
        Wishes(same_language=True),
        Wishes(farthest=5),
        Wishes(reasons=("treatments",)),
    ):
        owl = _adviser(world, f"Owl {wishes.offered[0]}", FAR if wishes.farthest else LEEDS)
        keep_wishes(Context(world.session, world.settings, reader_id=owl.id), here, wishes)
    factories._publish(world.session)
    blocked = _adviser(world, "Rude Owl")
    me = world.session.query(Membership).filter_by(pseudonym="New Robin").one()
    world.block(world.session.get_one(Member, me.member_id), blocked)
    world.session.commit()
    page = newcomer.get(NEAR).text
    assert _first(page) == _first(newcomer.get(HERE).text) == ["Owl treatments"]
    assert "Rude Owl" not in page


def test_others_read_the_mark_in_the_list_and_no_list_of_advisers(
    app: Flask, world: World, client: FlaskClient, newcomer: FlaskClient, login: Login
) -> None:
    owl, here = _adviser(world, "Near Owl"), world.condition()
    world.session.execute(update(Membership).values(visibility="public"))
    factories.make_membership(world.session, here, LEEDS, member=(old := world.member()))
    world.session.execute(
        update(Membership).where(Membership.member_id == old.id).values(month="2020-01")
    )
    world.session.commit()
    reader = login(old, on=app.test_client())
    page = reader.get(HERE).text + reader.get(f"{NEAR}&language=de").text
    assert MARK in page
    assert FIRST not in page
    person = f"/members/{owl.public_id}/connect?condition=dystonia"
    assert "has not checked who they are" in reader.get(person).text
    assert FIRST not in client.get(HERE).text


@pytest.mark.parametrize(
    ("placed", "is_new"),
    [("2026-12", True), ("2026-11", True), ("2026-10", False), ("2025-12", False)],
)
def test_newcomers_are_those_of_this_month_and_the_last(placed: str, is_new: bool) -> None:
    assert is_newcomer(placed, "2026-12") is is_new


def test_a_member_offers_reads_the_answer_and_stops(
    world: World, client: FlaskClient, login: Login
) -> None:
    wren = world.somebody("public", pseudonym="Wren")
    world.session.commit()
    browser = login(wren)
    assert f'href="{PAGE}"' in browser.get("/places").text
    assert "tell the team" in browser.get(PAGE).text
    refused = browser.post(PAGE, data={"text": "Too short"})
    assert (refused.status_code, "Write 10 to 300 characters." in refused.text) == (400, True)
    assert "Too short" in refused.text
    assert browser.post(PAGE, data={"text": OFFER}).status_code == 303
    page = browser.get(PAGE).text
    assert "has not answered your offer yet" in page
    assert OFFER in page
    for state, words in (
        ("confirmed", "You are an adviser"),
        ("refused", "did not take up your offer"),
        ("ended", "The team has ended this"),
    ):
        offer = offer_of(world.session, wren.id)
        offer.state, offer.reason = state, "Because of the <i>trains</i>."
        world.session.commit()
        page = browser.get(PAGE).text
        assert words in page
        assert "Because of the &lt;i&gt;trains&lt;/i&gt;." in page
    assert browser.post(f"{PAGE}/stop").location == "/places"
    assert "tell the team" in browser.get(PAGE).text


def test_who_is_only_counted_is_told_why_not(world: World, login: Login) -> None:
    hidden = world.somebody("counted")
    world.session.commit()
    browser = login(hidden)
    assert "Only people who are shown on this map" in browser.get(PAGE).text
    assert "<textarea" not in browser.get(PAGE).text
    assert browser.post(PAGE, data={"text": OFFER}).status_code == 403
    assert browser.get("/conditions/gout/adviser").status_code == 404


def test_an_offer_is_on_no_page_but_its_members_and_the_teams(
    app: Flask, world: World, client: FlaskClient, login: Login, newcomer: FlaskClient
) -> None:
    wren = world.somebody("public", pseudonym="Waiting Wren")
    make_offer(
        Context(world.session, world.settings, reader_id=wren.id), world.condition().id, OFFER
    )
    mod = world.member(staff="moderator")
    world.session.commit()
    person = f"/members/{wren.public_id}/connect?condition=dystonia"
    for path in (person, HERE, f"{HERE}/people.json", NEAR, "/account/data"):
        page = newcomer.get(path).text + client.get(path).text
        assert OFFER not in page
        assert "Adviser" not in page
    own, staff = login(wren, on=app.test_client()), login(mod, on=app.test_client())
    assert OFFER in own.get(PAGE).text
    offer_id = offer_of(world.session, wren.id).public_id
    assert OFFER in staff.get(f"/moderation/advisers/{offer_id}").text
