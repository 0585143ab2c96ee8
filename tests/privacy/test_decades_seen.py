"""Who reads a decade of birth or of diagnosis: people on the same map, if the member shows it."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from mapapp.actions.members.decade_choice import Decades
from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.limits import Quota
from mapapp.store.members import Member
from mapapp.store.moderation import Case
from tests import factories
from tests.decades import BOTH, KEPT_BACK, WORDS, give
from tests.trust import LEEDS, World

Login = Callable[..., FlaskClient]

AREA = f"/conditions/dystonia/areas/{load_areas().code[LEEDS]}"
LISTS = (
    AREA,
    "/conditions/dystonia/areas/world",
    f"{AREA}/people.json",
    f"/conditions/dystonia/nearby?area={LEEDS}",
)
OF_EVERYBODY = (
    "/conditions/dystonia",
    "/conditions/dystonia/map",
    "/conditions/dystonia/map.html",
    "/conditions/dystonia/map.svg",
    "/conditions/dystonia/share",
    "/conditions/dystonia/feed.atom",
    "/embed/conditions/dystonia",
    "/api/v1/conditions/dystonia/counts?level=zone&include=points",
    f"/api/v1/conditions/dystonia/counts?level=zone&under={LEEDS}",
)
READERS = {
    "a visitor": False,
    "a member of no map": False,
    "a member of another map": False,
    "somebody counted only on this map": False,
    "a moderator of no map": False,
    "somebody on this map": True,
    "the member": True,
    "somebody they block": False,
}
"""Who reads, and whether they read it."""


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel("2026-12-01 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def wren(world: World) -> Member:
    who = world.member(pseudonym="Shown Wren")
    factories.make_membership(
        world.session, world.condition(), LEEDS, member=who, visibility="public"
    )
    return who


@pytest.fixture
def browsers(app: Flask, world: World, login: Login, wren: Member) -> dict[str, FlaskClient]:
    def _on(slug: str, visibility: str) -> Member:
        who, there = world.member(), world.condition(slug)
        factories.make_membership(world.session, there, LEEDS, member=who, visibility=visibility)
        return who

    members = {
        "a member of no map": world.member(),
        "a member of another map": _on("gout", "public"),
        "somebody counted only on this map": _on("dystonia", "counted"),
        "a moderator of no map": world.member(staff="moderator"),
        "somebody on this map": _on("dystonia", "map"),
        "the member": wren,
        "somebody they block": _on("dystonia", "map"),
    }
    world.block(wren, members["somebody they block"])
    world.session.commit()
    made = {name: login(who, on=app.test_client()) for name, who in members.items()}
    return {"a visitor": app.test_client(), **made}


def _read(world: World, browser: FlaskClient, path: str) -> str:
    world.session.execute(delete(Quota))  # looking near is limited
    world.session.commit()
    answer = browser.get(path)
    assert answer.status_code in {200, 302, 303, 404}, path
    return str(answer.text)


def _connect(world: World, wren: Member) -> str:
    return f"/members/{world.on_map(wren).public_id}/connect?condition=dystonia"


@pytest.mark.both
@pytest.mark.parametrize("reader", READERS)
def test_people_on_the_map_read_what_is_shown_and_nobody_else(
    world: World, wren: Member, browsers: dict[str, FlaskClient], reader: str
) -> None:
    give(world, wren, BOTH)
    browser = browsers[reader]
    for path in (*LISTS, _connect(world, wren)):
        if "nearby" in path and reader == "the member":
            continue  # who is near leaves the reader out
        page = _read(world, browser, path)
        assert [words in page for words in WORDS] == [READERS[reader]] * 2, path
    for path in OF_EVERYBODY:
        page = _read(world, browser, path)
        assert [words in page for words in WORDS] == [False, False], path


@pytest.mark.both
@pytest.mark.parametrize("reader", READERS)
def test_what_is_not_shown_changes_no_page(
    world: World, wren: Member, browsers: dict[str, FlaskClient], reader: str
) -> None:
    if reader == "the member":
        return
    paths = (*LISTS, *OF_EVERYBODY, _connect(world, wren), f"{LISTS[-1]}&age=mine")
    for path in paths:
        _read(world, browsers[reader], path)  # the first page with a form is given a cookie
    before = [_read(world, browsers[reader], path) for path in paths]
    give(world, wren, KEPT_BACK)
    assert [_read(world, browsers[reader], path) for path in paths] == before


@pytest.mark.both
def test_each_is_shown_for_itself(
    world: World, wren: Member, browsers: dict[str, FlaskClient]
) -> None:
    browser = browsers["somebody on this map"]
    for shown in ((True, False), (False, True), (False, False)):
        birth_shown, diagnosis_shown = shown
        give(world, wren, Decades(1970, birth_shown, 2010, diagnosis_shown))
        for path in LISTS:
            page = _read(world, browser, path)
            assert tuple(words in page for words in WORDS) == shown, path


def test_a_map_tells_nothing_of_another(
    world: World, wren: Member, browsers: dict[str, FlaskClient]
) -> None:
    factories.make_membership(
        world.session, world.condition("gout"), LEEDS, member=wren, visibility="public"
    )
    give(world, wren, BOTH)
    there = AREA.replace("dystonia", "gout")
    page = _read(world, browsers["a member of another map"], there)
    assert "Shown Wren" in page
    assert not any(words in page for words in WORDS)


def test_a_report_copies_no_decade(
    world: World, wren: Member, browsers: dict[str, FlaskClient]
) -> None:
    give(world, wren, BOTH)
    page = f"/report/person/{world.on_map(wren).public_id}?condition=dystonia"
    assert browsers["somebody on this map"].post(page, data={"category": "spam"}).status_code == 303
    world.session.rollback()
    copy = world.session.scalars(select(Case.evidence)).one()
    assert "Shown Wren" in copy
    assert not any(decade in copy for decade in ("1970", "2010"))
