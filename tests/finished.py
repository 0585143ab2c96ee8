"""What tests of finished answers share: a site with something on each page, and two ways to ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.web.published.finished_answers import FinishedAnswers
from mapapp.web.published.finished_store import FinishedStore
from tests.searchable import KEY, make_editorial, make_post, make_question
from tests.worlds import fill

STORY = "6f1c9a52-4f0e-4e1b-9a55-0d1a2b3c4d5e"
ADDRESSES: dict[str, tuple[str, ...]] = {
    "pages.how_we_count": ("/how-we-count",),
    "pages.privacy": ("/privacy",),
    "pages.credits": ("/credits",),
    "search_engines.robots": ("/robots.txt",),
    "api_areas.show_area": ("/api/v1/areas/0",),
    "api_index.list_operations": ("/api/v1/",),
    "api_index.show_document": ("/api/v1/openapi.json",),
    "api_pages.show_api": ("/api",),
    "api_conditions.show_condition": ("/api/v1/conditions/dystonia",),
    "api_conditions.show_family": ("/api/v1/conditions/dystonia/family",),
    "api_numbers.show_statistics": ("/api/v1/conditions/dystonia/statistics",),
    "pages.show_home": ("/",),
    "maps.show_map": ("/conditions/dystonia/map", "/conditions/dystonia/map?by=rate"),
    "map_files.everywhere": ("/map.svg",),
    "map_files.page": ("/conditions/dystonia/map.html",),
    "map_files.picture": ("/conditions/dystonia/map.svg",),
    "share_files.card": ("/conditions/dystonia/card.png",),
    "share_files.poster": ("/conditions/dystonia/poster.pdf",),
    "statistics.show_country": ("/conditions/dystonia/statistics/DE",),
    "statistics.show_statistics": ("/conditions/dystonia/statistics",),
    "ogc.definition": ("/conditions/dystonia/ogc/api?f=json",),
    "ogc.list_collections": ("/conditions/dystonia/ogc/collections?f=html",),
    "ogc.list_items": (
        "/conditions/dystonia/ogc/collections/countries/items?f=json",
        "/conditions/dystonia/ogc/collections/regions/items?limit=9&f=html",
    ),
    "ogc.schema": ("/conditions/dystonia/ogc/collections/zones/schema?f=json",),
    "ogc.show_collection": ("/conditions/dystonia/ogc/collections/zones?f=json",),
    "ogc.show_conformance": ("/conditions/dystonia/ogc/conformance?f=html",),
    "ogc.show_landing": ("/conditions/dystonia/ogc?f=html", "/conditions/dystonia/ogc?f=json"),
    "treatments.show_treatments": ("/conditions/dystonia/treatments",),
    "share_files.site_card": ("/card.png",),
    "comparing.choose_other": ("/conditions/dystonia/compare",),
    "comparing.show_both": ("/conditions/dystonia/compare/a-condition-nobody-asked-about",),
    "sharing.embed": ("/embed/conditions/dystonia",),
    "sharing.show_ways": ("/conditions/dystonia/share",),
    "api_numbers.show_counts": (
        "/api/v1/conditions/dystonia/counts?level=country",
        "/api/v1/conditions/dystonia/counts?level=zone&under=0&include=points",
    ),
    "conditions.list_conditions": ("/conditions", "/conditions?letter=D"),
    "conditions.show_condition": ("/conditions/dystonia",),
    "feeds.condition_feed": ("/conditions/dystonia/feed.atom",),
    "questions.list_questions": ("/conditions/dystonia/questions",),
    "questions.show_question": (f"/conditions/dystonia/questions/{KEY}",),
    "questions.answers": (
        f"/conditions/dystonia/questions/{KEY}/answers",
        f"/conditions/dystonia/questions/{KEY}/answers?order=newest&role=self",
    ),
    "stories.list_stories": ("/conditions/dystonia/stories",),
    "stories.show_story": (f"/conditions/dystonia/stories/{STORY}",),
    "areas.show_area": ("/conditions/dystonia/areas/DE", "/conditions/dystonia/areas/DE-BE"),
    "maps.people_of_area": ("/conditions/dystonia/areas/DE-BE/people.json",),
    "search_engines.sitemap": ("/sitemap.xml",),
    "search_engines.sitemaps": ("/sitemaps/1.xml",),
}
"""Addresses of each page whose answers are kept."""
ALL = tuple(address for addresses in ADDRESSES.values() for address in addresses)
BROWSER = "gzip, deflate, br, zstd"
"""The encodings that browsers ask for."""

Whole = tuple[int, list[tuple[str, str]], bytes]


def answers_of(app: Flask) -> FinishedAnswers:
    """Return what stands in front of the site."""
    found: FinishedAnswers = app.extensions["mapapp_finished"]
    return found


def emptied(app: Flask) -> FinishedAnswers:
    """Return it without what other tests left."""
    answers = answers_of(app)
    answers.store = FinishedStore()
    return answers


@contextmanager
def without(app: Flask) -> Iterator[None]:
    """Let Flask answer everything."""
    answers = answers_of(app)
    answers.is_on = False
    try:
        yield
    finally:
        answers.is_on = True


def whole(
    client: FlaskClient, address: str, method: str = "GET", encoding: str = BROWSER, **more: str
) -> Whole:
    """Return everything that comes back."""
    headers = {"Accept-Encoding": encoding, **{k.replace("_", "-"): v for k, v in more.items()}}
    got: Any = client.open(address, method=method, headers=headers)
    return got.status_code, sorted(got.headers.items()), got.data


def fill_pages(session: Session) -> Condition:
    """Make a condition with people, a question with answers of both kinds, and a story."""
    condition: Condition = fill(session)
    question_id = make_question(session, condition)
    make_editorial(session, question_id)
    make_post(session, condition, question_id)
    make_post(session, condition, question_id, named_to="public")
    make_post(session, condition, title="My second year", public_id=STORY, named_to="public")
    session.commit()
    return condition
