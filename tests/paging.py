"""Going through the pages of a list by their own links."""

import re
from collections.abc import Iterator
from html import unescape

from flask.testing import FlaskClient


def link_to(page: str, rel: str) -> str:
    """Return the address behind a page's link ``next``, ``prev`` or ``first``; '' without one."""
    found = re.search(rf'<a rel="{rel}" href="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def pages_of(client: FlaskClient, path: str, rel: str = "next") -> Iterator[str]:
    """Yield the page at ``path`` and all that its links ``rel`` lead to."""
    while path:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        yield answer.text
        path = link_to(answer.text, rel)
