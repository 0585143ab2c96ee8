"""The map page, its list, its people and its files."""

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.app import create_app
from mapapp.domain.areas.area_tree import load_areas
from mapapp.paths import TEMPLATES
from mapapp.settings import Settings
from mapapp.web.core.assets import load_assets
from mapapp.web.core.conditional_get import templates_version
from mapapp.web.core.request_session import db
from tests import factories
from tests.places import zones_of
from tests.worlds import HERE, counted_queries, embedded, fill, hide_somebody, whole_answer

MAP = "/conditions/dystonia/map"
PLACE = "/conditions/dystonia/place"
PEOPLE = "/conditions/dystonia/areas/{}/people.json"
EVIL = "{{7*1910191}}${alert(1)}</script><script>alert(2)</script>"


def test_the_list_says_what_the_map_says(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(MAP).text
    numbers = embedded(page, "map-numbers")
    rows = re.findall(r'data-area="(\d+)".*?<td class="figure">(\d+)</td>', page, re.S)
    assert {int(i): int(n) for i, n in rows} == dict(
        zip(numbers["ids"], numbers["counts"], strict=True)
    )
    assert numbers["total"] == 3
    assert "3 people" in page
    assert "That is who has joined this map, not how many people have it." in page
    assert '<a href="/conditions/dystonia/areas/DE">Germany</a>' in page


def test_an_empty_map_is_a_beginning(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "dystonia", name="Dystonia")
    session.commit()
    response = client.get(MAP)
    assert response.status_code == 200
    assert "You would be the first." in response.text


def test_unknown_and_hidden_conditions_have_no_map(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "dystonia", name="Dystonia", shown=False)
    session.commit()
    for path in (MAP, f"{MAP}.html", f"{MAP}.svg", "/conditions/nothing/map", PEOPLE.format("DE")):
        assert client.get(path).status_code == 404


def test_what_did_not_change_is_not_sent_again(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    for path in (MAP, f"{MAP}.html", f"{MAP}.svg", "/map.svg"):
        tag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    factories.make_membership(session, condition, zones_of(HERE)[1])
    session.commit()
    for path in (MAP, f"{MAP}.html", f"{MAP}.svg", "/map.svg"):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


_others: list[Flask] = []


@pytest.fixture(autouse=True)
def _close_other_sites() -> Iterator[None]:
    yield
    while _others:
        with _others.pop().app_context():
            db.engine.dispose()


def other_site(settings: Settings) -> FlaskClient:
    """A visitor to another process of the site; its connections are closed after the test."""
    _others.append(create_app(settings))
    return _others[-1].test_client()


@pytest.mark.parametrize(
    "changed", [{"site_name": "Another name"}, {"base_url": "https://map.example.org"}]
)
def test_a_site_of_another_name_or_address_answers_anew(
    client: FlaskClient, session: Session, settings: Settings, changed: dict[str, str]
) -> None:
    fill(session)
    renamed = other_site(settings.model_copy(update=changed))
    for path in (MAP, f"{MAP}.html"):
        tag = client.get(path).headers["ETag"]
        answer = renamed.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert path == MAP or next(iter(changed.values())) in answer.text


def test_a_release_that_changes_a_template_answers_anew(
    client: FlaskClient,
    session: Session,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(session)
    tag = client.get(MAP).headers["ETag"]
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    monkeypatch.setattr("mapapp.web.core.conditional_get.TEMPLATES", tmp_path / "templates")
    same = other_site(settings)
    assert same.get(MAP, headers={"If-None-Match": tag}).status_code == 304
    templates_version.cache_clear()
    (tmp_path / "templates" / "footer.html").write_text("Other words.")
    later = other_site(settings)
    assert later.get(MAP, headers={"If-None-Match": tag}).status_code == 200


def test_a_member_is_not_shown_the_page_of_a_visitor(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    fill(session)
    tag = client.get(MAP).headers["ETag"]
    login(factories.make_member(session))
    response = client.get(MAP, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "Sign out" in response.text


def test_who_is_on_the_map_is_offered_to_change_the_place(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    condition = fill(session)
    me = factories.make_member(session)
    login(me)
    pages = (MAP, "/conditions/dystonia", "/conditions/dystonia/areas/DE")
    before = {path: client.get(path) for path in pages}
    factories.make_membership(
        session, condition, zones_of(HERE)[0], member=me, visibility="counted"
    )
    session.commit()
    for path, old in before.items():
        assert f'<a class="button button-primary" href="{PLACE}">' in old.text
        now = client.get(path, headers={"If-None-Match": old.headers["ETag"]})
        assert now.status_code == 200
        assert (
            '<a class="button" href="/conditions/dystonia/place">Change your place</a>' in now.text
        )
        assert "Put yourself on the map" not in now.text


def test_the_set_up_is_kept_for_ever(client: FlaskClient, session: Session) -> None:
    fill(session)
    (address,) = re.findall(r'src="(/map/[^"]+)"', client.get(MAP).text)
    response = client.get(address)
    assert response.mimetype == "text/javascript"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get(re.sub(r"/map/\w+", "/map/0123", address)).status_code == 404
    assert client.get(address.replace(".en.", ".xx.")).status_code == 404


def test_visitors_see_public_people(client: FlaskClient, session: Session) -> None:
    hide_somebody(session, fill(session))
    answer = client.get(PEOPLE.format(HERE)).json
    assert [person["name"] for person in answer["people"]] == ["Public Person"]
    assert answer["people"][0]["connect"].startswith("/members/")
    assert "1 person here is shown only to members or people on this map." in answer["note"]
    assert "Hidden Person" not in json.dumps(answer)


def test_members_see_members(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    hide_somebody(session, fill(session))
    login(factories.make_member(session))
    answer = client.get(PEOPLE.format(HERE)).json
    assert {person["name"] for person in answer["people"]} == {"Public Person", "Members Person"}
    assert answer["note"] == ""


def test_many_people_are_counted_and_the_first_are_named(
    client: FlaskClient, session: Session
) -> None:
    condition = fill(session)
    factories.make_crowd(session, condition, zones_of(HERE)[0], 25)
    session.commit()
    answer = client.get(PEOPLE.format(HERE)).json
    assert len(answer["people"]) == 20
    assert answer["note"] == "6 more on the area’s page."


def test_no_such_area(client: FlaskClient, session: Session) -> None:
    fill(session)
    assert client.get(PEOPLE.format("NOWHERE")).status_code == 404


@pytest.mark.parametrize(
    "path", [MAP, f"{MAP}.html", f"{MAP}.svg", "/map.svg", PEOPLE.format(HERE)]
)
def test_nobody_hidden_changes_a_byte(client: FlaskClient, session: Session, path: str) -> None:
    condition = fill(session)
    before = whole_answer(client, path)
    hide_somebody(session, condition)
    assert whole_answer(client, path) == before


def test_what_people_wrote_stays_text(client: FlaskClient, session: Session) -> None:
    condition = factories.make_condition(session, "dystonia", name=EVIL)
    member = factories.make_member(session, pseudonym=EVIL[:40])
    zone = zones_of(HERE)[0]
    factories.make_membership(session, condition, zone, member=member, visibility="public")
    session.commit()
    for path in (MAP, f"{MAP}.html", f"{MAP}.svg"):
        page = client.get(path).text
        assert not re.search(r"13371337[^\d,.\]]", page)  # the shapes of areas are full of numbers
        assert "<script>alert" not in page
    # The map's scripts get the name as it is, inside JSON that no parser takes for a tag.
    label = embedded(client.get(MAP).text, "map-numbers")["label"]
    assert label == f"World map of {EVIL}"
    (person,) = client.get(PEOPLE.format(HERE)).json["people"]
    assert person["name"] == EVIL[:40]
    assert "{{7*1910191}}" not in client.get(MAP).text.split("</head>")[0].split("<title>")[0]


def test_budgets(app: Flask, client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    areas = load_areas()
    with factories.published_together(session):
        for country in areas.children(0):  # the longest possible list
            factories.make_membership(session, condition, int(country))
    session.commit()
    client.get(MAP)
    with counted_queries(app) as queries:
        page = client.get(MAP).data
    assert len(queries) <= 3
    assert len(gzip.compress(page, 6)) < 32_000  # with the drawn world
    loaded = {name: len(asset.encoded.get("br", b"")) for name, asset in load_assets().items()}
    assert loaded["bundles/map.js"] < 56_000  # 38,000 are Leaflet's
    assert loaded["bundles/map.css"] + loaded["bundles/site.css"] < 12_000
    assert loaded["bundles/site.js"] < 4_000
    (address,) = re.findall(r'src="(/map/[^"]+)"', page.decode())
    assert len(gzip.compress(client.get(address).data, 6)) < 16_000


def test_nothing_waits_for_something_else_to_name_it(client: FlaskClient, session: Session) -> None:
    """Each further step in a chain of requests costs a slow line its whole way once more."""
    fill(session)
    page = client.get(MAP).text
    loaded = re.findall(r'<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"', page)
    assert len(loaded) == 5
    for address in loaded:
        text = client.get(address).text
        assert not re.search(r"^\s*import\b|@import|url\((?!data:|#)", text, re.M), address
