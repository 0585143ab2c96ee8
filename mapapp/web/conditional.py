"""Pages that did not change are answered with a 304, which costs the reader no download."""

from collections.abc import Callable, Iterable
from functools import wraps
from hashlib import sha256
from typing import ParamSpec

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

P = ParamSpec("P")


def conditional(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
    """Give the answers of ``view`` an ETag made of their bytes, and 304 to whoever has them."""

    @wraps(view)
    def _view(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        if response.status_code == 200:
            response.add_etag()
            response.make_conditional(request)
        return response

    return _view


def tagged(parts: Iterable[object], make: Callable[[], ResponseReturnValue]) -> Response:
    """Answer 304 to whoever holds what ``parts`` describe; make the answer only for others.

    Args:
        parts: everything that the answer depends on.
        make: makes the answer.
    """
    tag = sha256(repr(tuple(parts)).encode()).hexdigest()[:20]
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else make_response(make())
    # A weak tag, because the same answer goes out under several compressions.
    response.set_etag(tag, weak=True)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.update(("Cookie", "Accept-Language"))
    return response
