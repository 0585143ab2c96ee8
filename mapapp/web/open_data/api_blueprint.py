"""What is true of all addresses of the public API.

Each is described where it is written, by the library that makes the document from that. What is
asked is checked against the same description.
"""

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, cast

from apiflask import APIBlueprint, HTTPError
from apiflask.scaffold import APIScaffold
from flask import Response, g, request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from mapapp.errors import Words
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.failures import http_error, refuse
from mapapp.web.open_data.api_asked import NO_JSON, REPEATED, ParameterError, told_parameters
from mapapp.web.open_data.api_shapes import Shape

P = ParamSpec("P")

API_PREFIX = "/api/v1"

ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
}
_DESCRIBED = APIScaffold()
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",  # seconds
}


def api_part(name: str) -> APIBlueprint:
    """Return a part of the API, to whose answers all of this applies."""
    part = APIBlueprint(name, __name__, url_prefix=API_PREFIX)
    part.before_request(_refuse_repeated)
    part.after_request(_open_to_other_sites)
    part.register_error_handler(ParameterError, _wrong_parameter)
    part.register_error_handler(HTTPError, _unlike_description)
    part.register_error_handler(BadRequest, _unreadable)
    part.register_error_handler(RecursionError, _unreadable)
    return part


def answered(
    shape: type[Shape], example: dict[str, Any], tag: str, summary: Words, description: Words
) -> Callable[[Callable[P, object]], Callable[P, Response]]:
    """Describe a view, make its answer of what it returns, and give that an ETag.

    Args:
        shape: what it returns, alone or with a status and headers.
        example: of an answer.
        tag: the part of the document in which it stands.
        summary: what it is for, in a few words.
        description: what to know of it.
    """

    def _describe(view: Callable[P, object]) -> Callable[P, Response]:
        named = {"tags": [tag], "operation_id": view.__name__}
        told = _DESCRIBED.doc(summary=summary, description=description, **named)(view)  # type: ignore[arg-type]
        return conditional(cast(Any, _DESCRIBED.output(shape, example=example)(told)))

    return _describe


def _refuse_repeated() -> None:
    """Refuse a parameter that stands twice in an address: one of them would count for nothing."""
    for name, values in request.args.lists():
        if len(values) > 1:
            raise ParameterError(name, REPEATED)


def _open_to_other_sites(response: Response) -> Response:
    """Let pages of other sites read what everybody may; none of it looks at the session.

    The header is the same for all of them, so that no answer differs by the site that asks.
    """
    reads = "GET" in (request.url_rule.methods or ()) if request.url_rule else False
    if reads and "account" not in g:  # else it looked who is there
        response.headers.update(ANY_SITE)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


def _refuse_named(wrong: Sequence[dict[str, str]]) -> Response:
    """Return a problem document that names the parameters which are wrong."""
    told = [f"{one['name']}: {one['detail']}" for one in wrong]
    return refuse(400, " ".join(told), wrong)


def _wrong_parameter(error: ParameterError) -> Response:
    """Name the parameter that cannot be used."""
    return _refuse_named([error.told()])


def _unlike_description(error: HTTPError) -> Response:
    """Name each parameter that is not as its description says."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        raise error
    return _refuse_named(told_parameters(cause, next(iter(error.detail))))


def _unreadable(error: BadRequest | RecursionError) -> Response:
    """Say that the body of a request is no JSON, or too deep."""
    if request.method == "POST":
        return _refuse_named([ParameterError("body", NO_JSON, "body").told()])
    if isinstance(error, RecursionError):
        raise error
    return http_error(error)
