"""What every visitor reads alike is kept as finished bytes, and sent before Flask is asked.

Nothing personal can be in it: the request has no cookie, the answer sets none, and the page is one
of those below, which name nobody. Each request asks the database whether anything changed since.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import Engine
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from mapapp.domain.core.dates import this_day
from mapapp.settings import Settings
from mapapp.store.public_version import PublicVersion
from mapapp.web.core.request_session import db
from mapapp.web.core.serving import LATE
from mapapp.web.published.finished_store import (
    Answer,
    FinishedStore,
    Key,
    State,
    Turns,
    answer_of,
    known_tag,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LISTS = ("letter", "group", "page")
FINISHED: dict[str, tuple[str, ...]] = {
    # Texts of the program, the same until the next release.
    "pages.how_we_count": (),
    "pages.privacy": (),
    "pages.credits": (),
    "search_engines.robots": (),
    "api.area": (),
    # Published numbers, and names of conditions.
    "pages.show_home": (),
    "maps.show_map": (),
    "map_files.everywhere": (),
    "map_files.page": (),
    "map_files.picture": (),
    "api.counts": ("level", "under", "include"),
    "conditions.list_conditions": LISTS,  # what somebody types into the search is not kept
    # Numbers, and what members wrote for everyone to find: without a name (``newest_answers``).
    "conditions.show_condition": (),
    "feeds.condition_feed": (),
    # Titles of questions, and addresses of pages.
    "questions.list_questions": (),
    "search_engines.sitemap": (),
    "search_engines.sitemaps": (),
}
"""The pages whose answers are kept, each with the parameters that its address may have.

