"""Towns while one types: what matches, then guesses, the likelier for this reader first."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from tests.places import zones_of

TOWNS = "/api/v1/towns"


def items(client: FlaskClient, typed: str, **headers: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.post(TOWNS, data={"q": typed}, headers=headers).json[
        "items"
    ]
    return found


@pytest.mark.parametrize("typed", ["Leeds", "Ashford", "Qwertyville", "東京", "Toledo, ES", ""])
def test_programs_may_ask_by_get_and_pages_by_post(client: FlaskClient, typed: str) -> None:
    posted = client.post(TOWNS, data={"q": typed})
    assert posted.status_code == 200
    assert posted.headers["Cache-Control"] == "no-store"
    assert client.get(TOWNS, query_string={"q": typed}).json == posted.json


def test_guesses_are_told_from_what_matches(client: FlaskClient) -> None:
    answer = client.post(TOWNS, data={"q": "Qwertyville"}).json
    assert answer["items"]
    assert all(item["guess"] for item in answer["items"])
    assert answer["heading"] == "Did you mean …?"
    assert answer["said"].startswith("No town has this name.")
    assert not any("guess" in item for item in items(client, "Richmond"))
    assert client.post(TOWNS, data={"q": "Richmond"}).json["heading"] == ""


def test_all_of_a_name_are_suggested(client: FlaskClient) -> None:
    found = [item for item in items(client, "Richmond") if item["name"] == "Richmond"]
    assert len(found) > 8
    assert len({item["value"] for item in found}) == len({item["area"] for item in found})


def test_the_language_of_the_browser_orders_them(client: FlaskClient) -> None:
    spanish = {"Accept-Language": "es-ES,es;q=0.9,en;q=0.8"}
    assert items(client, "Toledo", **spanish)[0]["detail"].endswith("Spain")
    american = {"Accept-Language": "en-US"}
    assert items(client, "Toledo", **american)[0]["detail"].endswith("United States")


@pytest.mark.both
def test_the_country_of_ones_own_place_orders_them(
    client: FlaskClient,
    session: Session,
    login: Callable[..., FlaskClient],
    make_condition: Callable[..., Any],
    make_member: Callable[..., Any],
    make_membership: Callable[..., Any],
) -> None:
    me = make_member()
    version = load_areas().version
    zone = zones_of("ES")[0]
    make_membership(make_condition("dystonia"), zone, member=me, area_version=version)
    login(me)
    assert items(client, "Toledo")[0]["detail"].endswith("Spain")
