"""Conditions in the public API: found, listed page by page, and told of."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from tests.places import zones_of
from tests.published import change_number
from tests.releases import put_release
from tests.worlds import HERE, fill

CONDITIONS = "/api/v1/conditions"


def test_a_search_finds_what_is_misspelt(client: FlaskClient, session: Session) -> None:
    fill(session)
    response = client.get(f"{CONDITIONS}?q=dystomia&limit=3")
    first = response.json["items"][0]
    assert first == {
        "slug": "dystonia",
        "code": first["code"],
        "name": "Dystonia",
        "people": 3,
        "detail": "3 people",
        "url": "/conditions/dystonia",
    }
    assert len(response.json["items"]) <= 3
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_a_search_that_finds_nothing_says_so(client: FlaskClient) -> None:
    answer = client.get(f"{CONDITIONS}?q=qqqqzzzzxxxx").json
    assert (answer["items"], answer["said"]) == ([], "No suggestions")


@pytest.mark.both
def test_a_list_is_followed_to_its_end(client: FlaskClient, session: Session) -> None:
    hidden = session.scalars(select(Condition).order_by(Condition.slug).limit(1)).one()
    hidden.shown = False
    session.commit()
    address, slugs = f"{CONDITIONS}?limit=500", []
    while address:
        response = client.get(address)
        slugs += [item["slug"] for item in response.json["items"]]
        address = response.json["next"]
        link = f'<{address}>; rel="next"' if address else None
        assert response.headers.get("Link") == link
    shown = session.scalar(select(func.count()).select_from(Condition).where(Condition.shown))
    assert len(slugs) == len(set(slugs)) == shown
    assert hidden.slug not in slugs


def test_a_cursor_of_another_list_is_refused(client: FlaskClient) -> None:
    cursor = client.get("/api/v1/areas?limit=1").json["next"].partition("cursor=")[2]
    refused = client.get(f"{CONDITIONS}?cursor={cursor}")
    assert refused.status_code == 400
    assert [one["name"] for one in refused.json["parameters"]] == ["cursor"]


def _one(client: FlaskClient) -> Any:
    return client.get(f"{CONDITIONS}/dystonia").json


def test_one_condition(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    answer = _one(client)
    assert (answer["name"], answer["code"], answer["people"]) == ("Dystonia", condition.code, 3)
    assert answer["only_counted"] is None
    assert {one["code"] for one in answer["codes"]} >= {condition.code}
    condition.shown = False
    session.commit()
    assert client.get(f"{CONDITIONS}/dystonia").status_code == 404


@pytest.mark.both
def test_people_who_are_only_counted_are_an_estimate(client: FlaskClient, session: Session) -> None:
    put_release(session, fill(session), "people:world", **{"": 45})
    estimate = _one(client)["only_counted"]
    assert (estimate["number"], estimate["epoch"]) == (45, "2026")
    assert estimate["error"] > 0


def test_the_family_of_a_condition(client: FlaskClient, session: Session) -> None:
    here = zones_of(HERE)[0]
    for slug, n in {"cervical-dystonia": 4, "hand-dystonia": 3}.items():
        condition = session.scalars(select(Condition).where(Condition.slug == slug)).one()
        change_number(session, condition, here, n)
    session.commit()
    answer = client.get(f"{CONDITIONS}/focal-dystonia/family").json
    assert "dystonia" in [one["slug"] for one in answer["parents"]]
    assert answer["own"]["people"] == 7
    first = answer["forms"][0]
    assert (first["slug"], first["people"]) == ("cervical-dystonia", 4)
