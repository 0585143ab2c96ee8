"""Pages that did not change are answered with a 304, which costs the reader no download."""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec

from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from mapapp import __version__
from mapapp.paths import TEMPLATES
from mapapp.settings import Settings

P = ParamSpec("P")


def init_conditional(app: Flask, settings: Settings) -> None:
    """Work out once what every tagged answer depends on: the program, its templates, the site."""
    named = (settings.site_name, settings.base_url, settings.languages)
    parts = (__version__, templates_version(TEMPLATES), *named)
    app.extensions["mapapp_edition"] = sha256(repr(parts).encode()).hexdigest()[:12]


def edition() -> str:
    """Return a short text that a new release changes, or another name or address of the site."""
    return str(current_app.extensions["mapapp_edition"])


@lru_cache
def templates_version(folder: Path) -> str:
    """Return one hash for all templates."""
    digest = sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def conditional(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
    """Give the answers of ``view`` an ETag made of their bytes, and 304 to those who have them.

    What a browser must not keep has no tag.
    """

    @wraps(view)
    def _view(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        if response.status_code == 200 and not response.cache_control.no_store:
            response.add_etag()
            response.make_conditional(request)
        return response

    return _view


def tagged(
    parts: Iterable[object],
    make: Callable[[], ResponseReturnValue],
    vary: tuple[str, ...] = ("Cookie", "Accept-Language"),
) -> Response:
    """Answer 304 to a reader who holds what ``parts`` describe; make the answer only for others.

    Args:
        parts: everything that the answer depends on, beside the program and the site's settings.
        make: makes the answer.
        vary: the headers of a request that make another answer of it.
    """
    tag = sha256(repr((edition(), *parts)).encode()).hexdigest()[:20]
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else make_response(make())
    # A weak tag, because the same answer goes out under several compressions.
    response.set_etag(tag, weak=True)
    response.vary.update(vary)
    return response
