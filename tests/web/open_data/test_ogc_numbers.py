"""The service tells what the map tells, the same bytes until that changes, and reads one page."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.statistics import area_outlines
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.rates import RATE_FROM
from tests import factories
from tests.places import zones_of
from tests.releases import put_release
from tests.web.open_data.conftest import ROOT, Ask, links
from tests.worlds import HERE, counted_queries, fill, hide_somebody, whole_answer

ITEMS = f"{ROOT}/collections/{{}}/items"


def counted(ask: Ask, collection: str, **query: object) -> dict[str, dict[str, Any]]:
    """Return the properties of areas, by code, page by page."""
    found: dict[str, dict[str, Any]] = {}
    offset = 0
    while page := ask(f"/collections/{collection}/items", limit=1000, offset=offset, **query)[
        "features"
    ]:
        found |= {one["properties"]["code"]: one["properties"] for one in page}
        offset += len(page)
    return found


@pytest.mark.parametrize("name", ["countries", "regions"])
def test_listed_people_are_those_of_the_map(client: FlaskClient, ask: Ask, name: str) -> None:
    level = {"countries": "country", "regions": "region"}[name]
    answer = client.get(f"/api/v1/conditions/dystonia/counts?level={level}").get_json()
    found = counted(ask, name)
    areas = load_areas()
    assert len(found) == (areas.level == (1 if level == "country" else 2)).sum()
    there = {one["area_id"]: one["people"] for one in found.values() if one["people"]}
    assert sum(there.values()) == 3
    assert there.items() <= dict(zip(answer["ids"], answer["counts"], strict=True)).items()


def test_zones_of_a_country(ask: Ask) -> None:
    found = counted(ask, "zones", country="DE")
    assert {one["country"] for one in found.values()} == {"DE"}
    assert sum(one["people"] for one in found.values()) == 2
    assert load_areas().get(found[f"X-{HERE}-1"]["parent"]).code == HERE
    assert counted(ask, "zones", country="nowhere") == {}


def test_a_rate_where_there_are_enough(client: FlaskClient, session: Session) -> None:
    condition = factories.make_condition(session, "gout")
    factories.make_crowd(session, condition, zones_of(HERE)[0], RATE_FROM)
    factories.make_crowd(session, condition, zones_of("FR-BRE")[0], RATE_FROM - 1)
    session.commit()
    found = counted(lambda path, **asked: _gout(client, path, **asked), "countries")
    assert (found["DE"]["people"], found["DE"]["per_million"]) == (RATE_FROM, 0.095)
    assert (found["FR"]["people"], found["FR"]["per_million"]) == (RATE_FROM - 1, None)


@pytest.mark.both
def test_people_who_are_only_counted_are_in_a_released_estimate(
    client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    put_release(session, condition, "people:country", **{"DE|": 120})
    found = client.get(ITEMS.format("countries")).get_json(force=True)["features"]
    told = {one["properties"]["code"]: one["properties"] for one in found}
    assert (told["DE"]["people"], told["DE"]["estimate"]) == (2, 120)
    assert told["DE"]["error"] > 0
    assert (told["FR"]["estimate"], told["FR"]["error"]) == (None, None)
    regions = client.get(ITEMS.format("regions")).get_json(force=True)["features"]
    assert "estimate" not in regions[0]["properties"]


def _gout(client: FlaskClient, path: str, **asked: object) -> Any:
    return client.get(f"/conditions/gout/ogc{path}", query_string=asked).get_json(force=True)


def test_not_sent_again_until_a_number_changes(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    path = ITEMS.format("countries")
    tag = client.get(path).headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get(path, headers=known).status_code == 304
    assert client.get(f"{path}?limit=9", headers=known).status_code == 200
    put_release(session, condition, "people:country", **{"DE|": 120})
    assert (changed := client.get(path, headers=known)).status_code == 200
    factories.make_membership(session, condition, zones_of(HERE)[1])
    session.commit()
    assert client.get(path, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_nobody_hidden_changes_a_byte(client: FlaskClient, session: Session, accept: str) -> None:
    condition = fill(session)
    paths = [f"{ITEMS.format(name)}?limit=20" for name in ("countries", "regions", "zones")]
    paths += [ROOT, f"{ROOT}/api", f"{ROOT}/collections", f"{ITEMS.format('countries')}/13970"]

    def _answers() -> list[object]:
        form = "html" if accept == "text/html" else "json"
        return [whole_answer(client, f"{p}{'&' if '?' in p else '?'}f={form}") for p in paths]

    before = _answers()
    assert {answer[0] for answer in before} == {200}  # type: ignore[index]
    hide_somebody(session, condition)
    assert _answers() == before


def test_a_page_reads_the_outlines_of_its_own_areas(client: FlaskClient, ask: Ask) -> None:
    area_outlines._in_file.cache_clear()
    found = ask("/collections/zones/items", limit=50, offset=20_000)
    parents = {one["properties"]["parent"] for one in found["features"]}
    assert area_outlines._in_file.cache_info().misses == len(parents) < 20


def test_a_box_reads_the_outlines_at_its_edge(client: FlaskClient, ask: Ask) -> None:
    area_outlines._in_file.cache_clear()
    area_outlines.areas_meeting.cache_clear()
    found = ask("/collections/zones/items", limit=1, bbox="-30,-40,60,80")
    assert found["numberMatched"] > 10_000
    assert area_outlines._in_file.cache_info().misses < 120


def test_across_the_antimeridian(ask: Ask) -> None:
    found = counted(ask, "countries", bbox="177,-20,-178,-15")
    assert "FJ" in found
    assert not {"DE", "AU", "US"} & found.keys()
    assert "FJ" in counted(ask, "countries", bbox="177,-20,180,-15")


def test_pages_of_other_sites_may_read_it(client: FlaskClient, ask: Ask) -> None:
    for path in ("", "/collections/countries/items?limit=1", "/collections/nothing"):
        headers = client.get(ROOT + path, headers={"Origin": "https://example.org"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers["Vary"]
    tag = client.get(f"{ROOT}?f=json").headers["ETag"]
    unchanged = client.get(f"{ROOT}?f=json", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.headers["Access-Control-Allow-Origin"]) == (304, "*")
    page = client.get(f"{ROOT}?f=html").headers
    assert "Access-Control-Allow-Origin" not in page


@pytest.mark.parametrize(
    "path",
    [
        *("/collections/cities", "/collections/cities/items", "/collections/cities/schema"),
        *("/collections/zones/items/1", "/collections/countries/items/99999999"),
        "/collections/cities/items/1",
    ],
)
def test_what_does_not_exist(client: FlaskClient, ask: Ask, path: str) -> None:
    told = ask(path, status=404)
    assert (told["status"], told["type"]) == (404, "about:blank")
    page = client.get(ROOT + path, headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_a_condition_that_is_not_shown(client: FlaskClient, ask: Ask) -> None:
    assert client.get("/conditions/nothing/ogc").status_code == 404


def test_what_a_page_asks_the_database(app: Flask, client: FlaskClient, ask: Ask) -> None:
    for path in ("", "/api", "/collections/zones/items?limit=9", "/collections/countries/items/1"):
        with counted_queries(app) as queries:
            client.get(ROOT + path)
        assert len(queries) <= 3, path


def test_links_keep_what_was_asked(ask: Ask) -> None:
    asked = {"limit": 2, "bbox": "0,40,20,50", "country": "DE", "datetime": "../2026-01-01"}
    page = ask("/collections/regions/items", **asked)
    [following] = links(page, "next").values()
    for part in ("limit=2", "offset=2", "bbox=0,40,20,50", "country=DE", "f=json"):
        assert part in following.replace("%2C", ",")


def test_a_map_that_nobody_joined(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "gout")
    session.commit()
    page = client.get("/conditions/gout/ogc/collections/countries/items?f=html")
    assert page.status_code == 200
