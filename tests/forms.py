"""What forms of pages send, and the forms that stand on a page."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from itertools import chain

from mapapp.domain.mail.consent_wordings import words_version
from tests.trust import AREAS, LEEDS


def place_form(**changes: object) -> dict[str, object]:
    """Return what the form for placing oneself sends."""
    return {
        "area_id": str(LEEDS),
        "area_version": AREAS.version,
        "precision": "zone",
        "visibility": "members",
        "role": "self",
        "pseudonym": "Quiet Heron",
        "languages": ["en"],
        "words": words_version(),
        **changes,
    }


def care_form(**changes: object) -> dict[str, object]:
    """Return what the form for placing a child sends."""
    return {
        "area_id": str(LEEDS),
        "area_version": AREAS.version,
        "precision": "zone",
        "who": "child",
        "month": "05",
        "year": str(datetime.now(UTC).year + 8),
        "may": "y",
        "key": str(uuid.uuid4()),
        "words": words_version(),
        **changes,
    }


@dataclass
class Form:
    """A form of a page, with what a browser would send as it stands."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "input" and self.found and given.get("name"):
            self._input(given)
        elif tag == "option" and self.found and self.select:
            self._option(given)

    def _input(self, given: dict[str, str]) -> None:
        if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
            self.found[-1].fields[given["name"]] = given.get("value", "y")

    def _option(self, given: dict[str, str]) -> None:
        known = self.select in self.found[-1].fields
        if "selected" in given or not known:
            self.found[-1].fields[self.select] = given.get("value", "")


def forms(page: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


def place_forms(page: str) -> list[Form]:
    """Return those in which an area is chosen."""
    return [form for form in forms(page) if "area_id" in form.fields]


def form_to(page: str, action: str) -> Form:
    """Return the only form of a page that leads to ``action``, or the first of several."""
    found = [form for form in forms(page) if form.action == action]
    assert found, f"no form leads to {action}"
    return found[0]


def actions(page: str) -> list[str]:
    """Return where the forms of a page lead."""
    return list(chain.from_iterable([form.action] for form in forms(page)))


def texts_shown(page: str) -> dict[str, str]:
    """Return the texts in the large fields of a page, by name."""
    fields = re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.S)
    return {name: unescape(text) for name, text in fields}
