"""What search engines look at first: robots.txt and the sitemap."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from mapapp.actions.knowledge.sitemap_entries import answered_questions, conditions_with_people
from mapapp.errors import N_, NotFoundError
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.request_session import db
from mapapp.web.core.security import site_settings
from mapapp.web.published.xml_files import add, xml_answer

search_engines = Blueprint("search_engines", __name__)

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ADDRESSES_A_PART = 10_000
PAGES = (
    "pages.show_home",
    "pages.how_we_count",
    "pages.privacy",
    "pages.credits",
    "conditions.list_conditions",
)
A_SLUG, A_QUESTION = "-slug-", "-question-"  # no slug begins with a dash


@search_engines.get("/robots.txt")
@conditional
def robots() -> ResponseReturnValue:
    """Name the sitemap, and forbid nothing.

    Pages that must not be found say so themselves, with the header ``X-Robots-Tag: noindex``. A
    crawler that must not fetch a page never sees the header, and may still list the page's URL;
    and a list of forbidden URLs would show everyone where to look.
    """
    lines = ("User-agent: *", "Disallow:", "", f"Sitemap: {absolute_url('search_engines.sitemap')}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@search_engines.get("/sitemap.xml")
@conditional
def sitemap() -> ResponseReturnValue:
    """The parts of the sitemap."""
    root = ET.Element("sitemapindex", {"xmlns": NAMESPACE})
    parts = -(-len(_addresses()) // ADDRESSES_A_PART)
    for number in range(1, parts + 1):
        address = absolute_url("search_engines.sitemaps", number=number)
        add(add(root, "sitemap"), "loc", address)
    return xml_answer(root, "application/xml")


@search_engines.get("/sitemaps/<int:number>.xml")
@conditional
def sitemaps(number: int) -> ResponseReturnValue:
    """A part of the sitemap, in the order of the URLs.

    It does not say when pages last changed: that would reveal when a member came or left.
    """
    shown = _addresses()[max(0, number - 1) * ADDRESSES_A_PART :][:ADDRESSES_A_PART]
    if number < 1 or not shown:
        raise NotFoundError(N_("There is no part of the list with that number."))
    root, site = ET.Element("urlset", {"xmlns": NAMESPACE}), site_settings().base_url
    for address in shown:
        add(add(root, "url"), "loc", site + address)
    return xml_answer(root, "application/xml")


def _addresses() -> list[str]:
    """Return the path of every page in the sitemap."""
    joined, answered = conditions_with_people(db.session), answered_questions(db.session)
    asked_about = {condition for condition, _question in answered}
    found = [url_for(page) for page in PAGES]
    found += _of_conditions("conditions.show_condition", asked_about.union(joined))
    found += _of_conditions("maps.show_map", set(joined))
    found += _of_conditions("statistics.show_statistics", set(joined))
    found += _of_conditions("questions.list_questions", asked_about)
    # Made once and filled in: there may be some hundred thousand.
    pattern = url_for("questions.show_question", slug=A_SLUG, question=A_QUESTION)
    found += [pattern.replace(A_SLUG, c).replace(A_QUESTION, q) for c, q in answered]
    return sorted(found)


def _of_conditions(endpoint: str, slugs: set[str]) -> list[str]:
    pattern = url_for(endpoint, slug=A_SLUG)
    return [pattern.replace(A_SLUG, slug) for slug in slugs]
