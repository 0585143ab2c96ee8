"""Asking to be told of more people, and the page of news."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mapapp.store.members import Member, PeopleAlert
from tests import factories
from tests.forms import form_to, forms
from tests.published import change_number
from tests.trust import AREAS, LEEDS, World

PAGE = "/conditions/cervical-dystonia/tell-me"


@pytest.fixture
def member(world: World, login: Callable[..., FlaskClient]) -> Member:
    """Somebody who is signed in and on no map."""
    who = world.member()
    login(who)
    return who


def kept(session: Session) -> list[tuple[str, int, int, bool]]:
    session.rollback()
    rows = session.scalars(select(PeopleAlert).order_by(PeopleAlert.kind)).all()
    return [(row.kind, row.area_id, row.people, row.by_mail) for row in rows]


def asked_at(client: FlaskClient, area_id: int) -> TestResponse:
    """Open the page as the link on the page of an area does."""
    return client.get(f"{PAGE}?area={area_id}", follow_redirects=True)


def test_the_address_does_not_keep_the_area_beside_the_condition(
    client: FlaskClient, member: Member
) -> None:
    answer = client.get(f"{PAGE}?area={LEEDS}")
    assert answer.status_code == 303
    assert re.fullmatch(rf"{PAGE}\?at=[\w-]+", answer.location)
    assert str(LEEDS) not in answer.location
    assert "Within 250 km of Leeds" in client.get(answer.location).text
    assert client.get(f"{PAGE}?area=x").status_code == 400


def test_it_says_that_the_reader_is_counted_and_counts_them(
    client: FlaskClient, member: Member, world: World
) -> None:
    world.place(member, "members", "cervical-dystonia")
    world.session.commit()
    page = client.get(PAGE).text
    assert "Anywhere on this map. Now:\u00a01" in page
    assert "include you" in page
    client.post(PAGE, data={"where": "area:0", "people": "3"})
    assert "include you" in client.get("/news").text


def test_what_is_chosen_is_kept_and_can_be_stopped(
    client: FlaskClient, member: Member, session: Session
) -> None:
    (form,) = [one for one in forms(asked_at(client, LEEDS).text) if "where" in one.fields]
    assert form.fields["where"] == f"near:{LEEDS}"
    assert (form.fields["people"], "by_mail" in form.fields) == ("3", False)
    answer = client.post(PAGE, data={**form.fields, "people": "10"})
    assert (answer.status_code, answer.location) == (303, "/news")
    assert kept(session) == [("near", LEEDS, 10, False)]
    page = client.get("/news").text
    assert "10 people. Within 250 km of Leeds" in page
    stop = form_to(page, f"{PAGE}/stop")
    assert client.post(stop.action, data=stop.fields).location == "/news"
    assert kept(session) == []
    assert "We will not tell you about it." in client.get("/news").text


def test_the_family_is_offered_with_its_number(
    client: FlaskClient, member: Member, session: Session
) -> None:
    change_number(session, factories.make_condition(session, "hand-dystonia"), LEEDS, 2)
    session.commit()
    page = client.get(PAGE).text
    assert "On all maps of the family “focal dystonia”. Now:\u00a02" in page
    assert "Anywhere on this map. Now:\u00a00" in page
    sent = {"where": "family:focal-dystonia", "people": "3", "by_mail": "y"}
    assert client.post(PAGE, data=sent).status_code == 303
    assert kept(session) == [("family", 0, 3, True)]
    page = client.get("/news").text
    assert "focal dystonia" in page
    assert "By email as well" in page


def test_ones_own_place_is_offered(client: FlaskClient, member: Member, world: World) -> None:
    world.place(member, "members", "cervical-dystonia")
    world.session.commit()
    page = client.get(PAGE).text
    assert "Within 250 km of Leeds" in page
    assert f'value="area:{LEEDS}"' in page


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"where": f"near:{LEEDS}", "people": "1"}, 400),
        ({"where": f"near:{LEEDS}", "people": "x"}, 400),
        ({"where": "near:0", "people": "3"}, 400),
        ({"where": "near:x", "people": "3"}, 400),
        ({"where": "near:99999999", "people": "3"}, 400),
        ({"where": "town:5", "people": "3"}, 400),
        ({"where": "family:epilepsy", "people": "3"}, 400),
        ({"where": "family:no-such", "people": "3"}, 400),
    ],
)
def test_a_wrong_form_is_shown_again(
    client: FlaskClient, member: Member, session: Session, sent: dict[str, str], status: int
) -> None:
    answer = client.post(PAGE, data=sent)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert kept(session) == []


def test_a_number_that_is_reached_is_refused_beside_the_form(
    client: FlaskClient, member: Member, session: Session
) -> None:
    change_number(session, factories.make_condition(session, "cervical-dystonia"), LEEDS, 3)
    session.commit()
    answer = client.post(PAGE, data={"where": f"near:{LEEDS}", "people": "3"})
    assert answer.status_code == 400
    assert "There are 3 people there already. Choose a higher number." in answer.text
    assert re.search(rf'<input checked [^>]*value="near:{LEEDS}"', answer.text)


def test_where_there_are_many_there_is_nothing_to_wait_for(
    client: FlaskClient, member: Member, session: Session
) -> None:
    condition = factories.make_condition(session, "of-our-own")
    change_number(session, condition, LEEDS, 30)
    session.commit()
    page = client.get("/conditions/of-our-own/tell-me").text
    assert "nothing to wait for" in page
    assert "<legend" not in page


def test_news_stay_until_they_are_put_away(
    client: FlaskClient, member: Member, session: Session
) -> None:
    condition = factories.make_condition(session, "cervical-dystonia")
    for kind, area_id in (("area", LEEDS), ("area", 0), ("family", 0), ("near", LEEDS)):
        alert = {"condition_id": condition.id, "member_id": member.id, "news": "shown"}
        session.add(PeopleAlert(kind=kind, area_id=area_id, people=3, **alert))
    session.commit()
    for _ in range(2):
        page = client.get("/news").text
        assert page.count("3 people or more") == 4
    assert "3 people or more on the maps of this family" in page
    away = form_to(page, f"{PAGE}/stop")
    client.post(away.action, data=away.fields)
    assert client.get("/news").text.count("3 people or more") == 3


def test_without_alerts_the_page_says_how_to_begin(client: FlaskClient, member: Member) -> None:
    assert "On the page of a condition" in client.get("/news").text


def test_pages_lead_there(client: FlaskClient, member: Member) -> None:
    assert PAGE in client.get("/conditions/cervical-dystonia").text
    area = AREAS.get(LEEDS).code
    assert f"{PAGE}?area={LEEDS}" in client.get(f"/conditions/cervical-dystonia/areas/{area}").text
    near = client.get(f"/conditions/cervical-dystonia/nearby?area={LEEDS}").text
    assert f"{PAGE}?at=" in near
    assert "When there are 3, 10, or 30 people in this area or near it" in near
    for page in ("/places", "/account", PAGE):
        assert 'href="/news"' in client.get(page).text
