"""Who is near: counts, people by band, towns, my place, every refusal, and limits."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.quotas import NEARBY_VISITOR
from mapapp.domain.areas import load_areas
from mapapp.store.service import Quota
from tests import factories
from tests.places import zone_at_band, zones_of
from tests.web.worlds import HERE, counted_queries, fill, hide_somebody, whole_answer

ADDRESS = "/conditions/dystonia/nearby"


def here() -> str:
    return f"{ADDRESS}?area={zones_of(HERE)[0]}"


def test_the_form_alone(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(ADDRESS).text
    assert 'name="town"' in page
    assert "People you can meet" not in page


def test_counts_first_then_people_by_band(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(here()).text
    assert "2 people in this area, 3 within 250 km." in page
    order = [page.index(t) for t in ("within 250 km", "Public Person", "Far Person")]
    assert order == sorted(order)
    assert "Members Person" not in page
    assert "/connect?condition=dystonia" in page


def test_by_town(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(f"{ADDRESS}?town=Berlin").text
    assert "Germany</h1>" in page
    assert "Public Person" in page


def test_by_the_whole_label_of_a_town(client: FlaskClient, session: Session) -> None:
    fill(session)
    label = client.get("/api/v1/towns?q=Springfield").json["items"][1]
    page = client.get(ADDRESS, query_string={"town": label["value"]}).text
    assert "Did you mean another place?" not in page
    assert load_areas().get(label["area"]).name in page


def test_other_towns_of_the_name_are_offered(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(f"{ADDRESS}?town=Springfield").text
    assert "Did you mean another place?" in page


def test_towns_of_other_names_are_offered_only_with_a_reason(
    client: FlaskClient, session: Session
) -> None:
    fill(session)
    leeds = client.get(f"{ADDRESS}?town=Leeds").text
    assert "Hoopeston" not in leeds
    assert "Elkins" not in leeds
    roma = client.get("/api/v1/towns?q=Roma").json["items"]
    assert ("Rome", "Lazio, Italy · also called Roma") in [(t["name"], t["detail"]) for t in roma]


def test_unknown_town(client: FlaskClient, session: Session) -> None:
    fill(session)
    response = client.get(f"{ADDRESS}?town=Xqzvwkjh")
    assert response.status_code == 200
    assert "We know no town called “Xqzvwkjh”" in response.text
    assert 'value="Xqzvwkjh"' in response.text
    assert 'aria-describedby="town-error"' in response.text


def test_nobody_nearby_is_said_kindly(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(f"{ADDRESS}?area={zones_of('NZ')[0]}").text
    assert "You would be the first within 250 km" in page
    assert "Sign in to be told" in page
    assert "The next people are more than 1,000 km away." in page
    assert "Far Person" in page  # it widens until it finds someone


def test_nobody_at_all(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "rare")
    session.commit()
    page = client.get(f"/conditions/rare/nearby?area={zones_of('NZ')[0]}").text
    assert "Nobody is on this map yet" in page
    assert "Sign in to be told" in page


def test_filters(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    parent = factories.make_member(session, pseudonym="A Parent", languages=["fr"])
    factories.make_membership(
        session, condition, zones_of(HERE)[0], member=parent, visibility="public", role="parent"
    )
    session.commit()
    for term in ("role=parent", "language=fr"):
        page = client.get(f"{here()}&{term}").text
        assert "A Parent" in page
        assert "Public Person" not in page
        assert "3 people in this area" in page
    page = client.get(f"{here()}&role=organisation").text
    assert "Nobody who shows a pseudonym fits that" in page


def test_my_place(client: FlaskClient, session: Session, login: Callable[..., Any]) -> None:
    condition = fill(session)
    me = factories.make_member(session, pseudonym="Myself")
    factories.make_membership(session, condition, zones_of(HERE)[0], member=me)
    session.commit()
    login(me)
    page = client.get(f"{ADDRESS}?place=mine").text
    assert "You yourself are not counted here" in page
    assert "2 people in this area" in page
    assert "Members Person" in page
    assert "Myself" not in page


def test_alone_on_the_map(client: FlaskClient, session: Session, login: Callable[..., Any]) -> None:
    rare, me = factories.make_condition(session, "rare"), factories.make_member(session)
    factories.make_membership(session, rare, zones_of(HERE)[0], member=me)
    session.commit()
    login(me)
    page = client.get("/conditions/rare/nearby?place=mine").text
    assert "Nobody else is on this map yet" in page
    assert "Change your place" in page
    assert "Put yourself on the map" not in page


def test_my_place_without_one(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    fill(session)
    assert client.get(f"{ADDRESS}?place=mine").status_code == 400
    me = factories.make_member(session)
    session.commit()
    login(me)
    assert client.get(f"{ADDRESS}?place=mine").status_code == 400
    assert client.get(f"{ADDRESS}?place=theirs").status_code == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("area=-1", 400),
        ("area=x", 400),
        ("area=1.5", 400),
        ("area=99999999", 400),
        ("area=9999999999", 400),
        ("area=1&page=0", 400),
        ("area=1&page=x", 400),
        ("area=1&role=king", 400),
        ("area=1&language=xx", 400),
        ("town=" + "a" * 101, 400),
        ("place=52.5,13.4", 400),
    ],
)
def test_bad_input(client: FlaskClient, session: Session, query: str, status: int) -> None:
    fill(session)
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == status
    assert f'<a href="{ADDRESS}">Start again on this page</a>' in answer.text


def test_limit_of_visitors(client: FlaskClient, session: Session) -> None:
    fill(session)
    for _ in range(NEARBY_VISITOR.most):
        assert client.get(here()).status_code == 200
    refused = client.get(here())
    assert refused.status_code == 429
    assert "try again" in refused.text
    assert client.get(ADDRESS).status_code == 200  # the form costs nothing
    session.rollback()
    assert "127.0.0.1" not in str(session.execute(select(Quota.subject)).all())


def test_hidden_people_change_no_byte(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    paths = [here(), f"{here()}&role=researcher", f"{here()}&language=fr", f"{ADDRESS}?town=Paris"]
    before = [whole_answer(client, path) for path in paths]
    hide_somebody(session, condition)
    assert [whole_answer(client, path) for path in paths] == before


def test_two_people_in_one_zone_answer_alike(client: FlaskClient, session: Session) -> None:
    """Whoever asks from a town of a zone gets what anybody in the zone gets."""
    fill(session)
    zone = zone_at_band(zones_of(HERE)[0], 2)
    name = load_areas().get(zone).name
    assert name
    assert whole_answer(client, f"{ADDRESS}?area={zone}") == whole_answer(
        client, f"{ADDRESS}?area={zone}"
    )


def test_budget_of_queries(app: Flask, client: FlaskClient, session: Session) -> None:
    fill(session)
    with counted_queries(app) as statements:
        client.get(here())
    assert len(statements) <= 16  # three of them note who was shown, once a day for each
