"""An address with capitals or a slash at its end leads to the page that was meant."""

import re
from collections.abc import Callable
from urllib.parse import quote

from flask import Flask, redirect, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import RequestRedirect, Rule

SPELLINGS: dict[str, Callable[[str], str]] = {
    "slug": str.lower,
    "other": str.lower,
    "question": str.lower,
    "purpose": str.lower,
    "kind": str.lower,
}
"""Parts of addresses that are always written in small letters. In all others (ids, keys, codes of
areas, names of files) capitals may matter."""

PATH_LETTERS = "/:@!$&'()*+,;=~"  # need no percent sign in a path


def init_addresses(app: Flask) -> None:
    """Lead readers of ``app`` to the right address; what is sent to a wrong one is refused."""

    @app.before_request
    def _lead() -> ResponseReturnValue | None:
        if request.method not in {"GET", "HEAD"}:
            return None
        right = _right_path()
        if right is None or right == request.path:
            return None
        query = "?" + request.query_string.decode("latin-1") if request.query_string else ""
        return redirect(quote(right, safe=PATH_LETTERS) + query, 308)


def _right_path() -> str | None:
    """Return the path that leads to a page, or None where there is none even so."""
    path = re.sub("/+", "/", request.path).rstrip("/") or "/"
    rule = request.url_rule or _meant(path)
    if rule is None:
        return None
    if rule.rule.endswith("/") and path != "/":
        path += "/"
    patterns = rule.rule.split("/")
    given = path.split("/", len(patterns) - 1)
    return "/".join(_right(*pair) for pair in zip(patterns, given, strict=True))


def _meant(path: str) -> Rule | None:
    adapter = request_ctx.url_adapter
    if adapter is None or not isinstance(request.routing_exception, (NotFound, RequestRedirect)):
        return None
    try:
        rule, _values = adapter.match(path.lower(), method="GET", return_rule=True)
    except HTTPException:
        return None
    return rule


def _right(pattern: str, given: str) -> str:
    """Return one part of a path as the rule's ``pattern`` wants it."""
    if "<" not in pattern:
        return pattern
    if not (pattern.startswith("<") and pattern.endswith(">")):
        return given.lower()  # a number with the ending of a file
    name = pattern[1:-1].rpartition(":")[2]
    return SPELLINGS.get(name, str)(given)
