"""The abstract tests of the classes GeoJSON, HTML and OpenAPI 3.0 of OGC API – Features, Part 1."""

import re
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from schemathesis.core.failures import Failure
from shapely.geometry import shape

from mapapp.web.open_data.ogc_questions import LEVEL_OF
from tests.web.open_data.conftest import ROOT, Ask, Conforms

ANYTHING = (
    "",
    "/api",
    "/conformance",
    "/collections",
    "/collections/zones",
    "/collections/zones/schema",
    "/collections/zones/items?limit=3&offset=3",
    "/collections/countries/items/1",
)
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_conf_geojson_definition(client: FlaskClient, ask: Ask) -> None:
    for path in ("items", "items/1"):
        for accept in ("application/geo+json", "*/*", "application/geo+json, application/json"):
            answer = client.get(f"{ROOT}/collections/countries/{path}", headers={"Accept": accept})
            assert answer.mimetype == "application/geo+json"


@pytest.mark.parametrize("name", LEVEL_OF)
def test_conf_geojson_content(ask: Ask, name: str) -> None:
    found = ask(f"/collections/{name}/items", limit=300)
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        outline = shape(feature["geometry"])
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
        assert outline.is_valid, feature["properties"]["name"]
        assert all(ring.is_ccw for ring in _outer(outline)), feature["properties"]["name"]
        assert feature["id"] == feature["properties"]["area_id"]


def _outer(outline: Any) -> list[Any]:
    return [one.exterior for one in getattr(outline, "geoms", [outline])]


@pytest.mark.parametrize("path", ANYTHING)
def test_conf_html_definition(client: FlaskClient, ask: Ask, path: str) -> None:
    asked = client.get(ROOT + path, headers=HTML)
    assert (asked.status_code, asked.mimetype) == (200, "text/html")
    between = "&" if "?" in path else "?"
    assert client.get(f"{ROOT}{path}{between}f=html").mimetype == "text/html"
    assert client.get(f"{ROOT}{path}{between}f=json", headers=HTML).mimetype != "text/html"


@pytest.mark.parametrize("path", ANYTHING)
def test_conf_html_content(client: FlaskClient, ask: Ask, path: str) -> None:
    """The words of the document and its links are on the page; judges read it as HTML."""
    document = client.get(ROOT + path).get_json(force=True)
    page = client.get(ROOT + path, headers=HTML).text
    told = [document.get("description"), document.get("title"), *document.get("conformsTo", [])]
    told += [one["properties"]["name"] for one in document.get("features", [])]
    for words in filter(None, told):
        assert _plain(words) in _plain(page), words
    for one in document.get("links", []):
        if one["type"] != "text/html" and one["rel"] != "describedBy":
            assert f'href="{one["href"].replace("&", "&amp;")}"' in page
            assert _plain(one["title"]) in _plain(page)


def _plain(text: str) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", text).casefold()


def test_conf_oas30_oas_definition(ask: Ask) -> None:
    """Other programs can read the definition, and every reference in it leads somewhere."""
    definition = ask("/api")
    read = schemathesis.openapi.from_dict(definition)
    assert len(list(read.get_all_operations())) == len(definition["paths"])
    for ref in re.findall(r"'\$ref': '#/([^']+)'", str(definition)):
        part = definition
        for key in ref.split("/"):
            part = part[key]


def test_conf_oas30_oas_impl(client: FlaskClient, ask: Ask) -> None:
    """Each path of the definition is answered, below the address of the server."""
    definition = ask("/api")
    [server] = definition["servers"]
    for path in definition["paths"]:
        here = server["url"] + path.rstrip("/").replace("{featureId}", "0")
        assert client.get(here).status_code == (404 if "featureId" in path else 200), path


def test_conf_oas30_completeness_and_exception_codes(ask: Ask, conforms: Conforms) -> None:
    for path in ask("/api")["paths"]:
        asked = conforms(path, 1, "?nonsense=1")
        assert asked["status"] == 400, path
    assert conforms("/collections/zones/items/{featureId}", 1)["status"] == 404


def test_what_does_not_conform_is_found(
    conforms: Conforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapapp.web.open_data.ogc_documents.CONFORMANCE", (1,))
    with pytest.raises(Failure):
        conforms("/conformance")


def test_conf_oas30_security(ask: Ask) -> None:
    """Everybody may read, so no operation asks for anything."""
    definition = ask("/api")
    assert "security" not in definition
    assert all("security" not in one["get"] for one in definition["paths"].values())
