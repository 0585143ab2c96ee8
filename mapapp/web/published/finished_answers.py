"""What every visitor reads alike is kept as finished bytes, and sent before Flask is asked.

Nothing personal can be in it: the request has no cookie, the answer sets none, and the page is one
of those in ``finished_pages``. Each request asks the database whether anything changed since. Where
an answer names people, each reader is metered before it leaves, as Flask would do it.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import Engine

from mapapp.domain.core.dates import this_day
from mapapp.settings import Settings
from mapapp.store.public_version import PublicVersion
from mapapp.web.core.request_session import db
from mapapp.web.published.finished_pages import NAMES_PEOPLE, READ, Asked, FinishedPages
from mapapp.web.published.finished_store import (
    Answer,
    FinishedStore,
    Key,
    Meter,
    Named,
    State,
    Turns,
    answer_of,
    known_tag,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOR_MAKING = ("HTTP_HOST", "HTTP_X_FORWARDED_")
"""What an answer is made with, of all that a browser says: where from and to, for limits."""


def init_finished(app: Flask, settings: Settings, meter: Meter) -> None:
    """Put the finished answers in front of ``app``, if they are wanted; called last."""
    if settings.finished:
        answers = FinishedAnswers(app, settings, meter)
        app.extensions["mapapp_finished"] = answers
        app.wsgi_app = answers  # type: ignore[method-assign]


def at_once(app: Flask) -> "Callable[[WSGIEnvironment], WSGIApplication | None] | None":
    """Return what answers requests to ``app`` without any waiting, if anything does."""
    answers: FinishedAnswers | None = app.extensions.get("mapapp_finished")
    return answers.at_once if answers else None


def forget_finished(app: Flask) -> None:
    """Forget what was made before the processes of a server fork."""
    answers: FinishedAnswers | None = app.extensions.get("mapapp_finished")
    if answers:
        answers.start_anew()


class FinishedAnswers:
    """A WSGI application in front of the site."""

    def __init__(self, app: Flask, settings: Settings, meter: Meter) -> None:
        self.is_on = True
        self.store = FinishedStore()
        self._turns = Turns()
        self._site: WSGIApplication = app.wsgi_app
        self._pages = FinishedPages(app, settings.offered_languages)
        self._meter = meter
        with app.app_context():
            self._engines = db.engines
        self._watched: tuple[Engine, PublicVersion] | None = None

    def start_anew(self) -> None:
        """Forget what was made and close the connection: no two processes can use one."""
        if self._watched is not None:
            self._watched[1].close()
        self._watched, self.store = None, FinishedStore()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer from what is kept; let the site answer everything else."""
        asked = self._pages.asked(environ) if self.is_on else None
        state = self._state() if asked else None
        if asked is None or state is None:
            return self._site(environ, start_response)
        answer = self.store.get(state, asked.key)
        if answer is not None and not self._may_read(answer, environ, state):
            return self._site(environ, start_response)
        if answer is None and self._pages.has(environ):
            made = self._made(environ, asked, state)
            if made is not None and not isinstance(made, Answer):
                return made(start_response)
            answer = made
        if answer is None:
            return self._site(environ, start_response)
        _say_what_is_read(environ, answer.question_id)
        return _send(answer, asked, start_response)

    def at_once(self, environ: "WSGIEnvironment") -> "WSGIApplication | None":
        """Return what sends the answer where it is there and asking for changes takes no time."""
        if self._engines["default"].dialect.name != "sqlite":
            return None  # asking goes over a network
        asked = self._pages.asked(environ) if self.is_on else None
        state = self._state() if asked else None
        answer = self.store.get(state, asked.key) if asked and state else None
        if asked is None or state is None or answer is None:
            return None
        if answer.question_id is not None:
            return None  # to count it can take time
        if answer.named and not self._meter.knows(state, answer.named, environ):
            return None  # to note it, too
        return lambda _environ, start_response: _send(answer, asked, start_response)

    def _state(self) -> State | None:
        """Return what all answers depend on beside the request; None if it cannot be told."""
        engine = self._engines["default"]
        watched = self._watched
        if watched is None or watched[0] is not engine:
            watched = self._watched = (engine, PublicVersion(engine))
        version = watched[1].now()
        # Pages say "today". The engine tells sites apart where a process has several in turn.
        return None if version is None else (engine, version, this_day())

    def _may_read(self, answer: Answer, environ: "WSGIEnvironment", state: State) -> bool:
        """Whether this reader may have it; whom it names is noted, as Flask would have done."""
        if answer.named is None or self._meter.knows(state, answer.named, environ):
            return True
        # It may have waited for others who write, and they may have taken somebody away.
        is_let = self._meter.lets(state, answer.named, environ)
        return is_let and self._state() == state

    def _made(
        self, environ: "WSGIEnvironment", asked: Asked, state: State
    ) -> "Answer | Callable[[StartResponse], Iterable[bytes]] | None":
        """Make the answer, or wait for who makes it; None: let the site answer this request."""
        what = (state, asked.key)
        if not self._turns.begin(what):
            found = self.store.get(state, asked.key)
            return found if found and self._may_read(found, environ, state) else None
        try:
            given = _for_making(environ, asked.key)
            said, body = _whole(self._site, given)
            answer = _kept(said, body, given)
            if answer is not None:
                self.store.put(state, asked.key, answer)
                if answer.named:
                    self._meter.remember(state, answer.named, environ)
                return answer
        finally:
            self._turns.end(what)
        if asked.is_head or asked.known:
            return None
        _say_what_is_read(environ, given.get(READ))
        return lambda start_response: _passed_on(said, body, start_response)


def _say_what_is_read(environ: "WSGIEnvironment", question_id: int | None) -> None:
    if question_id is not None:
        environ[READ] = question_id


def _send(answer: Answer, asked: Asked, start_response: "StartResponse") -> list[bytes]:
    tag = known_tag(answer, asked.known) if asked.known else ""
    start_response("304 NOT MODIFIED" if tag else "200 OK", answer.headers_now(tag))
    return [] if tag or asked.is_head else [answer.body]


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
    """Return the answer if it is one for everybody."""
    status, headers = said[0], list(said[1])
    named = {name.lower(): value for name, value in headers}
    is_for_all = "set-cookie" not in named and "no-store" not in named.get("cache-control", "")
    names = environ.get(NAMES_PEOPLE)
    is_for_all = is_for_all and (names is None or isinstance(names, Named))
    if not status.startswith("200 ") or not is_for_all:
        return None
    return answer_of(headers, body, names, environ.get(READ))


def _passed_on(said: list[Any], body: bytes, start_response: "StartResponse") -> list[bytes]:
    status, headers = said[0], said[1]
    start_response(status, headers)
    return [body]
