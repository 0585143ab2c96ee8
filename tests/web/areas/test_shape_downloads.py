"""Shapes and names of areas, immutable under their version."""

import gzip
import json

import pytest
from flask.testing import FlaskClient

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shape_bytes, shapes_version

BASE = f"/geo/{shapes_version()}"


def region(code: str) -> int:
    return load_areas().by_code(code).id


PATHS = [
    f"{BASE}/countries.json",
    f"{BASE}/boxes.json",
    f"{BASE}/regions/{region('DE')}.json",
    f"{BASE}/zones/{region('DE-BE')}.json",
    f"{BASE}/names/{region('DE')}.json",
]


@pytest.mark.parametrize("path", PATHS)
def test_kept_for_ever(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.mimetype == "application/json"
    json.loads(gzip.decompress(response.data))


@pytest.mark.parametrize("path", PATHS)
def test_for_browsers_without_gzip(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in response.headers
    json.loads(response.data)


def test_shapes_are_handed_on_as_they_lie(client: FlaskClient) -> None:
    response = client.get(PATHS[0], headers={"Accept-Encoding": "gzip"})
    assert response.data == shape_bytes("countries")
    assert len(response.data) <= 110_000


@pytest.mark.parametrize(
    "path",
    [
        "/geo/0000/countries.json",
        "/geo/0000/boxes.json",
        f"{BASE}/regions/0.json",
        f"{BASE}/regions/{region('DE-BE')}.json",
        f"{BASE}/zones/99999999.json",
        f"{BASE}/zones/x.json",
        f"{BASE}/names/99999999.json",
    ],
)
def test_what_does_not_exist(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_names_are_those_of_the_parts(client: FlaskClient) -> None:
    answer = client.get(PATHS[4]).json
    areas = load_areas()
    assert answer["ids"] == areas.children(region("DE")).tolist()
    assert answer["names"][0] == areas.get(answer["ids"][0]).name
    assert "rank" not in answer  # the people who live there say enough


def test_names_of_zones_rank_by_their_towns(client: FlaskClient) -> None:
    answer = client.get(f"{BASE}/names/{region('GB-ENG')}.json").json
    ranked = sorted(zip(answer["rank"], answer["names"], strict=True), reverse=True)
    assert [name for _, name in ranked[:3]] == ["London", "Birmingham", "Manchester"]
