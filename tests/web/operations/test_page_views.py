"""The start page, the pages about the site, the way out, and error pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store import facts
from tests.places import zones_of
from tests.worlds import counted_queries, fill, hide_somebody, whole_answer

EXPLAINING = ["/how-we-count", "/privacy", "/credits"]


def test_home_of_an_empty_site(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Nobody is here yet" in page
    assert 'name="q"' in page


def test_home_says_who_is_counted(client: FlaskClient, session: Session) -> None:
    fill(session)
    page = client.get("/").text
    assert "<strong>4 people</strong> in" in page
    assert "not how many people live with these conditions" in page
    assert "/conditions/dystonia" in page
    assert "3 people" in page


def test_home_counts_one_person_as_one(
    client: FlaskClient, session: Session, make_condition: Callable, make_membership: Callable
) -> None:
    make_membership(make_condition("dystonia"), zones_of("DE-BY")[0])
    session.commit()
    assert "<strong>1 person</strong> in 1 country joined a map." in client.get("/").text


@pytest.mark.parametrize("path", EXPLAINING)
def test_explaining_pages(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.text.count("<h1>") == 1


def test_credits_name_every_source(client: FlaskClient) -> None:
    page = client.get("/credits").text
    for name in ("Natural Earth", "GeoNames", "CC BY 4.0", "Mondo", "CLDR", "Leaflet", "Folium"):
        assert name in page
    assert "disputed" in page


@pytest.mark.parametrize("path", ["/", "/conditions", *EXPLAINING])
def test_unchanged_pages_are_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_changed_pages_are_sent_again(client: FlaskClient, session: Session) -> None:
    tag = client.get("/").headers["ETag"]
    fill(session)
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_demo_banner_only_on_a_demo(client: FlaskClient, session: Session) -> None:
    assert "everybody here is invented" not in client.get("/").text
    facts.state(session, facts.HAS_DEMO, "1")
    session.commit()
    for path in ("/", "/privacy", "/no-such-page"):
        assert "everybody here is invented" in client.get(path).text


def test_leaving_goes_to_a_neutral_site_and_keeps_nothing(client: FlaskClient) -> None:
    response = client.get("/away")
    assert response.status_code == 303
    assert response.headers["Location"] == "https://www.wikipedia.org/"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_a_site_chooses_where_leaving_leads(app: Flask, client: FlaskClient) -> None:
    kept = app.extensions["mapapp_settings"]
    elsewhere = "https://news.example.org/weather"
    app.extensions["mapapp_settings"] = kept.model_copy(update={"leave_to": elsewhere})
    assert client.get("/away").location == elsewhere
    assert f"clears the page and opens {elsewhere}." in client.get("/privacy").text


def test_pages_that_name_a_condition_can_be_left(client: FlaskClient, session: Session) -> None:
    fill(session)
    for path in ("", "/areas/DE", "/nearby"):
        assert "data-leave" in client.get(f"/conditions/dystonia{path}").text
    assert "data-leave" not in client.get("/").text


@pytest.mark.parametrize("path", ["/", "/conditions", "/conditions/dystonia", *EXPLAINING])
def test_no_address_of_others_and_nothing_inline(
    client: FlaskClient, session: Session, path: str
) -> None:
    fill(session)
    page = client.get(path).text
    assert not re.search(r'(?:src|action)="(?:https?:)?//', page)
    assert not re.search(r'<link(?! rel="canonical")[^>]+https?://', page)
    assert " style=" not in page
    assert not re.search(r'<script(?! type="application/ld\+json">)(?![^>]*src=)', page)


def test_visitors_who_read_get_no_cookie(client: FlaskClient, session: Session) -> None:
    fill(session)
    for path in ("/", "/conditions/dystonia", "/conditions/dystonia/nearby?area=1"):
        assert "Set-Cookie" not in client.get(path).headers


def test_unknown_address(client: FlaskClient) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert "There is no page at this address" in response.text
    assert "Go to the start page" in response.text


def test_wrong_method(client: FlaskClient) -> None:
    response = client.post("/privacy")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_failure_of_ours_is_owned(app: Flask, client: FlaskClient) -> None:
    def _fail() -> Any:
        raise RuntimeError("a secret detail")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["pages.privacy"] = _fail
    response = client.get("/privacy")
    assert response.status_code == 500
    assert "Our mistake" in response.text
    assert "secret detail" not in response.text


def test_hidden_people_change_no_byte(client: FlaskClient, session: Session) -> None:
    condition = fill(session)
    before = whole_answer(client, "/")
    hide_somebody(session, condition)
    assert whole_answer(client, "/") == before


def test_budget_of_queries(app: Flask, client: FlaskClient, session: Session) -> None:
    fill(session)
    with counted_queries(app) as statements:
        client.get("/")
    assert len(statements) <= 4
    with counted_queries(app) as statements:
        client.get("/privacy")
    assert len(statements) <= 1
