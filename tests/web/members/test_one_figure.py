"""How large an area is and how many people live there: one figure, wherever it is told."""

import random
import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_facts import told_across, told_residents
from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, WORLD, load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.published.rates import RATE_FROM
from mapapp.domain.statistics.export_table import Counted, make_table
from mapapp.maps.area_columns import columns
from mapapp.web.published.presenters import per_million
from tests import factories
from tests.worlds import fill

AREAS = load_areas()
MADRID = AREAS.by_code("ES-MD").id + 1
SOME = [MADRID, *random.Random(12).sample(range(1, len(AREAS)), 25), *range(1, 4)]
ACROSS, PEOPLE = re.compile(r"about ([\d,]+) km"), re.compile(r"about ([\d,]+) people")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def told(area_id: int) -> tuple[int, int]:
    return int(told_residents(AREAS)[area_id]), int(told_across(AREAS)[area_id])


@pytest.mark.parametrize("area_id", SOME)
def test_every_answer_tells_the_same_figures(
    client: FlaskClient, session: Session, area_id: int
) -> None:
    condition = factories.make_condition(session, "dystonia")
    factories.make_membership(session, condition, area_id, visibility="public")
    session.commit()
    people, across = told(area_id)
    area = AREAS.get(area_id)

    page = client.get(f"/conditions/dystonia/areas/{area.code}").text
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>about ([\d,]+)", page))
    assert number(facts["People who live here"]) == people
    assert number(facts["How far across"]) == across
    assert "per million residents</dt>" not in page  # one person makes no rate

    answer = client.get(f"/api/v1/areas/{area_id}").json
    assert (answer["population"], answer["across_km"]) == (people, across)

    level = LEVELS[area.level]
    preview = client.get(f"/api/v1/areas/{area_id}/preview?precision={level}").json["sentence"]
    assert number(PEOPLE.search(preview)[1]) == people
    if area.level > COUNTRY:
        assert number(ACROSS.search(preview)[1]) == across

    counts = client.get(f"/api/v1/conditions/dystonia/counts?level={level}&include=points").json
    at = counts["ids"].index(area_id)
    assert (counts["population"][at], counts["across"][at]) == (people, across)

    names = client.get(f"/geo/{shapes_version()}/names/{area.parent}.json").json
    at = names["ids"].index(area_id)
    assert (names["population"][at], names["across"][at]) == (people, across)

    table = make_table(AREAS, np.array([area_id]), {Counted("dystonia", "D"): np.array([1])})
    assert table.areas["residents"] == [people]


def test_the_countries_of_the_map_page(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get("/conditions/dystonia/map").text
    counts = client.get("/api/v1/conditions/dystonia/counts?level=country").json
    assert counts["ids"]
    for area_id, people in zip(counts["ids"], counts["counts"], strict=True):
        assert people < RATE_FROM
        assert per_million(people, area_id) == ""
        assert f'>{people}</td><td class="figure quiet">–</td>' in page


def test_the_whole_table_is_told_in_two_digits() -> None:
    for figures in (told_residents(AREAS), told_across(AREAS)):
        assert {len(str(figure).rstrip("0")) for figure in figures.tolist()} <= {1, 2}
    exact = np.asarray(AREAS.population)
    assert (np.abs(told_residents(AREAS) - exact) <= exact * 0.05).all()
    every = columns(AREAS, np.arange(1, len(AREAS)))
    assert every["population"] == told_residents(AREAS)[WORLD + 1 :].tolist()
    assert every["across"] == told_across(AREAS)[WORLD + 1 :].tolist()
