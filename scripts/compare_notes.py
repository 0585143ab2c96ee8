"""The parts of a response that are compared between two sites."""

import hashlib
from typing import Any

from compare_browser import Answer
from compare_pages import without_chance

LONGEST = 20_000  # characters up to which a file is compared word by word
CODE = {"text/css", "text/javascript", "application/javascript"}
CHANCE_HEADERS = {"Date", "Content-Length", "ETag", "Last-Modified"}


def note_of(answer: Answer | str) -> dict[str, Any]:
    """Return the parts of a response to compare; without one, the reason."""
    if isinstance(answer, str):
        return {"status": 0, "headers": [], "forms": [], "words": [without_chance(answer)]}
    page = answer.page
    return {
        "status": answer.status,
        "headers": sorted(_header(name, value) for name, value in answer.headers),
        "forms": [form.shape() for form in page.forms] if page else [],
        "words": page.words if page else _words_of_file(answer),
    }


def _words_of_file(answer: Answer) -> list[str]:
    """Return a file's lines, or the length and digest of a long one; nothing for scripts."""
    if answer.kind in CODE:
        return []
    if not answer.kind.startswith("text/") and not answer.kind.endswith(("json", "xml")):
        return [f"{len(answer.body)} bytes"]
    text = without_chance(answer.body.decode())
    if len(text) > LONGEST:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return [f"{len(text)} characters, {digest}"]
    return [line.strip() for line in text.replace(",", ",\n").splitlines()]


def _header(name: str, value: str) -> str:
    if name in CHANCE_HEADERS:
        return name
    if name == "Set-Cookie":
        cookie, _mark, rest = value.partition(";")
        return f"{name}: {cookie.partition('=')[0]};{rest}"
    return f"{name}: {without_chance(value)}"
