"""The abstract tests of OGC API – Features, Part 1 (OGC 17-069r4), one function each, by name.

``conf_core_root_op`` is /conf/core/root-op. The official program needs Java and a network; its
questions do not. /conf/core/fc-timeStamp asks about a member that may be left out, and is: it would
differ from one answer to the next where nothing else does.
"""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from shapely.geometry import box, shape

from mapapp.web.open_data.ogc_documents import CONFORMANCE, CRS84
from mapapp.web.open_data.ogc_questions import LEVEL_OF, MOST_FEATURES
from tests.web.open_data.conftest import ROOT, Ask, Conforms, links

COLLECTIONS = tuple(LEVEL_OF)
BERLIN = (13.0, 52.3, 13.8, 52.7)
EVERYWHERE = (
    *("", "/api", "/conformance", "/collections", "/collections/zones"),
    *("/collections/zones/items", "/collections/countries/items/1"),
)
TIMES = (
    "2026-11-30T00:00:00Z",
    "2026-01-01T00:00:00Z/2026-11-30T12:00:00+02:00",
    "2026-01-01T00:00:00Z/..",
    "2026-01-01T00:00:00Z/",
    "../2026-11-30T00:00:00Z",
    "/2026-11-30T00:00:00Z",
)


def test_conf_core_http(client: FlaskClient, ask: Ask) -> None:
    answer = client.get(ROOT)
    assert answer.request.environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert client.head(ROOT).headers["Content-Type"] == answer.headers["Content-Type"]


def test_conf_core_crs84(ask: Ask) -> None:
    for name in COLLECTIONS:
        assert ask(f"/collections/{name}")["crs"] == [CRS84]
        for feature in ask(f"/collections/{name}/items", limit=3)["features"]:
            west, south, east, north = shape(feature["geometry"]).bounds
            assert -180 <= west <= east <= 180, feature["properties"]["name"]
            assert -90 <= south <= north <= 90


def test_conf_core_root_op(ask: Ask) -> None:
    assert ask()


def test_conf_core_root_success(ask: Ask, conforms: Conforms) -> None:
    conforms("/")
    landing = ask()
    assert links(landing, "service-desc").keys() == {"application/vnd.oai.openapi+json;version=3.0"}
    assert "text/html" in links(landing, "service-doc")
    assert "application/json" in links(landing, "conformance")
    assert "application/json" in links(landing, "data")


def test_conf_core_api_definition_op(client: FlaskClient, ask: Ask) -> None:
    for rel in ("service-desc", "service-doc"):
        for media_type, href in links(ask(), rel).items():
            answer = client.get(href, headers={"Accept": media_type})
            assert answer.status_code == 200
            assert answer.mimetype == media_type.partition(";")[0]


def test_conf_core_api_definition_success(ask: Ask) -> None:
    """See also test_ogc_definition.py."""
    assert ask("/api")["openapi"].startswith("3.0.")


def test_conf_core_conformance_op(client: FlaskClient, ask: Ask) -> None:
    assert client.get(links(ask(), "conformance")["application/json"]).status_code == 200


def test_conf_core_conformance_success(ask: Ask, conforms: Conforms) -> None:
    declared = ask("/conformance")
    conforms("/conformance")
    assert set(declared["conformsTo"]) == set(CONFORMANCE)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in CONFORMANCE


def test_conf_core_fc_md_op(client: FlaskClient, ask: Ask) -> None:
    assert client.get(links(ask(), "data")["application/json"]).status_code == 200


def test_conf_core_fc_md_success(ask: Ask, conforms: Conforms) -> None:
    found = ask("/collections")
    conforms("/collections")
    assert [one["id"] for one in found["collections"]] == ["countries", "regions", "zones"]


def test_conf_core_fc_md_links(ask: Ask) -> None:
    found = ask("/collections")
    assert links(found, "self").keys() == {"application/json"}
    assert links(found, "alternate").keys() == {"text/html"}
    assert all({"rel", "type"} <= one.keys() for one in found["links"])


