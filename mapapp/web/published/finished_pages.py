"""Which answers are kept, and which requests a kept answer suits."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from mapapp.web.core.serving import LATE
from mapapp.web.published.finished_store import Key

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LISTED_PAGES = ("letter", "group", "page")
FINISHED: dict[str, tuple[str, ...]] = {
    # Texts of the program, the same until the next release.
    "pages.how_we_count": (),
    "pages.privacy": (),
    "pages.credits": (),
    "search_engines.robots": (),
    "api_areas.show_area": (),
    "api_index.list_operations": (),
    "api_index.show_document": (),
    "api_pages.show_api": (),
    # Published numbers, and names of conditions.
    "pages.show_home": (),
    "maps.show_map": ("by",),
    "map_files.everywhere": (),
    "map_files.page": (),
    "map_files.picture": (),
    "share_files.card": (),
    "share_files.poster": (),
    "share_files.site_card": (),
    "comparing.choose_other": (),  # what somebody types is not kept
    "comparing.show_both": (),
    "statistics.show_country": ("by",),
    "statistics.show_statistics": ("by",),
    "ogc.definition": ("f",),
    "ogc.list_collections": ("f",),
    "ogc.list_items": ("f", "limit"),  # first pages: further ones would take the room of all else
    "ogc.schema": ("f",),
    "ogc.show_collection": ("f",),
    "ogc.show_conformance": ("f",),
    "ogc.show_landing": ("f",),
    "treatments.show_treatments": (),
    "sharing.embed": (),
    "sharing.show_ways": (),
    "api_numbers.show_counts": ("level", "under", "include"),
    "api_conditions.show_condition": (),
    "api_conditions.show_family": (),
    "api_numbers.show_statistics": (),
    "conditions.list_conditions": LISTED_PAGES,  # what somebody types into the search is not kept
    # Numbers, and what members wrote for everyone to find: without a name (``newest_answers``).
    "conditions.show_condition": (),
    "feeds.condition_feed": (),
    # Numbers, and people: metered for each reader before they leave.
    "areas.show_area": (),
    "maps.people_of_area": (),
    # Titles of questions, and addresses of pages.
    "questions.list_questions": (),
    # What members wrote, and their names where they allowed that: metered alike.
    "questions.show_question": (),
    "questions.answers": ("order", "role"),
    "stories.list_stories": (),
    "stories.show_story": (),
    "search_engines.sitemap": (),
    "search_engines.sitemaps": (),
}
"""The pages whose answers are kept, each with the parameters that its address may have.

Not here: what somebody types or asks for (near me, further pages of a list); pages of members and
staff; forms.
"""
NAMES_PEOPLE = "mapapp.names_people"
"""The entry of the WSGI environment that says that an answer is metered.

It is the ``Named`` of an answer that shows all people it could. Any other value says that the
answer was made for one reader: it is never kept.
"""
NEGOTIATED = "f"
"""A page that takes this parameter chooses its form by ``Accept``, which no kept answer looks at,
unless the address says it: without it none is kept."""
READ = "mapapp.question_read"
"""The entry that says which question, by its number, an answer shows: its readers are counted."""
NOT_USUAL = frozenset(
    {
        "HTTP_AUTHORIZATION",
        "HTTP_COOKIE",
        "HTTP_IF_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_RANGE",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_RANGE",
        "HTTP_TRANSFER_ENCODING",
        LATE,
    }
)
"""Entries of the environment with which a request goes to Flask, whatever it asks for."""
LONGEST_HEADER = 200  # characters of one that is looked at here
LONGEST_PATH = 300
PARTS_KNOWN = {"int": r"\d{1,9}", "code": r"[A-Za-z0-9.-]+"}
"""What stands in an address of these pages, by converter or name."""
OTHER_PARTS = r"[a-z0-9_-]+"
"""Elsewhere capitals and the like lead to another address."""
_QUERY = re.compile(r"([a-z]+)=[^&;#]*")


@dataclass(frozen=True)
class Asked:
    """A request that a finished answer may suit.

    Attributes:
        key: path, query, language of the page, encodings: all that tells such answers apart.
        known: what ``If-None-Match`` says, '' for nothing.
        is_head: whether the head alone is wanted.
    """

    key: Key
    known: str
    is_head: bool


class FinishedPages:
    """The pages of ``app`` whose answers are kept."""

    def __init__(self, app: Flask, languages: tuple[str, ...]) -> None:
        self._map = app.url_map.bind("")
        self._languages = languages
        self._algorithms = tuple(app.config["COMPRESS_ALGORITHM"])
        self._path = _paths(app)

    def asked(self, environ: "WSGIEnvironment") -> Asked | None:
        """Return what is asked for; None for anything unusual."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        query = environ.get("QUERY_STRING", "")
        if method not in {"GET", "HEAD"} or not NOT_USUAL.isdisjoint(environ):
            return None
        if len(path) + len(query) > LONGEST_PATH or not self._path.fullmatch(path):
            return None
        if environ.get("SCRIPT_NAME") or environ.get("CONTENT_LENGTH", "") not in {"", "0"}:
            return None
        language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._languages)
        encodings = _encodings(environ.get("HTTP_ACCEPT_ENCODING", ""), self._algorithms)
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        if language is None or encodings is None or len(known) > LONGEST_HEADER or "*" in known:
            return None
        return Asked((path, query, language, encodings), known, method == "HEAD")

    def has(self, environ: "WSGIEnvironment") -> bool:
        """Whether this page is in the table, with the parameters of this address."""
        try:
            endpoint, _values = self._map.match(environ["PATH_INFO"], method="GET")
        except HTTPException:
            return False
        allowed = FINISHED.get(str(endpoint))
        if allowed is None:
            return False
        query = environ.get("QUERY_STRING", "")
        names = [found[1] if (found := _QUERY.fullmatch(part)) else "" for part in query.split("&")]
        if NEGOTIATED in allowed and NEGOTIATED not in names:
            return False
        return not query or (set(names) <= set(allowed) and len(set(names)) == len(names))


def _paths(app: Flask) -> re.Pattern[str]:
    """Return the pattern of all addresses of the pages in the table."""
    found = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in FINISHED]
    return re.compile("|".join(_pattern(rule) for rule in found))


def _pattern(rule: str) -> str:
    first, *pieces = re.split(r"<(?:(\w+):)?(\w+)>", rule)
    found = [re.escape(first)]
    for kind, name, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        found += [PARTS_KNOWN.get(kind or name, OTHER_PARTS), re.escape(text)]
    return "".join(found)


@lru_cache(maxsize=512)
def _language(header: str, offered: tuple[str, ...]) -> str | None:
    """Return the language that the site chooses for ``Accept-Language``, as it does itself."""
    if len(header) > LONGEST_HEADER:
        return None
    return parse_accept_header(header, LanguageAccept).best_match(offered, offered[0])


@lru_cache(maxsize=512)
def _encodings(header: str, algorithms: tuple[str, ...]) -> str | None:
    """Return which of the site's encodings are accepted; None if some are more welcome."""
    if len(header) > LONGEST_HEADER or ";" in header or "*" in header:
        return None
    taken = {one.strip().lower() for one in header.split(",")}
    return ", ".join(one for one in algorithms if one in taken)
