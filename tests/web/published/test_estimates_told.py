"""Who is only counted stands beside who is listed, as an estimate, wherever people are counted."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.published.people_numbers import people_numbers
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from tests import factories
from tests.places import zones_of
from tests.releases import put_release, release_on

WORLD = ("map", "map?by=rate", "map.html", "areas/world", "statistics", "compare/gout", "")
COUNTRY = ("map", "map?by=rate", "map.html", "areas/world", "areas/GB")


@pytest.fixture
def dystonia(session: Session) -> Condition:
    made = factories.make_condition(session, "dystonia", name="Dystonia")
    factories.make_condition(session, "gout", name="Gout")
    factories.make_crowd(session, made, zones_of("GB-ENG")[0], 3)
    session.commit()
    return made


@pytest.mark.parametrize("page", WORLD)
def test_the_estimate_of_the_world_is_told(
    client: FlaskClient, session: Session, dystonia: Condition, page: str
) -> None:
    path = f"/conditions/dystonia/{page}".rstrip("/")
    assert "people more" not in client.get(path).text
    put_release(session, dystonia, "people:world", **{"|": 65})
    told = client.get(path).text
    assert "65 people more" in told
    assert "estimate" in told
    assert "within 12" in told


@pytest.mark.parametrize("page", COUNTRY)
def test_the_estimate_of_a_country_is_told(
    client: FlaskClient, session: Session, dystonia: Condition, page: str
) -> None:
    put_release(session, dystonia, "people:country", **{"GB|": 40})
    told = client.get(f"/conditions/dystonia/{page}").text
    assert "about 40 more only counted" in told or "40 people more" in told
    assert "68 people" not in told, "nothing is added to the listed"


@pytest.mark.both
def test_both_kinds_come_from_one_place(session: Session, dystonia: Condition) -> None:
    put_release(session, dystonia, "people:world", **{"|": 65})
    put_release(session, dystonia, "people:country", **{"GB|": 40})
    numbers = people_numbers(session, dystonia.id)
    britain = load_areas().by_code("GB").id
    assert (numbers.listed.everywhere, numbers.listed.by_area[britain]) == (3, 3)
    told = {area: (one.number, one.error) for area, one in numbers.only_counted.items()}
    assert told == {0: (65, 12), britain: (40, 6)}


@pytest.mark.both
def test_a_release_reaches_who_keeps_the_map(
    client: FlaskClient, session: Session, engine: Engine, settings: Settings, dystonia: Condition
) -> None:
    before = client.get("/conditions/dystonia/map")
    release_on(engine, settings)
    after = client.get(
        "/conditions/dystonia/map", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.status_code == 200