def test_conf_core_fc_md_items(ask: Ask) -> None:
    for one in ask("/collections")["collections"]:
        assert ask(f"/collections/{one['id']}") == one
        assert one["itemType"] == "feature"


def test_conf_core_fc_md_items_links(client: FlaskClient, ask: Ask) -> None:
    for one in ask("/collections")["collections"]:
        found = links(one, "items")
        assert found.keys() == {"application/geo+json", "text/html"}
        for media_type, href in found.items():
            assert client.head(href).mimetype == media_type
        assert all({"rel", "type"} <= link.keys() for link in one["links"])


def test_conf_core_fc_md_extent(ask: Ask) -> None:
    for one in ask("/collections")["collections"]:
        [around] = one["extent"]["spatial"]["bbox"]
        assert one["extent"]["spatial"]["crs"] == CRS84
        for feature in ask(f"/collections/{one['id']}/items", limit=20)["features"]:
            assert box(*around).covers(shape(feature["geometry"]))


def test_conf_core_sfc_md_op(client: FlaskClient, ask: Ask) -> None:
    for one in ask("/collections")["collections"]:
        assert client.get(links(one, "self")["application/json"]).status_code == 200


def test_conf_core_sfc_md_success(conforms: Conforms) -> None:
    for name in COLLECTIONS:
        conforms(f"/collections/{name}")


def test_conf_core_fc_op(ask: Ask) -> None:
    for name in COLLECTIONS:
        assert ask(f"/collections/{name}/items")["features"]


def test_conf_core_fc_limit_definition(ask: Ask) -> None:
    limit = _parameter(ask("/api"), "limit")
    assert (limit["in"], limit["required"], limit["style"]) == ("query", False, "form")
    assert limit["schema"]["minimum"] == 1
    assert 1 <= limit["schema"]["default"] <= limit["schema"]["maximum"] == MOST_FEATURES


def test_conf_core_fc_limit_response(ask: Ask) -> None:
    assert len(ask("/collections/regions/items", limit=7)["features"]) == 7
    most = ask("/collections/regions/items", limit=MOST_FEATURES * 10)
    assert len(most["features"]) == MOST_FEATURES


def test_conf_core_fc_bbox_definition(ask: Ask) -> None:
    asked = _parameter(ask("/api"), "bbox")
    assert (asked["in"], asked["required"], asked["style"]) == ("query", False, "form")
    assert asked["explode"] is False
    sizes = [(one["minItems"], one["maxItems"]) for one in asked["schema"]["oneOf"]]
    assert sizes == [(4, 4), (6, 6)]
    assert all(one["items"] == {"type": "number"} for one in asked["schema"]["oneOf"])


@pytest.mark.parametrize("name", COLLECTIONS)
def test_conf_core_fc_bbox_response(ask: Ask, name: str) -> None:
    path = f"/collections/{name}/items"
    found = ask(path, bbox=",".join(map(str, BERLIN)))
    assert found["features"]
    for feature in found["features"]:
        # Written to four digits, an outline may end just beside the box that it met.
        assert box(*BERLIN).distance(shape(feature["geometry"])) < 0.001
    with_heights = f"{BERLIN[0]},{BERLIN[1]},-100,{BERLIN[2]},{BERLIN[3]},100"
    assert ask(path, bbox=with_heights)["features"] == found["features"]
    everywhere = ask(path, bbox="-180,-90,180,90")
    assert everywhere["numberMatched"] == ask(path)["numberMatched"]


def test_conf_core_fc_time_definition(ask: Ask) -> None:
    asked = _parameter(ask("/api"), "datetime")
    assert (asked["in"], asked["required"], asked["style"]) == ("query", False, "form")
    assert asked["schema"]["type"] == "string"


