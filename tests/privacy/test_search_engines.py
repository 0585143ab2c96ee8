"""Search engines get pages about conditions, never pages with people's pseudonyms.

What a member wrote they get only where its writer allowed it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.domain.areas.area_tree import load_areas
from mapapp.web.core.headers import FOR_SEARCH_ENGINES
from tests.searchable import KEY, PAGE, TEXT, make_post, make_question, marked_up
from tests.trust import LEEDS


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", True),
        ("/conditions/dystonia", True),
        ("/conditions/dystonia/map", True),
        ("/conditions/dystonia/statistics", True),
        ("/conditions/dystonia/areas/GB", False),
        ("/conditions/dystonia/nearby", True),
        ("/conditions/dystonia/nearby?town=Leeds", False),
        (f"/conditions/dystonia/nearby?area={LEEDS}", False),
        ("/conditions/dystonia/nearby?role=parent", False),
        ("/sign-in", False),
        ("/nothing-here", False),
    ],
)
def test_who_may_be_indexed(client: FlaskClient, path: str, found: bool) -> None:
    assert (client.get(path).headers.get("X-Robots-Tag") is None) == found


def test_no_indexed_page_names_anybody(
    client: FlaskClient,
    make_member: Callable[..., Any],
    make_membership: Callable[..., Any],
    make_condition: Callable[..., Any],
    session: Any,
) -> None:
    condition = make_condition("dystonia")
    member = make_member(pseudonym="Zebra Lighthouse")
    area = load_areas().by_code("GB-WLS").id
    make_membership(condition, area, member=member, visibility="public")
    session.commit()
    assert len(FOR_SEARCH_ENGINES) == 10
    assert b"Zebra" in client.get("/conditions/dystonia/areas/GB-WLS").data
    dystonia = "/conditions/dystonia"
    for path in ("/", "/conditions?q=dystonia", dystonia, f"{dystonia}/map", f"{dystonia}/nearby"):
        assert b"Zebra" not in client.get(path).data


def test_what_a_member_reads_of_people_near_is_for_no_search_engine(
    client: FlaskClient, make_member: Callable[..., Any], login: Callable[..., Any]
) -> None:
    login(make_member())
    assert client.get("/conditions/dystonia/nearby").headers["X-Robots-Tag"] == "noindex"


FEED = "/conditions/dystonia/feed.atom"
ANSWERS = f"{PAGE}/answers"


def _for_search_engines(app: Flask) -> list[str]:
    """Return a URL of each page that search engines may index."""
    values = {"slug": "dystonia", "question": KEY}
    rules = [r for r in app.url_map.iter_rules() if r.endpoint in FOR_SEARCH_ENGINES]
    addresses = app.url_map.bind("localhost")
    return sorted(
        {
            addresses.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            for rule in rules
            if "GET" in (rule.methods or ())
        }
    )


def _where_it_stands(app: Flask, client: FlaskClient) -> set[str]:
    """Return where a visitor finds the text: pages for search engines, their JSON-LD, the feed."""
    found = set()
    for path in _for_search_engines(app):
        page = client.get(path)
        assert page.status_code == 200
        assert "X-Robots-Tag" not in page.headers
        found |= {path} if TEXT in page.text else set()
        found |= {f"markup of {path}"} if TEXT in str(marked_up(page.text)) else set()
    return found | ({FEED} if TEXT in client.get(FEED).text else set())


@pytest.mark.parametrize("named_to", ["nobody", "members", "public"])
def test_an_answer_is_found_once_its_writer_allowed_it(
    app: Flask,
    client: FlaskClient,
    session: Session,
    make_condition: Callable[..., Any],
    named_to: str,
) -> None:
    condition = make_condition("dystonia")
    question_id = make_question(session, condition)
    post = make_post(session, condition, question_id, indexed=False, named_to=named_to)
    session.commit()
    assert len(_for_search_engines(app)) == 10
    assert _where_it_stands(app, client) == set()
    assert PAGE not in client.get("/sitemaps/1.xml").text
    # Visitors read it on a page that no search engine may index.
    assert TEXT in client.get(ANSWERS).text
    assert client.get(ANSWERS).headers["X-Robots-Tag"] == "noindex"
    post.indexed = True
    session.commit()
    wanted = {PAGE, f"markup of {PAGE}", "/conditions/dystonia", FEED}
    assert _where_it_stands(app, client) == wanted
    assert PAGE in client.get("/sitemaps/1.xml").text
    post.indexed = False
    session.commit()
    assert _where_it_stands(app, client) == set()


def test_a_story_is_found_once_its_writer_allowed_it(
    app: Flask, client: FlaskClient, session: Session, make_condition: Callable[..., Any]
) -> None:
    condition = make_condition("dystonia")
    make_question(session, condition)
    story = make_post(session, condition, title="A story", indexed=False)
    session.commit()
    assert _where_it_stands(app, client) == set()
    story.indexed = True
    session.commit()
    assert FEED in _where_it_stands(app, client)
