"""Where search engines look first: robots.txt, and the list of the pages that are for them."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from mapapp.actions.sitemap import answered_questions, conditions_with_people
from mapapp.errors import NotFoundError
from mapapp.web.conditional import conditional
from mapapp.web.database import db
from mapapp.web.markup import absolute_url
from mapapp.web.security import site_settings
from mapapp.web.xml_files import add, xml_answer

search_engines = Blueprint("search_engines", __name__)

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ADDRESSES_A_PART = 10_000
PAGES = ("pages.home", "pages.how_we_count", "pages.privacy", "pages.credits", "conditions.index")
A_SLUG, A_QUESTION = "-slug-", "-question-"  # no slug begins with a dash


@search_engines.get("/robots.txt")
@conditional
def robots() -> ResponseReturnValue:
    """Where the list of pages is; nothing is forbidden.

    What must not be found says so itself, by the header ``X-Robots-Tag: noindex``. Whoever is
    forbidden to fetch a page never reads that, and may list its address all the same; and a list
    of forbidden addresses would show everybody where to look.
    """
    lines = ("User-agent: *", "Disallow:", "", f"Sitemap: {absolute_url('search_engines.sitemap')}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@search_engines.get("/sitemap.xml")
@conditional
def sitemap() -> ResponseReturnValue:
    """The parts of the list."""
    root = ET.Element("sitemapindex", {"xmlns": NAMESPACE})
    parts = -(-len(_addresses()) // ADDRESSES_A_PART)
    for number in range(1, parts + 1):
        address = absolute_url("search_engines.sitemaps", number=number)
        add(add(root, "sitemap"), "loc", address)
    return xml_answer(root, "application/xml")


@search_engines.get("/sitemaps/<int:number>.xml")
@conditional
def sitemaps(number: int) -> ResponseReturnValue:
    """A part of the list, in the order of the addresses.

    It says of no page when it last changed: that would tell when somebody came or left.
    """
    shown = _addresses()[max(0, number - 1) * ADDRESSES_A_PART :][:ADDRESSES_A_PART]
    if number < 1 or not shown:
        raise NotFoundError("There is no part of the list with that number.")
    root, site = ET.Element("urlset", {"xmlns": NAMESPACE}), site_settings().base_url
    for address in shown:
        add(add(root, "url"), "loc", site + address)
    return xml_answer(root, "application/xml")


def _addresses() -> list[str]:
    """Return the address of every page that search engines are told of, without the site's."""
    joined, answered = conditions_with_people(db.session), answered_questions(db.session)
    asked_about = {condition for condition, _question in answered}
    found = [url_for(page) for page in PAGES]
    found += _of_conditions("conditions.show", asked_about.union(joined))
    found += _of_conditions("maps.show", set(joined))
    found += _of_conditions("questions.index", asked_about)
    # Made once and filled in: there may be some hundred thousand.
    pattern = url_for("questions.show", slug=A_SLUG, question=A_QUESTION)
    found += [pattern.replace(A_SLUG, c).replace(A_QUESTION, q) for c, q in answered]
    return sorted(found)


def _of_conditions(endpoint: str, slugs: set[str]) -> list[str]:
    pattern = url_for(endpoint, slug=A_SLUG)
    return [pattern.replace(A_SLUG, slug) for slug in slugs]