@pytest.mark.parametrize("when", TIMES)
def test_conf_core_fc_time_response(ask: Ask, when: str) -> None:
    """No feature has a time, so each time fits all of them."""
    found = ask("/collections/countries/items", datetime=when, limit=1)
    assert found["numberMatched"] == ask("/collections/countries/items")["numberMatched"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_conf_core_query_param_unknown(ask: Ask, path: str) -> None:
    told = ask(path, status=400, colour="red")
    assert told["status"] == 400
    assert "colour" in told["detail"]


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=many", "limit=1.5", "limit=", "offset=-1", "offset=x"),
        *(
            "bbox=",
            "bbox=1,2,3",
            "bbox=1,2,3,4,5",
            "bbox=a,b,c,d",
            "bbox=1,9,3,4",
            "bbox=nan,1,2,3",
        ),
        *("bbox=1,2,3,inf", "datetime=", "datetime=now", "datetime=2026-13-01T00:00:00Z"),
        *("datetime=../..", "datetime=/", "datetime=2026-02-01/2026-01-01", "datetime=a/b/c"),
        *("f=xml", "limit=1&limit=2", "bbox=1,2,3," + "4" * 40),
    ],
)
def test_conf_core_query_param_invalid(client: FlaskClient, ask: Ask, query: str) -> None:
    answer = client.get(f"{ROOT}/collections/countries/items?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    told = answer.get_json(force=True)
    assert told["title"] == "Bad Request"
    assert told["detail"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_conf_core_fc_response(conforms: Conforms, name: str) -> None:
    found = conforms(f"/collections/{name}/items", query="?limit=40")
    assert "timeStamp" not in found  # /conf/core/fc-timeStamp


def test_conf_core_fc_links(ask: Ask) -> None:
    found = ask("/collections/countries/items")
    assert links(found, "self").keys() == {"application/geo+json"}
    assert links(found, "alternate").keys() == {"text/html"}
    assert "collection" in {one["rel"] for one in found["links"]}


def test_conf_core_fc_rel_type(ask: Ask) -> None:
    found = ask("/collections/countries/items", limit=3, offset=3)
    assert all({"rel", "type"} <= one.keys() for one in found["links"])


def test_conf_core_fc_number_matched(client: FlaskClient, ask: Ask) -> None:
    """Followed to the end, the pages have each feature once."""
    page = ask("/collections/regions/items", limit=400, bbox="-20,30,40,70")
    ids, matched = [one["id"] for one in page["features"]], page["numberMatched"]
    while href := links(page, "next").get("application/geo+json"):
        page = client.get(href).get_json(force=True)
        assert page["numberMatched"] == matched
        ids += [one["id"] for one in page["features"]]
    assert len(ids) == matched > 400
    assert ids == sorted(set(ids))


def test_conf_core_fc_number_returned(ask: Ask) -> None:
    for offset in (0, 200, 1000):
        found = ask("/collections/countries/items", limit=50, offset=offset)
        assert found["numberReturned"] == len(found["features"])
        assert links(found, "prev").keys() == ({"application/geo+json"} if offset else set())
    assert found["numberReturned"] == 0


@pytest.mark.parametrize("name", COLLECTIONS)
def test_conf_core_f_op_and_f_success(ask: Ask, conforms: Conforms, name: str) -> None:
    for feature in ask(f"/collections/{name}/items", limit=2, offset=11)["features"]:
        found = conforms(f"/collections/{name}/items/{{featureId}}", feature["id"])
        assert found == {**feature, "links": found["links"]}


def test_conf_core_f_links(ask: Ask) -> None:
    found = ask("/collections/countries/items/1")
    assert links(found, "self").keys() == {"application/geo+json"}
    assert links(found, "alternate").keys() == {"text/html"}
    [address] = {re.sub(r"\?.*", "", href) for href in links(found, "collection").values()}
    assert address.endswith(f"{ROOT}/collections/countries")
    assert all({"rel", "type"} <= one.keys() for one in found["links"])


def _parameter(definition: Any, name: str) -> Any:
    """Return a parameter of the items of each collection; they share one description."""
    asked = [definition["paths"][f"/collections/{one}/items"]["get"] for one in COLLECTIONS]
    assert all({"$ref": f"#/components/parameters/{name}"} in one["parameters"] for one in asked)
    return definition["components"]["parameters"][name]
