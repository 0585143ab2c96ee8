"""What holds for all of the public API: shapes, other sites, tags, and refusals that name."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.web.open_data import api_examples, api_shapes
from mapapp.web.open_data.api_shapes import Shape
from tests.releases import put_release
from tests.web.core.test_every_route import address, rules
from tests.worlds import fill

ONE = "/api/v1/conditions/dystonia"
SHAPES: dict[str, type[Shape]] = {
    "/api/v1/": api_shapes.IndexAnswer,
    "/api/v1/conditions?q=dyst": api_shapes.ConditionList,
    "/api/v1/conditions?limit=2": api_shapes.ConditionList,
    ONE: api_shapes.ConditionAnswer,
    f"{ONE}/family": api_shapes.RelativesAnswer,
    f"{ONE}/counts?level=country": api_shapes.CountsAnswer,
    f"{ONE}/counts?level=zone&include=points": api_shapes.CountsAnswer,
    f"{ONE}/statistics": api_shapes.StatisticsAnswer,
    f"{ONE}/releases?limit=1": api_shapes.ReleaseList,
    "/api/v1/areas?level=region&limit=2": api_shapes.AreaList,
    "/api/v1/areas/0": api_shapes.AreaShape,
}
EXAMPLES = {
    "AREA_LIST": api_shapes.AreaList,
    "BERLIN": api_shapes.AreaShape,
    "CONDITION": api_shapes.ConditionAnswer,
    "CONDITION_LIST": api_shapes.ConditionList,
    "COUNTS": api_shapes.CountsAnswer,
    "INDEX": api_shapes.IndexAnswer,
    "RELATIVES": api_shapes.RelativesAnswer,
    "RELEASE_LIST": api_shapes.ReleaseList,
    "STATISTICS": api_shapes.StatisticsAnswer,
    "TOWN_LIST": api_shapes.TownList,
}
HOLDS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@pytest.fixture
def whole(session: Session) -> None:
    """A map with people and with releases."""
    condition = fill(session)
    put_release(session, condition, "people:world", **{"": 45})
    put_release(session, condition, "role:world", self=40, parent=25)


def _is_of(shape: type[Shape], answer: Any) -> bool:
    """Whether an answer has all that its shape has, and nothing else."""
    read = shape.model_validate(answer, strict=True)
    return bool(read.model_dump(exclude_unset=True, by_alias=True) == answer)


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("path", SHAPES)
def test_an_answer_has_its_shape_and_no_more(client: FlaskClient, path: str) -> None:
    answer = client.get(path).json
    assert _is_of(SHAPES[path], answer)
    assert not _is_of(SHAPES[path], {**answer, "street": "x"})


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_its_shape(name: str) -> None:
    assert _is_of(EXAMPLES[name], getattr(api_examples, name))


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("path", SHAPES)
def test_scripts_of_other_sites_read_what_everybody_may(
    client: FlaskClient,
    path: str,
    make_member: Callable[..., Any],
    login: Callable[..., FlaskClient],
) -> None:
    plain = client.get(path, headers={"Origin": "https://example.org"})
    signed_in = login(make_member()).get(path)
    for response in (plain, signed_in):
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert not {"Origin", "Cookie"} & set(response.vary)
        assert HOLDS.items() <= dict(response.headers).items()
    assert signed_in.data == plain.data


def test_a_script_may_ask_with_a_tag(client: FlaskClient) -> None:
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    allowed = client.options("/api/v1/areas", headers=asked).headers
    assert allowed["Access-Control-Allow-Origin"] == "*"
    assert allowed["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert allowed["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "Access-Control-Allow-Origin" not in client.options("/api/v1/areas/search").headers


@pytest.mark.parametrize("path", ["/api/v1/areas?limit=x", "/api/v1/conditions/none"])
def test_a_script_reads_refusals_too(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.mimetype == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json["status"] == response.status_code
    assert set(response.json) - {"parameters"} == {"type", "title", "status", "detail"}


def test_nothing_else_is_open_to_other_sites(
    app: Flask, client: FlaskClient, make_member: Callable[..., Any], login: Callable[..., Any]
) -> None:
    login(make_member(staff=True))
    opened, closed = set(), set()
    for rule in rules(app):
        for method in ("GET", "POST", "OPTIONS"):
            answer = client.open(address(rule, "0"), method=method)
            found = "Access-Control-Allow-Origin" in answer.headers
            (opened if found else closed).add((rule.endpoint, method))
    parts = ("api_areas.", "api_conditions.", "api_index.", "api_numbers.", "ogc.")
    ours = {rule.endpoint for rule in rules(app) if rule.endpoint.startswith(parts)}
    assert {endpoint for endpoint, _method in opened} == ours - {"api_areas.search_towns"}
    assert {method for _endpoint, method in opened} == {"GET", "OPTIONS"}
    assert len(closed) > 300


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("path", [*(p for p in SHAPES if "q=" not in p), "/api/v1/openapi.json"])
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("areas?limit=0", {"limit": "Give at least 1."}),
        ("areas?limit=501", {"limit": "Give at most 500."}),
        ("areas?limit=1e2", {"limit": "Give a whole number, in digits alone."}),
        ("areas?limit=1&limit=2", {"limit": "Give this only once."}),
        ("areas?level=street", {"level": "Choose one of these: country, region, zone."}),
        ("areas?street=1", {"street": "There is no such parameter here."}),
        ("conditions/dystonia/counts", {"level": "This is needed."}),
        ("conditions/dystonia/counts?level=zone&include=people",
         {"include": "Choose one of these: points."}),
        (f"conditions?q={'a' * 101}", {"q": "Give at most 100 characters."}),
        ("areas?limit=x&under=-1", {
            "limit": "Give a whole number, in digits alone.",
            "under": "Give a whole number, in digits alone.",
        }),
    ],
)  # fmt: skip
def test_a_refusal_names_what_is_wrong(
    client: FlaskClient, asked: str, wrong: dict[str, str]
) -> None:
    response = client.get(f"/api/v1/{asked}")
    assert response.status_code == 400
    assert {one["name"]: one["detail"] for one in response.json["parameters"]} == wrong
    assert {one["in"] for one in response.json["parameters"]} == {"query"}
