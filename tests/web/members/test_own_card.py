"""One's own card looks own, and who does not want to be asked has no "Connect"."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.contact.wish_edit import keep_wishes
from mapapp.actions.core.context import Context
from mapapp.actions.published.publishing import publish_at_once
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.wishes import Wishes
from mapapp.store.members import Member
from tests import contact_requests
from tests.moderation import Site
from tests.trust import LEEDS

AREA = f"/conditions/dystonia/areas/{load_areas().code[LEEDS]}"
NEAR = f"/conditions/dystonia/nearby?area={LEEDS}"
LISTS = (AREA, "/conditions/dystonia/areas/world")
MINE = "This is you"


@pytest.fixture
def wren(site: Site) -> Member:
    return site.somebody("public", pseudonym="Wren")


@pytest.fixture
def robin(site: Site) -> Member:
    return site.somebody("public", pseudonym="Robin")


@pytest.fixture
def robins(app: Flask, login: Callable[..., FlaskClient], robin: Member) -> FlaskClient:
    return login(robin, on=app.test_client())


def _way_to(site: Site, whom: Member) -> str:
    return f"/members/{contact_requests.id_on(site.session, whom, 'dystonia')}/connect"


def _in_panel(browser: FlaskClient) -> dict[str, dict[str, str]]:
    found = json.loads(browser.get(f"{AREA}/people.json").text)["people"]
    return {person["name"]: person for person in found}


def _does_not_want_to_be_asked(site: Site, whom: Member) -> None:
    site.session.commit()
    ctx = Context(site.session, site.settings, reader_id=whom.id)
    keep_wishes(ctx, site.condition().id, Wishes(not_now=True))
    publish_at_once(site.session)
    site.session.commit()


@pytest.mark.parametrize("path", LISTS)
def test_ones_own_card_is_marked_and_leads_to_ones_places(
    site: Site, client: FlaskClient, wren: Member, robin: Member, robins: FlaskClient, path: str
) -> None:
    page = robins.get(path).text
    assert page.count(MINE) == page.count("person-mine") == 1
    assert _way_to(site, robin) not in page
    assert _way_to(site, wren) in page
    seen = client.get(path).text
    assert MINE not in seen
    assert _way_to(site, robin) in seen


def test_the_panel_of_the_map_says_so_too(
    site: Site, client: FlaskClient, wren: Member, robin: Member, robins: FlaskClient
) -> None:
    people = _in_panel(robins)
    mine, hers = people["Robin"], people["Wren"]
    assert (mine["you"], mine["connect"], mine["report"]) == (MINE, "", "")
    assert hers["you"] == ""
    assert _way_to(site, wren) in hers["connect"]
    assert {person["you"] for person in _in_panel(client).values()} == {""}


def test_who_is_near_leaves_the_reader_out(
    site: Site, wren: Member, robin: Member, robins: FlaskClient
) -> None:
    page = robins.get(NEAR).text
    assert _way_to(site, wren) in page
    assert _way_to(site, robin) not in page


@pytest.mark.parametrize("path", [*LISTS, NEAR])
def test_who_does_not_want_to_be_asked_has_no_button(
    site: Site, client: FlaskClient, wren: Member, robin: Member, robins: FlaskClient, path: str
) -> None:
    assert _way_to(site, wren) in client.get(path).text
    robins.get(path)
    _does_not_want_to_be_asked(site, wren)
    for browser in (client, robins):
        page = browser.get(path).text
        assert "Wren" in page
        assert "Does not want to be asked at the moment" in page
        assert _way_to(site, wren) not in page
        assert "/report/person/" in page


def test_nor_in_the_panel_nor_on_their_page(
    site: Site, client: FlaskClient, wren: Member, robin: Member, robins: FlaskClient
) -> None:
    _does_not_want_to_be_asked(site, wren)
    for browser in (client, robins):
        hers = _in_panel(browser)["Wren"]
        assert hers["connect"] == ""
        assert hers["report"] != ""
    page = robins.get(_way_to(site, wren)).text
    assert 'name="reason"' not in page


def test_who_is_only_counted_reads_how(
    app: Flask, site: Site, login: Callable[..., FlaskClient], robins: FlaskClient
) -> None:
    browser = login(site.somebody("counted"), on=app.test_client())
    assert "You are only counted" in browser.get("/places").text
    assert "You are only counted" not in robins.get("/places").text
