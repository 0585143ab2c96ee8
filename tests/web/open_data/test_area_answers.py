"""Areas in the public API: the tree, page by page, and the zone of a town."""

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from mapapp.domain.areas.area_facts import seen_at
from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, ZONE, load_areas
from mapapp.domain.areas.locate import latlng_to_zone
from tests.worlds import HERE

AREAS = "/api/v1/areas"
SEARCH = f"{AREAS}/search"


def _all(client: FlaskClient, asked: str) -> list[int]:
    """Return the ids on all pages of a list."""
    address, ids = f"{AREAS}?{asked}", []
    while address:
        answer = client.get(address).json
        ids += [item["id"] for item in answer["items"]]
        address = answer["next"]
    assert len(ids) == answer["total"]
    return ids


def test_the_world_has_countries(client: FlaskClient) -> None:
    countries = np.flatnonzero(load_areas().level == COUNTRY).tolist()
    assert _all(client, "limit=100") == countries
    assert _all(client, "level=country&limit=500") == countries


@pytest.mark.parametrize("size", [1, 2, 500])
def test_each_area_stands_on_one_page(client: FlaskClient, size: int) -> None:
    here = load_areas().by_code(HERE)
    inside = load_areas().subtree(here.id)
    zones = [i for i in range(inside.start, inside.stop) if load_areas().level[i] == ZONE]
    assert _all(client, f"under={here.id}&level=zone&limit={size}") == zones
    assert _all(client, f"under={here.id}&limit={size}") == zones


def test_an_area_is_found_by_its_code(client: FlaskClient) -> None:
    known = load_areas().by_code(HERE)
    (item,) = client.get(f"{AREAS}?code={HERE}").json["items"]
    assert item == {
        "id": known.id,
        "level": LEVELS[known.level],
        "code": HERE,
        "name": known.name,
        "population": seen_at(load_areas(), known.id).population,
        "parent": known.parent,
        "label": {"lat": round(known.lat, 3), "lng": round(known.lng, 3)},
        "across_km": seen_at(load_areas(), known.id).across_km,
    }


@pytest.mark.parametrize("asked", ["code=XX-NO", "code=DE-BE&level=zone", "code=DE-BE&under=1"])
def test_no_area_fits(client: FlaskClient, asked: str) -> None:
    assert client.get(f"{AREAS}?{asked}").json == {"items": [], "total": 0, "next": None}


def _towns(client: FlaskClient, town: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.post(SEARCH, json={"town": town}).json["items"]
    return found


def test_a_town_leads_to_its_zone(client: FlaskClient) -> None:
    (leeds, *_others) = _towns(client, "Leeds, UK")
    assert (leeds["name"], leeds["meant"], leeds["guess"]) == ("Leeds", True, False)
    assert leeds["area"]["id"] == latlng_to_zone(53.8, -1.55)
    assert leeds["area"] == client.get(f"{AREAS}/{leeds['area']['id']}").json


def test_a_town_that_nobody_knows_gives_guesses_alone(client: FlaskClient) -> None:
    found = _towns(client, "Qwertyville")
    assert found
    assert all(one["guess"] and not one["meant"] for one in found)


def test_a_town_is_asked_by_post_alone_and_kept_nowhere(client: FlaskClient) -> None:
    assert client.get(f"{SEARCH}?town=Leeds").status_code in {404, 405}
    response = client.post(SEARCH, json={"town": "Leeds"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("{", "body"),
        ("[]", "body"),
        ("[" * 7000, "body"),
        ("{}", "town"),
        ('{"town": 3}', "town"),
        ('{"town": ""}', "town"),
        ('{"town": "\\ud800"}', "town"),
        ('{"town": "Leeds", "street": "x"}', "street"),
        ('{"town": "%s"}' % ("a" * 101), "town"),
    ],
)
def test_what_is_no_town_is_refused_by_name(client: FlaskClient, body: str, name: str) -> None:
    response = client.post(SEARCH, data=body, content_type="application/json")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert [(one["name"], one["in"]) for one in response.json["parameters"]] == [(name, "body")]
