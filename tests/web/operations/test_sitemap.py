"""robots.txt, and the list of pages for search engines."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.core.free_text import HELD
from mapapp.domain.core.hidden_reasons import HiddenReason
from mapapp.domain.knowledge.question_set import QUESTION_HIDDEN
from mapapp.store.conditions import Condition
from mapapp.store.questions import Question
from mapapp.web.operations import search_engines
from tests.finished import emptied
from tests.places import zones_of
from tests.searchable import KEY, PAGE, make_editorial, make_post, make_question, xml_of
from tests.worlds import HERE, counted_queries

HIDDEN = {"hidden_reasons": HiddenReason.BY_MEMBER}

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "http://127.0.0.1:8000"
ALWAYS = ["/", "/conditions", "/credits", "/how-we-count", "/privacy"]
DYSTONIA = "/conditions/dystonia"


def listed(client: FlaskClient, number: int = 1) -> list[str]:
    """Return the addresses of a part, without the site's."""
    answer = client.get(f"/sitemaps/{number}.xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    found = [loc.text or "" for loc in xml_of(answer.data).findall("s:url/s:loc", NAMES)]
    assert all(address.startswith(SITE) for address in found)
    return [address.removeprefix(SITE) for address in found]


@pytest.fixture
def dystonia(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


def test_robots_names_the_list_and_forbids_nothing(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == f"User-agent: *\nDisallow:\n\nSitemap: {SITE}/sitemap.xml\n"


def test_the_list_of_a_new_site(client: FlaskClient) -> None:
    answer = client.get("/sitemap.xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    parts = xml_of(answer.data).findall("s:sitemap/s:loc", NAMES)
    assert [part.text for part in parts] == [f"{SITE}/sitemaps/1.xml"]
    assert listed(client) == ALWAYS


def test_a_condition_with_people(
    client: FlaskClient,
    session: Session,
    dystonia: Condition,
    make_membership: Callable[..., Any],
) -> None:
    make_membership(dystonia, zones_of(HERE)[0])
    session.commit()
    assert listed(client) == sorted(
        [*ALWAYS, DYSTONIA, f"{DYSTONIA}/map", f"{DYSTONIA}/statistics"]
    )


def test_a_condition_with_nobody_but_hidden_people(
    client: FlaskClient,
    session: Session,
    dystonia: Condition,
    make_membership: Callable[..., Any],
) -> None:
    make_membership(dystonia, zones_of(HERE)[0], visibility="counted")
    session.commit()
    assert listed(client) == ALWAYS


def test_a_question_that_somebody_answered(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    make_post(session, dystonia, make_question(session, dystonia))
    make_question(session, dystonia, "contagion")  # nobody answered it
    session.commit()
    assert listed(client) == sorted([*ALWAYS, DYSTONIA, f"{DYSTONIA}/questions", PAGE])


def test_a_question_that_the_editors_answered(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    question_id = make_question(session, dystonia)
    make_editorial(session, question_id, state="draft")
    session.commit()
    assert PAGE not in listed(client)
    make_editorial(session, question_id, 2)
    session.commit()
    assert PAGE in listed(client)


@pytest.mark.parametrize("values", [{"indexed": False}, {"state": HELD}, HIDDEN])
def test_an_answer_that_is_not_for_search_engines(
    client: FlaskClient, session: Session, dystonia: Condition, values: dict[str, Any]
) -> None:
    make_post(session, dystonia, make_question(session, dystonia), **values)
    session.commit()
    assert listed(client) == ALWAYS


def test_what_staff_hid(
    client: FlaskClient,
    session: Session,
    make_condition: Callable[..., Condition],
    make_membership: Callable[..., Any],
) -> None:
    hidden, shown = make_condition("gout", shown=False), make_condition("dystonia")
    make_membership(hidden, zones_of(HERE)[0])
    make_post(session, hidden, make_question(session, hidden))
    question_id = make_question(session, shown)
    make_post(session, shown, question_id)
    session.get_one(Question, question_id).state = QUESTION_HIDDEN
    session.commit()
    assert listed(client) == ALWAYS


def test_a_story_opens_no_page_to_search_engines(
    client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    make_post(session, dystonia, title="A story")
    session.commit()
    assert listed(client) == ALWAYS


def test_every_address_is_that_of_a_page_for_search_engines(
    client: FlaskClient,
    session: Session,
    dystonia: Condition,
    make_membership: Callable[..., Any],
) -> None:
    make_membership(dystonia, zones_of(HERE)[0])
    make_post(session, dystonia, make_question(session, dystonia))
    session.commit()
    found = listed(client)
    assert len(found) == len(ALWAYS) + 5
    for address in found:
        page = client.get(address)
        assert page.status_code == 200
        assert "X-Robots-Tag" not in page.headers
        assert f'<link rel="canonical" href="{SITE}{address}">' in page.text


def test_parts_hold_everything_once_in_the_order_of_the_addresses(
    app: Flask,
    client: FlaskClient,
    session: Session,
    dystonia: Condition,
    make_membership: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_membership(dystonia, zones_of(HERE)[0])
    session.commit()
    whole = listed(client)
    monkeypatch.setattr(search_engines, "ADDRESSES_A_PART", 3)
    emptied(app)
    parts = xml_of(client.get("/sitemap.xml").data).findall("s:sitemap", NAMES)
    assert len(parts) == 3
    assert [address for number in (1, 2, 3) for address in listed(client, number)] == whole
    assert whole == sorted(set(whole))


@pytest.mark.parametrize("number", ["0", "2", "99999999999", "-1", "x"])
def test_parts_that_there_are_not(client: FlaskClient, number: str) -> None:
    assert client.get(f"/sitemaps/{number}.xml").status_code == 404


def test_many_addresses_take_two_queries(
    app: Flask, client: FlaskClient, session: Session, dystonia: Condition
) -> None:
    rows = [
        Question(condition_id=dystonia.id, slug=f"question-{number}", title="?" * 15, state="open")
        for number in range(400)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        make_editorial(session, row.id)
    session.commit()
    with counted_queries(app) as statements:
        assert len(listed(client)) == len(ALWAYS) + 2 + 400
    assert len(statements) == 2
    assert all(statement.startswith("SELECT") for statement in statements)


def test_nothing_says_when(client: FlaskClient, session: Session, dystonia: Condition) -> None:
    make_post(session, dystonia, make_question(session, dystonia))
    session.commit()
    page = client.get("/sitemaps/1.xml").text
    assert KEY in page
    assert "lastmod" not in page
    assert "2026" not in page


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/sitemaps/1.xml"])
def test_what_did_not_change_is_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
