"""What stands under a link elsewhere: each page describes itself, and some have a picture."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.web.core.headers import FOR_SEARCH_ENGINES
from tests import factories
from tests.finished import fill_pages
from tests.searchable import PAGE

PAGES = {
    "pages.show_home": "/",
    "pages.how_we_count": "/how-we-count",
    "pages.privacy": "/privacy",
    "pages.credits": "/credits",
    "conditions.list_conditions": "/conditions",
    "conditions.show_condition": "/conditions/dystonia",
    "maps.show_map": "/conditions/dystonia/map",
    "questions.list_questions": "/conditions/dystonia/questions",
    "questions.show_question": PAGE,
    "questions.answers": f"{PAGE}/answers",
    "questions.search_all_questions": "/questions?q=dystonia",
    "areas.show_area": "/conditions/dystonia/areas/DE",
    "nearby.show_nearby": "/conditions/dystonia/nearby",
    "stories.list_stories": "/conditions/dystonia/stories",
    "statistics.show_country": "/conditions/dystonia/statistics/DE",
    "statistics.show_statistics": "/conditions/dystonia/statistics",
    "treatments.show_treatments": "/conditions/dystonia/treatments",
    "accounts.sign_in": "/sign-in",
    "api_pages.show_api": "/api",
}
CARDS = {
    "/": "/card.png",
    "/conditions/dystonia": "/conditions/dystonia/card.png",
    "/conditions/dystonia/map": "/conditions/dystonia/card.png",
}
SITE = "http://127.0.0.1:8000"
EVIL = '"><script>alert(1)</script>'
LONGEST = 303


def _meta(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    tags = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    for name, value in tags:
        found.setdefault(name, []).append(unescape(value))
    return found


def test_each_page_describes_itself_once(client: FlaskClient, session: Session) -> None:
    assert PAGES.keys() >= FOR_SEARCH_ENGINES
    fill_pages(session)
    found = {}
    for path in PAGES.values():
        response = client.get(path)
        assert response.status_code == 200, path
        (found[path],) = _meta(response.text)["description"]
    assert all(0 < len(words) <= LONGEST for words in found.values()), found
    assert len(set(found.values())) == len(found)
    assert not [words for words in found.values() if "Person" in words or "Berlin" in words]


def test_a_map_describes_itself_by_its_numbers(client: FlaskClient, session: Session) -> None:
    fill_pages(session)
    words = _meta(client.get("/conditions/dystonia/map").text)["description"]
    assert words[0].startswith("Dystonia: 3 people in 2 countries have joined this map.")
    factories.make_condition(session, "gout", name="Gout")
    session.commit()
    empty = _meta(client.get("/conditions/gout/map").text)["description"]
    assert empty[0].startswith("The map of people with Gout. Nobody has joined yet")


@pytest.mark.parametrize("path", CARDS)
def test_a_page_to_be_shown_has_a_picture(client: FlaskClient, session: Session, path: str) -> None:
    fill_pages(session)
    response = client.get(path, headers={"Host": "evil.example"})
    assert "evil.example" not in response.text
    said = _meta(response.text)
    assert said["og:image"] == [SITE + CARDS[path]]
    assert said["og:url"] == [SITE + path]
    assert said["twitter:card"] == ["summary_large_image"]
    assert said["og:description"] == said["description"]
    assert (said["og:image:width"], said["og:image:height"]) == (["1200"], ["630"])
    assert client.get(CARDS[path]).mimetype == "image/png"


def test_no_other_page_has_one(client: FlaskClient, session: Session) -> None:
    fill_pages(session)
    others = set(PAGES.values()) - CARDS.keys()
    assert [path for path in others if "og:image" in client.get(path).text] == []


def test_a_name_stays_inside_its_quotes(client: FlaskClient, session: Session) -> None:
    factories.make_condition(session, "evil", name=EVIL)
    session.commit()
    for path in ("/conditions/evil", "/conditions/evil/map", "/conditions/evil/nearby"):
        page = client.get(path).text
        assert EVIL not in page
        assert EVIL in _meta(page)["description"][0]
