"""Pages that did not change are answered with a 304, which costs the reader no download."""

from collections.abc import Callable
from functools import wraps
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
