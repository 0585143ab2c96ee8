"""Looking for one's place without a script: by a town, and in a list of steps."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_facts import FEW_LISTED
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests.published import change_number
from tests.trust import AREAS, LEEDS, YORK

PAGE = "/conditions/dystonia/place"


@pytest.fixture
def member(
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    login: Callable[..., FlaskClient],
) -> Member:
    make_condition("dystonia")
    member = make_member()
    login(member)
    return member


def _look(client: FlaskClient, **given: str) -> str:
    """Send one of the forms that look for a place; return the page it leads to."""
    answer = client.post(f"{PAGE}/where", data=given, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_towns_are_found_without_a_script(client: FlaskClient, member: Member) -> None:
    page = _look(client, town="leeds")
    assert re.search(rf'name="area_id" value="{LEEDS}"', page)
    assert _focused(page) == ['div class="notice stack-tight" id="taken"']
    assert "Did you mean another place?" in page
    assert "We do not know a town" in _look(client, town="qqxxqqzz")
    assert "We do not know a town" in _look(client, town="??")


def test_no_town_is_chosen_for_the_member_unless_it_is_clear(
    client: FlaskClient, member: Member
) -> None:
    for several in ("Ashford", "Springfield", "Richmond"):
        page = _look(client, town=several)
        assert page.count('type="radio" name="area"') > 1
        assert " required checked" not in page
        question = f"There are several places called “{several}”. Which one do you mean?"
        assert "<title>Which place do you mean? – " in page
        assert question in page
        assert _focused(page) == ['legend id="which"']
        assert f'<legend id="which" tabindex="-1" autofocus>{question}</legend>' in page
    guessed = _look(client, town="Qwertyville")
    assert "We do not know a town called “Qwertyville”" in guessed
    assert guessed.index("Did you mean …?") < guessed.index("Wentzville")
    assert "Which one" not in guessed
    assert " required checked" not in guessed
    assert _focused(guessed) == ['input id="place-q"']


def _focused(page: str) -> list[str]:
    return re.findall(r"<(\w+ [^>]*?id=\"[^\"]*\")[^>]* autofocus", page)


@pytest.mark.parametrize("way", ["place", "place/cared-for"])
def test_an_empty_field_says_what_to_type(client: FlaskClient, member: Member, way: str) -> None:
    address = f"/conditions/dystonia/{way}"
    page = client.post(f"{address}/where", data={"town": " "}, follow_redirects=True).text
    assert '<p class="error" id="place-q-error">Type a town.</p>' in page
    assert _focused(page) == ['input id="place-q"']
    assert "Type a town." not in client.get(address).text


@pytest.mark.parametrize("way", ["place", "place/cared-for"])
def test_the_page_says_which_area_was_taken(client: FlaskClient, member: Member, way: str) -> None:
    address = f"/conditions/dystonia/{way}"
    page = client.post(f"{address}/where", data={"town": "Ashford"}, follow_redirects=True).text
    (near_staines,) = re.findall(
        r'name="area" value="([^"]*)" required><span>Ashford<span class="quiet">, near Staines',
        page,
    )
    page = client.post(f"{address}/where", data={"area": near_staines}, follow_redirects=True).text
    assert "Ashford belongs to the area around Staines." in page
    assert _focused(page) == ['div class="notice stack-tight" id="taken"']
    assert "Ashford" not in client.post(f"{address}/where", data={"area": near_staines}).location
    area = near_staines.partition(" ")[0]
    for untrue in (f"{area} Leeds", f"{area} Send money", area):
        page = client.post(f"{address}/where", data={"area": untrue}, follow_redirects=True).text
        assert "belongs to" not in page
        assert "Staines, United Kingdom" in page


def test_what_is_looked_for_stands_in_no_address(client: FlaskClient, member: Member) -> None:
    for given in ({"town": "Leeds"}, {"area": str(LEEDS)}, {"country": "17"}):
        location = client.post(f"{PAGE}/where", data=given).location
        assert re.fullmatch(rf"{PAGE}\?at=[\w-]+", location)
        assert not re.search(rf"Leeds|{LEEDS}|%", location)
    assert client.post(f"{PAGE}/where", data={"town": "x" * 101}).status_code == 400


def test_the_list_goes_from_country_to_region_to_place(client: FlaskClient, member: Member) -> None:
    country, region, zone = AREAS.ancestors(LEEDS)
    first = client.get(PAGE).text
    assert f'<option value="{country}">United Kingdom</option>' in first
    second = client.get(f"{PAGE}?country={country}").text
    assert f'<option value="{region}">England</option>' in second
    third = client.get(f"{PAGE}?region={region}").text
    assert f'<option value="{zone}">Leeds</option>' in third
    for wrong in (f"country={zone}", f"region={country}", "country=99999999"):
        assert client.get(f"{PAGE}?{wrong}").status_code == 404
    assert _look(client, region=str(region)).count(f'<option value="{zone}">Leeds</option>') == 1
    assert "Others see you somewhere around Leeds" in _look(client, area=str(zone))


def _precision(page: str) -> list[str]:
    return re.findall(r'name="precision" value="(\w+)" checked', page)


def test_moving_on_a_map_of_few_offers_a_region_as_joining_does(
    session: Session,
    client: FlaskClient,
    member: Member,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Membership],
) -> None:
    condition = make_condition("dystonia")
    make_membership(condition, LEEDS, member=member, area_version=AREAS.version)
    session.commit()
    # What is there already stays: whoever changes something else is not moved by the way.
    stays = client.get(PAGE).text
    assert _precision(stays) == _precision(client.get(f"{PAGE}?area={LEEDS}").text) == ["zone"]
    assert "so a region is suggested" not in stays
    moves = client.get(f"{PAGE}?area={YORK}").text
    assert _precision(moves) == ["region"]
    assert f"Fewer than {FEW_LISTED} people are on this map, so a region is suggested" in moves
    change_number(session, condition, LEEDS, FEW_LISTED - 1)
    session.commit()
    assert _precision(client.get(f"{PAGE}?area={YORK}").text) == ["zone"]
