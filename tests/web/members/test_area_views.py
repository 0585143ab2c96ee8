"""The page of an area: numbers, parts, people, neighbours, and who sees them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from tests import factories
from tests.paging import link_to, pages_of
from tests.places import zones_of
from tests.worlds import HERE, counted_queries, fill, hide_somebody, whole_answer

ADDRESS = "/conditions/dystonia/areas/"
CODES = ["world", "DE", HERE]


def zone_code() -> str:
    return load_areas().get(zones_of(HERE)[0]).code


def test_country(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(ADDRESS + "DE").text
    assert '<h1 class="name">Germany</h1>' in page
    assert "on the map here, of 3 in the world" in page
    assert f"{ADDRESS}{HERE}" in page
    assert "Public Person" in page


def test_zone_has_its_line_above_it(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(ADDRESS + zone_code()).text
    for above in CODES:
        assert f'href="{ADDRESS}{above}"' in page
    assert "about" in page
    assert "km" in page


def test_visitors_see_public_people_only(client: FlaskClient, session: Session) -> None:
    hide_somebody(session, fill(session))
    page = client.get(ADDRESS + zone_code()).text
    assert "Public Person" in page
    assert "Members Person" not in page
    assert "Hidden Person" not in page
    assert "1 person here is shown only to members or people on this map" in page


def test_members_see_members(
    client: FlaskClient, session: Session, login: Callable[..., Any]
) -> None:
    hide_somebody(session, fill(session))
    reader = factories.make_member(session)
    session.commit()
    login(reader)
    page = client.get(ADDRESS + zone_code()).text
    assert "Public Person" in page
    assert "Members Person" in page
    assert "Hidden Person" not in page


def test_empty_area_is_a_beginning(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get(ADDRESS + "NZ").text
    assert "You would be the first" in page
    assert "People you can meet here" not in page


@pytest.mark.both
def test_people_come_in_pages(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    factories.make_crowd(session, condition, zones_of(HERE)[0], 30)
    session.commit()
    first, second = pages_of(client, ADDRESS + HERE)
    assert first.count('class="person"') == 20
    assert second.count('class="person"') >= 11
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


@pytest.mark.both
def test_a_page_of_one_list_is_none_of_another(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    factories.make_crowd(session, condition, zones_of(HERE)[0], 30)
    session.commit()
    first, second = pages_of(client, ADDRESS + HERE)
    assert client.get(link_to(second, "prev")).text.count('class="person"') == 20
    assert client.get(link_to(second, "first")).text.count('class="person"') == 20
    query = link_to(first, "next").partition("?")[2]
    assert client.get(f"{ADDRESS}DE?{query}").status_code == 400
    old = client.get(f"{ADDRESS}{HERE}?page=2").text
    people = re.compile(r"members/[\w-]+/connect")
    assert people.findall(old) == people.findall(first) != []


def test_what_people_wrote_is_text(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    member = factories.make_member(session, pseudonym="<b>{{7*1910191}}</b>")
    factories.make_membership(
        session, condition, zones_of(HERE)[0], member=member, visibility="public"
    )
    session.commit()
    page = client.get(ADDRESS + HERE).text
    assert "&lt;b&gt;{{7*1910191}}&lt;/b&gt;" in page


@pytest.mark.parametrize("code", ["XX", "DE-XX", "%2e%2e", "0", "'"])
def test_unknown_areas(client: FlaskClient, session: Session, code: str) -> None:
    fill(session)
    assert client.get(ADDRESS + code).status_code == 404


def test_unknown_and_hidden_conditions(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "gone", shown=False)
    session.commit()
    for slug in ("gone", "never-was"):
        assert client.get(f"/conditions/{slug}/areas/DE").status_code == 404


@pytest.mark.parametrize("page", ["-1", "x", "1.5", "٣", "a" * 5000, "=", "AAAA"])
def test_pages_that_no_list_has(client: FlaskClient, session: Session, page: str) -> None:
    fill(session)
    assert client.get(f"{ADDRESS}DE?page={page}").status_code == 400


@pytest.mark.parametrize("code", CODES)
def test_hidden_people_change_no_byte(client: FlaskClient, session: Session, code: str) -> None:
    condition = fill(session)
    before = whole_answer(client, ADDRESS + code)
    hide_somebody(session, condition)
    assert whole_answer(client, ADDRESS + code) == before


@pytest.mark.parametrize("code", CODES)
def test_budget_of_queries(app: Flask, client: FlaskClient, session: Session, code: str) -> None:
    fill(session)
    with counted_queries(app) as statements:
        client.get(ADDRESS + code)
    assert len(statements) <= 9  # three of them note who was shown, once a day for each
