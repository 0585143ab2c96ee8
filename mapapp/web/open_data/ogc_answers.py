"""The answers of a condition's OGC service: a page for people, or JSON for programs of any site."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from mapapp.actions.published.listings import FoundCondition
from mapapp.errors import BadInputError, MapappError
from mapapp.web.core.conditional_get import tagged
from mapapp.web.core.failures import PROBLEM_TYPE, http_error, problem, status_of
from mapapp.web.core.layout import absolute_url
from mapapp.web.core.locale import current_locale, translated
from mapapp.web.core.request_session import forget_work
from mapapp.web.open_data.ogc_questions import wants_page

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"

Link = dict[str, str]
Document = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What an answer shows.

    Attributes:
        template: of the page for people.
        document: makes what programs read, or its bytes; the page is made from it, too.
        media_type: of what programs read.
        parts: all that it depends on, beside condition and language.
    """

    template: str
    document: Callable[[], Document | bytes]
    media_type: str = JSON
    parts: Iterable[object] = ()


def shown(condition: FoundCondition, what: Shown, **values: Any) -> Response:
    """Answer in the form that is asked for; ``values`` are for the page alone."""
    if wants_page():
        found = what.document()
        document = json.loads(found) if isinstance(found, bytes) else found
        page = render_template(what.template, condition=condition, document=document, **values)
        return _negotiated(make_response(page))
    about = (condition.id, condition.slug, condition.name, condition.version)
    parts = (request.full_path, *about, str(current_locale()), *what.parts)
    response = tagged(parts, lambda: _for_programs(what))
    response.headers["Vary"] = "Accept-Language"  # who asks is not looked up
    return _negotiated(response)


def _for_programs(what: Shown) -> ResponseReturnValue:
    found = what.document()
    body = found if isinstance(found, bytes) else json.dumps(found, ensure_ascii=False)
    return Response(body, content_type=what.media_type)


def _negotiated(response: Response) -> Response:
    if "f" not in request.args:
        response.vary.add("Accept")
    return response


def link(rel: str, media_type: str, title: str, endpoint: str, **values: Any) -> Link:
    """Return a link to a page of the service in one form."""
    [rule] = current_app.url_map.iter_rules(endpoint)
    here = {k: v for k, v in (request.view_args or {}).items() if k in rule.arguments}
    form = "html" if media_type == HTML else "json"
    href = absolute_url(endpoint, **(here | values), f=form)
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def _problem(code: int, detail: str) -> Response:
    return Response(problem(code, detail), status=code, mimetype=PROBLEM_TYPE)


def refused(error: MapappError) -> Response:
    """Answer one of our errors in the form that is asked for."""
    forget_work()
    if not _for_people():
        return _problem(status_of(error), translated(error))
    page = render_template("error.html", code=status_of(error), message=translated(error))
    return make_response(page, status_of(error))


def http_refused(error: HTTPException) -> Response:
    """Answer an error of Flask alike."""
    answer = http_error(error)
    if _for_people() or answer.status_code < 400:
        return answer
    return _problem(answer.status_code, error.description or "")


def _for_people() -> bool:
    try:
        return wants_page()
    except BadInputError:
        return False


def open_to_other_sites(response: Response) -> Response:
    """Let pages of other sites read the numbers; they are the same for everyone."""
    if not _for_people():  # a 304 has no kind of its own
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
