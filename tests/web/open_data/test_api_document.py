"""The OpenAPI document is complete, and the page and the guide that explain it agree with it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.web.open_data.api_document import IN_PATHS
from tests.worlds import fill

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"
PARTS = ("api_areas.", "api_conditions.", "api_index.", "api_numbers.")


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").json


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, part in document["paths"].items():
        for method, operation in part.items():
            yield method, path, operation


def _parameters(document: Any, operation: Any) -> dict[str, Any]:
    """Return the parameters of an operation and of its body, by name."""
    found = {one["name"]: one for one in operation["parameters"]}
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]
        name = body["schema"]["$ref"].rpartition("/")[2]
        parts = document["components"]["schemas"][name]["properties"].items()
        found |= {name: {"description": one["description"], "schema": one} for name, one in parts}
    return found


def test_the_document_has_each_address_of_the_api_and_no_page(app: Flask, document: Any) -> None:
    ours = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(PARTS)
    }
    assert document["openapi"] == "3.1.0"
    assert document["paths"].keys() == ours - {"/api/v1/openapi.json"}


def test_each_operation_is_explained(document: Any) -> None:
    names = [operation["operationId"] for _m, _p, operation in _operations(document)]
    assert len(names) == len(set(names)) >= 10
    for method, path, operation in _operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert len(operation["tags"]) == 1
        answer = operation["responses"]["200"]
        assert answer["content"]["application/json"]["example"], path
        assert ("304" in operation["responses"]) == (method == "get")
        assert ("ETag" in answer.get("headers", {})) == (method == "get")
        for name, told in _parameters(document, operation).items():
            assert told["description"], (path, name)
            schema = told["schema"]
            assert {"enum", "const", "maximum", "maxLength"} & schema.keys(), (path, name)
            assert name == "cursor" or "example" in told or schema.get("examples"), (path, name)


def test_each_reference_leads_to_a_shape(document: Any) -> None:
    shapes = document["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert named - {"Problem"} <= shapes.keys() == {*named}
    assert all(shape["description"] for shape in shapes.values())


def test_the_page_shows_all_of_it(client: FlaskClient, document: Any, session: Session) -> None:
    fill(session)
    page = unescape(client.get("/api").text)
    for method, path, operation in _operations(document):
        key = operation["operationId"]
        assert f'href="#{key}"' in page
        assert f'id="{key}"' in page
        assert f'<code class="tag">{method.upper()}</code> <code>{path}</code>' in page
        shown = page.partition(f'id="{key}"')[2].partition("<details>")[0]
        assert re.findall("<dt><code>(.*?)</code>", shown) == list(_parameters(document, operation))
        assert operation["description"] in page
    asked = re.findall(r'<a href="(/api/v1/[^"]*)"><code>', page)
    # Staff may have hidden the condition of an example.
    of_none = [
        path for path, part in document["paths"].items() if "{slug}" not in path and "get" in part
    ]
    assert len(asked) == len(of_none)
    assert {path: client.get(path).status_code for path in asked} == dict.fromkeys(asked, 200)
    assert "cdn" not in page.lower()


def test_the_guide_says_the_same(document: Any) -> None:
    told = GUIDE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(GET|POST) (\S+)` \|([^|]*)\|", told, re.MULTILINE)
    guide = {(method, path): set(re.findall(r"`(\w+)`", names)) for method, path, names in rows}
    assert guide == {
        (method.upper(), path): _parameters(document, operation).keys() - IN_PATHS.keys()
        for method, path, operation in _operations(document)
    }
