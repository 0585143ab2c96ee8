"""Errors become answers here, and only here: a page for people, JSON under ``/api/``."""

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from mapapp.errors import (
    BadInputError,
    DataError,
    LimitError,
    MapappError,
    NotAllowedError,
    NotFoundError,
)

STATUS: dict[type[MapappError], int] = {
    BadInputError: 400,
    NotAllowedError: 403,
    NotFoundError: 404,
    LimitError: 429,
    DataError: 500,
}


def init_failures(app: Flask) -> None:
    """Answer every error of ours, of Flask's and of nobody's with words and a next step."""
    app.register_error_handler(MapappError, _our_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _unforeseen)


def status_of(error: MapappError) -> int:
    """Return the status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _our_error(error: MapappError) -> Response:
    return _answer(status_of(error), str(error))


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    code = error.code or 500
    response = _answer(code, _words_for(code))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _unforeseen(_error: Exception) -> Response:
    return _answer(500, _words_for(500))


def _words_for(code: int) -> str:
    words = {
        400: _("The page did not understand what was sent. Go back and try once more."),
        403: _("This page is not open to you."),
        404: _("There is no page at this address. It may have moved, or never existed."),
        405: _("This address does not take that kind of request."),
        413: _("That was too large to take."),
        429: _("That was a lot in a short time. Please try again a little later."),
    }
    return str(words.get(code) or _("Something went wrong on our side. Nothing was changed."))


def _answer(code: int, message: str) -> Response:
    if request.path.startswith("/api/"):
        response = jsonify({"error": message})
    else:
        response = make_response(render_template("error.html", code=code, message=message))
    response.status_code = code
    return response
