"""Numbers of maps in the public API: by area, over time, and from releases."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_facts import seen_at, told_across
from mapapp.domain.areas.area_tree import LEVELS, load_areas
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.store.published import MonthEnd
from mapapp.store.treatments import Treatment
from tests import factories
from tests.places import zones_of
from tests.releases import put_release
from tests.worlds import HERE, counted_queries, fill, hide_somebody, whole_answer

COUNTS = "/api/v1/conditions/dystonia/counts"
STATISTICS = "/api/v1/conditions/dystonia/statistics"
RELEASES = "/api/v1/conditions/dystonia/releases"


def numbers(answer: Any) -> dict[int, int]:
    return dict(zip(answer["ids"], answer["counts"], strict=True))


@pytest.mark.parametrize("level", ["country", "region", "zone"])
def test_counts_of_a_level(client: FlaskClient, session: Session, level: str) -> None:
    fill(session)
    answer = client.get(f"{COUNTS}?level={level}").json
    assert set(answer) == {"condition", "level", "total", "ids", "counts"}
    assert (answer["condition"], answer["level"], answer["total"]) == ("dystonia", level, 3)
    assert sum(answer["counts"]) == 3
    areas = load_areas()
    assert all(LEVELS[areas.get(i).level] == level for i in answer["ids"])
    assert answer["ids"] == sorted(answer["ids"])


def test_people_placed_coarsely_are_in_the_total_alone(
    client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    factories.make_membership(session, condition, load_areas().by_code("DE").id)
    session.commit()
    answer = client.get(f"{COUNTS}?level=zone").json
    assert answer["total"] == 4
    assert sum(answer["counts"]) == 3


def test_counts_under_an_area(client: FlaskClient, session: Session) -> None:
    fill(session)
    here = load_areas().by_code(HERE).id
    answer = client.get(f"{COUNTS}?level=zone&under={here}").json
    assert numbers(answer) == {zones_of(HERE)[0]: 2}
    assert answer["total"] == 2


def test_points(client: FlaskClient, session: Session) -> None:
    fill(session)
    answer = client.get(f"{COUNTS}?level=zone&include=points").json
    areas = load_areas()
    for i, area in enumerate(answer["ids"]):
        known = areas.get(area)
        assert answer["names"][i] == known.name
        assert answer["parents"][i] == known.parent
        assert abs(answer["lat"][i] - known.lat) < 0.001
        assert answer["across"][i] == told_across(load_areas())[known.id]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?level=",
        "?level=world",
        "?level=street",
        "?level=zone&under=x",
        "?level=zone&under=-1",
        "?level=zone&under=1e3",
        "?level=zone&include=people",
    ],
)
def test_bad_questions(client: FlaskClient, session: Session, query: str) -> None:
    fill(session)
    response = client.get(COUNTS + query)
    assert response.status_code == 400
    assert response.json["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"{COUNTS}?level=zone&under=99999999",
        "/api/v1/conditions/nothing/counts?level=zone",
        "/api/v1/areas/99999999",
        "/api/v1/areas/x",
        "/api/v1/areas/-1",
    ],
)
def test_what_does_not_exist(client: FlaskClient, session: Session, path: str) -> None:
    fill(session)
    response = client.get(path)
    assert response.status_code == 404
    assert response.json["detail"]


def test_area(client: FlaskClient) -> None:
    known = load_areas().by_code(HERE)
    assert client.get(f"/api/v1/areas/{known.id}").json == {
        "id": known.id,
        "level": "region",
        "code": HERE,
        "name": known.name,
        "population": seen_at(load_areas(), known.id).population,
        "parent": known.parent,
        "label": {"lat": round(known.lat, 3), "lng": round(known.lng, 3)},
        "across_km": seen_at(load_areas(), known.id).across_km,
    }
    assert client.get("/api/v1/areas/0").json["parent"] is None


def test_not_sent_again_until_a_number_changes(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    path = f"{COUNTS}?level=zone"
    tag = client.get(path).headers["ETag"]
    with counted_queries(app) as queries:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert not queries
    factories.make_membership(session, condition, zones_of(HERE)[1])
    session.commit()
    response = client.get(path, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.json["total"] == 4


@pytest.mark.parametrize("level", ["country", "region", "zone"])
def test_nobody_hidden_changes_a_byte(client: FlaskClient, session: Session, level: str) -> None:
    condition = fill(session)
    before = whole_answer(client, f"{COUNTS}?level={level}&include=points")
    hide_somebody(session, condition)
    assert whole_answer(client, f"{COUNTS}?level={level}&include=points") == before


@pytest.mark.both
def test_statistics_are_published_and_released_numbers(
    client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    session.add(MonthEnd(condition_id=condition.id, month="2026-10", listed=2))
    told, untold = (
        Treatment(condition_id=condition.id, name=name, state=OPEN) for name in ("Heat", "Rest")
    )
    session.add_all((told, untold))
    session.flush()
    put_release(session, condition, "people:world", **{"": 45})
    put_release(session, condition, "role:world", self=40, parent=25)
    put_release(session, condition, "effects:world", **{told.public_id: 60})
    answer = client.get(STATISTICS).json
    assert (answer["condition"], answer["people"], answer["countries"]) == ("dystonia", 3, 2)
    assert answer["months"] == [{"month": "2026-10", "people": 2}]
    assert answer["only_counted"]["number"] == 45
    assert answer["treatments"] == [{"id": told.public_id, "name": "Heat"}]
    roles = next(one for one in answer["released"] if one["attribute"] == "role")
    assert (roles["level"], roles["epoch"]) == ("world", "2026")
    assert roles["least"] >= 20
    assert roles["numbers"] == [
        {"place": "", "value": "parent", "number": 25},
        {"place": "", "value": "self", "number": 40},
    ]


@pytest.mark.both
def test_releases_are_followed_to_their_end(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    queries = ["people:world", "role:world", "language:world"]
    for query in queries:
        put_release(session, condition, query, x=40)
    put_release(session, factories.make_condition(session, "gout"), "role:world", x=99)
    address, found = f"{RELEASES}?limit=2", []
    while address:
        answer = client.get(address).json
        assert len(answer["items"]) <= 2
        found += [f"{one['attribute']}:{one['level']}" for one in answer["items"]]
        address = answer["next"]
    assert found == sorted(queries)
