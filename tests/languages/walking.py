"""Everyone walks through the whole site, tries every form, and notes what it says."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.forms import Form, forms
from tests.languages.reading import said_on, strings_in
from tests.web.core.test_every_route import rules

STARTS = ("/", "/account", "/inbox", "/moderation", "/admin", "/helplines", "/no-such-page")
LINK = re.compile(r'(?:href|action|src|data-url)="(/[^"]*)"')
FOREIGN = "Слово"
JUNK = {name: "ж" for name in ("q", "page", "level", "under", "area", "town", "precision", "role",
                               "order", "include", "state", "language", "letter", "group",
                               "condition", "place")}  # fmt: skip
NO_WORDS_IN = ("/api/", "/account/", "/assets/", "/sign-in/passkey")
LAST = ("/sign-out", "/erase")
"""After these there is nothing left to do."""


@dataclass
class Walker:
    """A person in a browser, and everything that the site has said to them, and where."""

    app: Flask
    client: FlaskClient
    name: str = "visitor"
    language: str = ""
    said: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)

    def endpoint(self, address: str) -> str:
        """Return which page an address is of; '' for none of ours."""
        try:
            return self.app.url_map.bind("localhost").match(urlsplit(address).path)[0]
        except HTTPException:
            return ""

    def walk(self, starts: tuple[str, ...] = STARTS, each: int = 2) -> None:
        """Follow links, to at most so many addresses of ``each`` kind of page."""
        waiting = list(dict.fromkeys(starts))
        known = set(waiting)
        while waiting:
            path = waiting.pop(0)
            kind = self.endpoint(path)
            if path not in starts and (self.met[kind] >= each or kind == "static"):
                continue
            answer = self.read(path)
            for found in (answer.location or "", *LINK.findall(answer.text_or_nothing)):
                address = html.unescape(found)
                if address.startswith("/") and address not in known and self.endpoint(address):
                    known.add(address)
                    waiting.append(address)

    def read(self, path: str) -> "Answer":
        """Ask for a page."""
        return self._listen(path, self.client.get(path, headers=self._wishes()))

    def refuse(self) -> None:
        """Ask for junk at every address, and send junk to it."""
        for rule in (rule for rule in rules(self.app) if not rule.rule.endswith(LAST)):
            address = re.sub(r"<[^>]*>", "-1", rule.rule)
            for method in {"GET", "POST"} & (rule.methods or set()):
                data = {"x": "ж"} if method == "POST" else None
                answer = self.client.open(
                    address, method=method, query_string=JUNK, data=data, headers=self._wishes()
                )
                self._listen(f"{method} {address}", answer)

    def send_forms(self) -> None:
        """Send every form that was met: as it is without what was typed, then filled in."""
        found: dict[str, Form] = {}
        for page in self.pages.values():
            for form in forms(page):
                found.setdefault(self.endpoint(form.action), form)
        for fill in (_emptied, _filled):
            for _kind, form in sorted(found.items(), key=lambda one: _is_last(one[1])):
                self._send(form, fill(form))

    def _send(self, form: Form, fields: dict[str, str]) -> None:
        if not form.action.startswith("/"):
            return
        answer = self.client.post(form.action, data=fields, headers=self._wishes())
        self._listen(f"POST {form.action}", answer)
        if answer.location:
            self.read(answer.location)

    def _wishes(self) -> dict[str, str]:
        return {"Accept-Language": self.language} if self.language else {}

    def _listen(self, path: str, answer: TestResponse) -> "Answer":
        given = Answer(answer)
        self.met[self.endpoint(path.partition(" ")[2] or path)] += 1
        for text in given.said():
            self.said.setdefault(text, f"{self.name} {path}")
        if given.is_page and not given.location:
            self.pages[path] = answer.text
        return given


@dataclass
class Answer:
    """What came back."""

    response: TestResponse

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.response.mimetype == "text/html"

    @property
    def location(self) -> str | None:
        """Where it leads on."""
        return self.response.location

    @property
    def text_or_nothing(self) -> str:
        """The page, if it is one."""
        return self.response.text if self.is_page else ""

    def said(self) -> Iterator[str]:
        """Yield what is said in it; files of data say nothing."""
        if self.location:
            return  # browsers follow, and never show it
        kind = self.response.mimetype
        if self.is_page or kind.endswith("xml"):
            yield from said_on(self.response.text)
        elif kind == "application/json":
            held = self.response.get_json()
            # What the API and a member's own data hold is for programs; only refusals are read.
            path = self.response.request.path
            is_data = path.startswith(NO_WORDS_IN) or "/ogc" in path
            yield from strings_in(held.get("error") if is_data and isinstance(held, dict) else held)


def _is_last(form: Form) -> bool:
    return form.action.endswith(LAST)


def _emptied(form: Form) -> dict[str, str]:
    return {}


def _filled(form: Form) -> dict[str, str]:
    return {name: value or f"{FOREIGN} " * 8 for name, value in form.fields.items()}
