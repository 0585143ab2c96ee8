"""Errors become answers here, and only here: a page for people, a problem document for programs."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import (
    Flask,
    Response,
    json,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from mapapp.errors import (
    BadInputError,
    DataError,
    LimitError,
    MapappError,
    NotAllowedError,
    NotFoundError,
)
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import SAFE_METHODS, forget_work
from mapapp.web.core.security import left_meanwhile, sign_out_browser
from mapapp.web.core.written import has_text, refused_form

FOR_PROGRAMS = "/api/"
"""So begin the addresses that programs read."""
PROBLEM_TYPE = "application/problem+json"

STATUS: dict[type[MapappError], int] = {
    BadInputError: 400,
    NotAllowedError: 403,
    NotFoundError: 404,
    LimitError: 429,
    DataError: 500,
}


def init_failures(app: Flask) -> None:
    """Answer every error, ours, Flask's or unexpected, with words and a next step."""
    app.register_error_handler(MapappError, _our_error)
    app.register_error_handler(HTTPException, http_error)


def status_of(error: MapappError) -> int:
    """Return the status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _our_error(error: MapappError) -> Response:
    return refuse(status_of(error), translated(error))


def problem(code: int, detail: str, parameters: Sequence[dict[str, str]] = ()) -> str:
    """Return a problem document as RFC 9457 describes it, a line of JSON.

    Args:
        code: the status of the answer.
        detail: what is wrong and what to do, in the reader's language.
        parameters: each that is wrong: its ``name``, where it stands (``in``), and a ``detail``.
    """
    told: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail,
    }
    if parameters:
        told["parameters"] = list(parameters)
    return json.dumps(told) + "\n"


def http_error(error: HTTPException) -> Response:
    """Answer an error of Flask or of a form with its words."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    code = error.code or 500
    words = refused_form() if isinstance(error, CSRFError) else _words_for(code)
    response = refuse(code, words)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def unforeseen() -> Response:
    """Return the answer to an error that nothing foresaw; what was begun is rolled back before."""
    return refuse(500, our_mistake())


def our_mistake() -> str:
    """Return what is said when the fault is ours."""
    if request.method in SAFE_METHODS:
        return str(_("Something went wrong on our side. Please try again in a few minutes."))
    # The fault may have come after the change was stored, so nothing is promised about it.
    return str(
        _(
            "Something went wrong on our side. Before you try again, please check whether what "
            "you did was saved."
        )
    )


def _words_for(code: int) -> str:
    words = {
        400: _("We could not understand what was sent. Go back and try again."),
        403: _("You do not have access to this page."),
        404: _("There is no page at this address. It may have moved, or never existed."),
        405: _(
            "This page only works with the button that leads to it. Go back and press it there."
        ),
        408: _("What you sent did not arrive in time. Nothing was saved. Please try again."),
        410: _("This link no longer works."),
        413: _(
            "That was too large, so nothing was saved. Go back: your text may still be in the "
            "form. Shorten it and send it again."
        ),
        414: _("This address is too long. Go back and try with less text."),
        429: _("That was a lot in a short time. Please try again a little later."),
    }
    return str(words.get(code) or (our_mistake() if code >= 500 else words[400]))


def refuse(code: int, message: str, parameters: Sequence[dict[str, str]] = ()) -> Response:
    """Return the answer to a request that failed; ``parameters`` as in ``problem``."""
    # Before the page asks the database: it must not see what is refused, nor hold its locks.
    forget_work()
    if left_meanwhile():
        sign_out_browser()
        if not has_text():
            return make_response(redirect(url_for("account.erased"), 303))
        code, message = 403, _("This account has been erased, so this was not sent.")
    if request.path.startswith(FOR_PROGRAMS):
        response = Response(problem(code, message, parameters), mimetype=PROBLEM_TYPE)
    else:
        response = make_response(render_template("error.html", code=code, message=message))
    response.status_code = code
    return response
