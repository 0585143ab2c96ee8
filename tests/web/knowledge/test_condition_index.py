"""The lists of conditions by letter and group, page by page."""

import re
from itertools import islice

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.store import facts
from mapapp.store.conditions import Condition
from tests import factories
from tests.paging import link_to, pages_of
from tests.worlds import counted_queries


@pytest.mark.both
def test_letters_come_in_pages(client: FlaskClient) -> None:
    first = client.get("/conditions?letter=d").text
    assert "Conditions that begin with D" in first
    assert 'rel="next"' in first
    _first, second = islice(pages_of(client, "/conditions?letter=D"), 2)
    assert 'rel="prev"' in second
    assert client.get("/conditions?letter=0-9").status_code == 200


@pytest.mark.both
@pytest.mark.parametrize("letter", ["X", "Z", "0-9"])
def test_each_condition_stands_under_its_letter(
    client: FlaskClient, session: Session, letter: str
) -> None:
    for number, name in enumerate(("Z", "z", "zygote", "{zero", "[x]", "x", "Xanthoma X", "ź")):
        factories.make_condition(session, f"made-{number}", name=name)
    facts.step_up(session, facts.CONDITIONS_VERSION)
    session.commit()
    rows = session.execute(select(Condition.slug, Condition.name).where(Condition.shown)).all()
    begins = {slug: name[0].upper() if name[0].isascii() else "" for slug, name in rows}
    wanted = {s for s, first in begins.items() if (first if first.isalpha() else "0-9") == letter}
    found: list[str] = []
    for page in pages_of(client, f"/conditions?letter={letter}"):
        found += re.findall(r'href="/conditions/([\w-]+)"', page)
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("name", ["endpoint", "_method", "_scheme", "_external", "_anchor"])
def test_links_to_other_pages_keep_what_was_asked_as_it_is(client: FlaskClient, name: str) -> None:
    """Even a query argument named like one of ``url_for``'s own."""
    answer = client.get(f"/conditions?letter=d&{name}=javascript:")
    assert answer.status_code == 200
    wanted = f"/conditions?letter=d&{name}=javascript%3A&page="
    assert link_to(answer.text, "next").startswith(wanted)


def test_an_empty_list_has_one_page(client: FlaskClient, session: Session) -> None:
    session.execute(update(Condition).values(shown=False))
    session.commit()
    assert client.get("/conditions?letter=X").status_code == 200
    assert 'rel="next"' not in client.get("/conditions?letter=X&page=2").text


def test_the_letters_and_groups_are_counted_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    factories.make_condition(session, "dystonia")
    session.commit()
    client.get("/conditions")
    with counted_queries(app) as statements:
        client.get("/conditions")
    assert not [words for words in statements if "GROUP BY" in words]


@pytest.mark.parametrize(
    ("path", "most"), [("/conditions?q=dystonia", 4), ("/api/v1/conditions?q=dystonia", 2)]
)
def test_a_search_reads_what_it_shows(
    app: Flask, client: FlaskClient, path: str, most: int
) -> None:
    """And not each condition, to count the letters again or to find what staff changed."""
    client.get(path)
    with counted_queries(app) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= most
    of_conditions = [query for query in queries if "FROM condition" in query]
    assert len(of_conditions) == 1
    assert "condition.code IN (" in of_conditions[0]
