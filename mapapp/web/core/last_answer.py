"""The answer when even the page for our mistakes fails: made at the start, and only sent.

It asks nothing of the database, the session or the templates, because one of them has failed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, render_template
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from mapapp.settings import Settings
from mapapp.web.core.failures import FOR_PROGRAMS, PROBLEM_TYPE, our_mistake, problem
from mapapp.web.core.headers import headers_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

KEY = "mapapp_last_answers"


@dataclass(frozen=True)
class LastAnswer:
    """What is sent in one language: to people, and to programs."""

    page: str
    data: str


def init_last_answer(app: Flask, settings: Settings) -> None:
    """Make the answer in each language of the site; called last, when templates can be used."""
    app.extensions[KEY] = {
        (language, is_act): _made(app, language, "POST" if is_act else "GET")
        for language in settings.offered_languages
        for is_act in (False, True)
    }


def last_answer(app: Flask, environ: "WSGIEnvironment") -> Response:
    """Return the answer to a request of which nothing is known but what was sent."""
    made: dict[tuple[str, bool], LastAnswer] = app.extensions[KEY]
    languages = [language for language, _is_act in made]
    asked = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""), LanguageAccept)
    is_act = environ.get("REQUEST_METHOD", "") == "POST"
    answer = made[asked.best_match(languages, languages[0]) or languages[0], is_act]
    is_program = str(environ.get("PATH_INFO", "")).startswith(FOR_PROGRAMS)
    response = Response(
        answer.data if is_program else answer.page,
        status=500,
        mimetype=PROBLEM_TYPE if is_program else "text/html",
    )
    settings: Settings = app.extensions["mapapp_settings"]
    response.headers.update(headers_of(settings))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _made(app: Flask, language: str, method: str) -> LastAnswer:
    wanted = {"Accept-Language": language.replace("_", "-")}
    with app.test_request_context(method=method, headers=wanted):
        message = our_mistake()
        page = render_template("last_answer.html", message=message)
    return LastAnswer(page, problem(500, message))