Not here: pages that name people, which are metered for each reader (areas, near me, stories,
answers, and a question, which also counts its reads); numbers that change between publications
(treatments); what somebody types; pages of members and staff; forms.
"""
NAMES_PEOPLE = "mapapp.names_people"
"""The entry of the WSGI environment that says that an answer is metered: it is never kept."""
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
FOR_MAKING = ("HTTP_HOST", "HTTP_X_FORWARDED_")
"""What an answer is made with, of all that a browser says: where from and to, for limits."""
LONGEST_HEADER = 200  # characters of one that is looked at here
LONGEST_ADDRESS = 300
PARTS = {"int": r"\d{1,9}", "": r"[a-z0-9_-]+"}
"""What stands in an address of these pages; capitals and the like lead elsewhere."""
_QUERY = re.compile(r"([a-z]+)=[^&;#]*")


def init_finished(app: Flask, settings: Settings) -> None:
    """Put the finished answers in front of ``app``, if they are wanted; called last."""
    if settings.finished:
        answers = FinishedAnswers(app, app.wsgi_app, settings.offered_languages)
        app.extensions["mapapp_finished"] = answers
        app.wsgi_app = answers  # type: ignore[method-assign]


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


class FinishedAnswers:
    """A WSGI application in front of the site."""

    def __init__(self, app: Flask, site: "WSGIApplication", languages: tuple[str, ...]) -> None:
        self.is_on = True
        self.store = FinishedStore()
        self._turns = Turns()
        self._app, self._site = app, site
        self._languages = languages
        self._algorithms = tuple(app.config["COMPRESS_ALGORITHM"])
        self._path = _paths(app)
        with app.app_context():
            self._engines = db.engines
        self._watched: tuple[Engine, PublicVersion] | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer from what is kept; let the site answer everything else."""
        asked = self._asked(environ) if self.is_on else None
        state = self._state() if asked else None
        if asked is None or state is None:
            return self._site(environ, start_response)
        answer = self.store.get(state, asked.key)
        if answer is None and self._is_kept(environ):
            made = self._made(environ, asked, state)
            if made is not None and not isinstance(made, Answer):
                return made(start_response)
            answer = made
        if answer is None:
            return self._site(environ, start_response)
        return _send(answer, asked, start_response)

    def _asked(self, environ: "WSGIEnvironment") -> Asked | None:
        """Return what is asked for; None for anything unusual."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        query = environ.get("QUERY_STRING", "")
        if method not in {"GET", "HEAD"} or not NOT_USUAL.isdisjoint(environ):
            return None
        if len(path) + len(query) > LONGEST_ADDRESS or not self._path.fullmatch(path):
            return None
        if environ.get("SCRIPT_NAME") or environ.get("CONTENT_LENGTH", "") not in {"", "0"}:
            return None
        language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self._languages)
        encodings = _encodings(environ.get("HTTP_ACCEPT_ENCODING", ""), self._algorithms)
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        if language is None or encodings is None or len(known) > LONGEST_HEADER or "*" in known:
            return None
        return Asked((path, query, language, encodings), known, method == "HEAD")

    def _state(self) -> State | None:
        """Return what all answers depend on beside the request; None if it cannot be told."""
        engine = self._engines["default"]
        watched = self._watched
        if watched is None or watched[0] is not engine:
            watched = self._watched = (engine, PublicVersion(engine))
        version = watched[1].now()
        # Pages say "today". The engine tells sites apart where a process has several in turn.
        return None if version is None else (engine, version, this_day())

    def _is_kept(self, environ: "WSGIEnvironment") -> bool:
        """Whether this page is in the table, with the parameters of this address."""
        adapter = self._app.url_map.bind("")
        try:
            endpoint, _values = adapter.match(environ["PATH_INFO"], method="GET")
        except HTTPException:
            return False
        allowed = FINISHED.get(str(endpoint))
        if allowed is None:
            return False
        query = environ.get("QUERY_STRING", "")
        names = [found[1] if (found := _QUERY.fullmatch(part)) else "" for part in query.split("&")]
        return not query or (set(names) <= set(allowed) and len(set(names)) == len(names))

    def _made(
        self, environ: "WSGIEnvironment", asked: Asked, state: State
    ) -> "Answer | Callable[[StartResponse], Iterable[bytes]] | None":
        """Make the answer, or wait for who makes it; None: let the site answer this request."""
        what = (state, asked.key)
        if not self._turns.begin(what):
            return self.store.get(state, asked.key)
        try:
            given = _for_making(environ, asked.key)
            said, body = _whole(self._site, given)
            answer = _kept(said, body, given)
            if answer is not None:
                self.store.put(state, asked.key, answer)
                return answer
        finally:
            self._turns.end(what)
        if asked.is_head or asked.known:
            return None
        return lambda start_response: _passed_on(said, body, start_response)


def _send(answer: Answer, asked: Asked, start_response: "StartResponse") -> list[bytes]:
    tag = known_tag(answer, asked.known) if asked.known else ""
    start_response("304 NOT MODIFIED" if tag else "200 OK", answer.headers_now(tag))
    return [] if tag or asked.is_head else [answer.body]


def _paths(app: Flask) -> re.Pattern[str]:
    """Return the pattern of all addresses of the pages in the table."""
    found = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in FINISHED]
    return re.compile("|".join(_pattern(rule) for rule in found))


def _pattern(rule: str) -> str:
    pieces = re.split(r"<(?:(\w+):)?\w+>", rule)
    found = [re.escape(pieces[0])]
    for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
        found += [PARTS[kind or ""], re.escape(text)]
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


def _for_making(environ: "WSGIEnvironment", key: Key) -> "WSGIEnvironment":
    """Return the request as the one who asks for the whole page, and says no more than needed."""
    _path, _query, language, encodings = key
    given = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name.startswith(FOR_MAKING)
    }
    given["REQUEST_METHOD"] = "GET"
    given["HTTP_ACCEPT_LANGUAGE"] = language.replace("_", "-")
    given["HTTP_ACCEPT_ENCODING"] = encodings
    return given


def _whole(site: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[list[Any], bytes]:
    """Return what the site says first, and all bytes of its answer."""
    said: list[Any] = []

    def _note(*given: Any) -> Any:
        said[:] = given

    pieces = site(environ, _note)
    try:
        return said, b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()


def _kept(said: list[Any], body: bytes, environ: "WSGIEnvironment") -> Answer | None:
    """Return the answer if it is one for everybody, and names nobody."""
    status, headers = said[0], list(said[1])
    named = {name.lower(): value for name, value in headers}
    is_for_all = "set-cookie" not in named and "no-store" not in named.get("cache-control", "")
    if not status.startswith("200 ") or not is_for_all or NAMES_PEOPLE in environ:
        return None
    return answer_of(headers, body)


def _passed_on(said: list[Any], body: bytes, start_response: "StartResponse") -> list[bytes]:
    status, headers = said[0], said[1]
    start_response(status, headers)
    return [body]
