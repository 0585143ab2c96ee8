"""The API, the map, its list, the area pages and the export give the same numbers."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.areas.area_tree import LEVELS, load_areas
from tests.places import zones_of

PLACES = {"DE-BY": 11, "GB-WLS": 3, "FR-BRE": 1}


@pytest.fixture
def placed(session: Session, make_condition: Callable, make_membership: Callable) -> str:
    """People in zones of three countries, some with a larger area, some hidden."""
    condition = make_condition("dystonia")
    areas = load_areas()
    for region, people in PLACES.items():
        zones = zones_of(region)
        for number in range(people):
            make_membership(condition, int(zones[number % min(3, len(zones))]))
        make_membership(condition, int(zones[0]), visibility="counted")
    make_membership(condition, areas.by_code("DE-BY").id)
    make_membership(condition, areas.by_code("DE").id)
    session.commit()
    return "dystonia"


def counts(client: FlaskClient, slug: str, level: str) -> dict[int, int]:
    got = client.get(f"/api/v1/conditions/{slug}/counts?level={level}").get_json()
    assert got["total"] == 17
    return dict(zip(got["ids"], got["counts"], strict=True))


@pytest.mark.parametrize("level", LEVELS[1:])
def test_interface_area_pages_and_export_agree(
    client: FlaskClient, session: Session, placed: str, level: str
) -> None:
    areas = load_areas()
    numbers = counts(client, placed, level)
    assert numbers
    for area_id, people in numbers.items():
        page = client.get(f"/conditions/{placed}/areas/{areas.code[area_id]}").text
        words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert re.search(rf"\b{people} (people|person) on the map here", words), words[:600]
    wanted, by = Request((placed,), level, "csv"), By("shell", "a test")
    made = export_numbers(session, wanted, by, site="Test", today=date(2026, 11, 22))
    rows = {
        int(row["area_id"]): int(row["people"])
        for row in csv.DictReader(io.StringIO(made.content.decode()))
    }
    assert {area: people for area, people in rows.items() if people} == {0: 17, **numbers}


def test_the_list_beside_the_map_agrees(client: FlaskClient, placed: str) -> None:
    areas = load_areas()
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/conditions/{placed}/map").text).split())
    for area_id, people in counts(client, placed, "country").items():
        assert re.search(rf"{re.escape(str(areas.name[area_id]))} {people} ", page)


def test_levels_differ_by_those_with_a_coarser_place(client: FlaskClient, placed: str) -> None:
    sums = {level: sum(counts(client, placed, level).values()) for level in LEVELS[1:]}
    assert sums == {"country": 17, "region": 16, "zone": 15}
