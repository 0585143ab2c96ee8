"""Looking for people of about one's age, which is for whoever shows their own."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.safety.reading_limits import MOST_PEOPLE
from mapapp.store.limits import Quota
from mapapp.store.members import Member
from tests import factories
from tests.decades import BOTH, KEPT_BACK, born, give
from tests.paging import pages_of
from tests.places import zone_at_band
from tests.trust import LEEDS, World

Login = Callable[..., FlaskClient]

NEAR = f"/conditions/dystonia/nearby?area={LEEDS}"
AREA = f"/conditions/dystonia/areas/{load_areas().code[LEEDS]}"
BOX = 'name="age"'
CHOSEN = '<option value="mine" selected>Born 1960 to 1989</option>'
HINT = "Show in which decade you were born"
FAR = zone_at_band(LEEDS, 6)


@pytest.fixture
def wren(world: World) -> Member:
    """Somebody on the map, and others of all ages near and far."""
    for decade in (1950, 1960, 1970, 1980, 1990):
        born(world, f"Near {decade}", decade)
        born(world, f"Far {decade}", decade, FAR, role="parent")
    born(world, "Hidden", 1970, birth_shown=False)
    factories.make_membership(world.session, world.condition(), LEEDS, visibility="map")
    who = world.somebody("map", pseudonym="Wren")
    world.session.commit()
    return who


@pytest.fixture
def wrens(app: Flask, login: Login, wren: Member) -> FlaskClient:
    return login(wren, on=app.test_client())


def names(page: str) -> list[str]:
    return re.findall(r'person-name"><bdi>(.*?)</bdi>', page)


@pytest.mark.both
def test_who_shows_theirs_finds_the_decade_and_its_neighbours(
    world: World, wren: Member, wrens: FlaskClient
) -> None:
    give(world, wren, BOTH)
    assert BOX in wrens.get(NEAR).text
    page = wrens.get(f"{NEAR}&age=mine").text
    assert CHOSEN in page
    found = [f"{where} {decade}" for where in ("Near", "Far") for decade in (1960, 1970, 1980)]
    assert sorted(names(page)) == sorted(found)
    assert sorted(names(wrens.get(f"{NEAR}&age=mine&role=parent").text)) == sorted(found[3:])
    assert names(wrens.get(f"{NEAR}&age=mine&language=fr").text) == []
    assert set(names(wrens.get(f"{AREA}?age=mine").text)) == {*found[:3], "Wren"}
    world_page = wrens.get("/conditions/dystonia/areas/world?age=mine").text
    assert set(names(world_page)) == {*found, "Wren"}


def test_it_stays_on_all_pages_and_with_other_choices(
    world: World, wren: Member, wrens: FlaskClient
) -> None:
    for number in range(45):
        born(world, f"Owl {number}", 1970)
    world.session.commit()
    give(world, wren, BOTH)
    found = [names(page) for page in pages_of(wrens, f"{NEAR}&age=mine")]
    listed = [name for page in found for name in page]
    assert len(listed) == len(set(listed)) == 51
    assert not any("1950" in name or "1990" in name for name in listed)
    page = wrens.get(f"{NEAR}&age=mine").text
    assert re.search(r"nearby/ask\?[^\"]*age=mine", page)
    moved = wrens.post("/conditions/dystonia/nearby", data={"area": str(FAR), "age": "mine"})
    assert "age=mine" in moved.headers["Location"]
    asked = wrens.get(f"/conditions/dystonia/nearby/ask?area={LEEDS}&age=mine").text
    assert "1990" not in asked.split("<form")[-1].split("Why would")[0]


@pytest.mark.parametrize("given", [None, KEPT_BACK], ids=["not given", "seen by nobody"])
def test_who_does_not_show_theirs_is_told_how_and_finds_everyone(
    world: World, wren: Member, wrens: FlaskClient, given: object
) -> None:
    if given:
        give(world, wren, KEPT_BACK)
    page = wrens.get(NEAR).text
    assert BOX not in page
    assert HINT in page
    assert names(wrens.get(f"{NEAR}&age=mine").text) == names(page)
    assert "About my age" not in wrens.get(f"{AREA}?age=mine").text


@pytest.mark.parametrize("visibility", ["", "counted"])
def test_who_is_not_shown_on_the_map_is_offered_nothing(
    app: Flask, world: World, wren: Member, login: Login, visibility: str
) -> None:
    # Shown earlier, when they were still on lists.
    who = born(world, "Owl", 1970, visibility=visibility) if visibility else world.member()
    world.session.commit()
    browser = login(who, on=app.test_client())
    for path in (NEAR, f"{NEAR}&age=mine", f"{AREA}?age=mine"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert not any(words in answer.text for words in (BOX, HINT, "About my age"))


def test_visitors_are_offered_nothing(client: FlaskClient, wren: Member) -> None:
    page = client.get(f"{NEAR}&age=mine").text
    assert BOX not in page
    assert HINT not in page
    assert client.get(f"{NEAR}&age=1970").status_code == 400


def test_nobody_looks_for_a_diagnosis(world: World, wren: Member, wrens: FlaskClient) -> None:
    give(world, wren, BOTH)
    for asked in ("diagnosis=2010", "diagnosis=mine", "diagnosis_decade=2010"):
        assert names(wrens.get(f"{NEAR}&{asked}").text) == names(wrens.get(NEAR).text)


def test_names_found_by_age_are_counted_as_any(
    world: World, wren: Member, wrens: FlaskClient
) -> None:
    for number in range(MOST_PEOPLE + 15):
        born(world, f"Owl {number}", 1970)
    world.session.commit()
    give(world, wren, BOTH)
    read: set[str] = set()
    for page in pages_of(wrens, f"{NEAR}&age=mine"):
        world.session.execute(delete(Quota))
        world.session.commit()
        read |= set(names(page))
    assert len(read) <= MOST_PEOPLE


def test_a_block_holds(world: World, wren: Member, wrens: FlaskClient) -> None:
    robin = born(world, "Robin", 1970)
    give(world, wren, BOTH)
    assert "Robin" in names(wrens.get(f"{NEAR}&age=mine").text)
    world.block(robin, wren)
    world.session.commit()
    assert "Robin" not in names(wrens.get(f"{NEAR}&age=mine").text)
