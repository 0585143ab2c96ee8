"""A headless browser for the site in this process, and an authenticator app."""

import base64
import hmac
import struct
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from compare_pages import Form, Page, without_chance
from werkzeug.test import Client

HTML = "text/html"
MOST_REDIRECTS = 5
CODE_SECONDS = 30
FIRST = "(first choice)"
"""As a field's value: the field's first choice that is not empty."""


class NotThereError(Exception):
    """Raised when a page lacks the form or link that a person would use next."""


class Answer:
    """The response to a request.

    Attributes:
        path: of the request, with its query.
        page: the parsed page, if it is HTML.
    """

    def __init__(self, path: str, response: Any) -> None:
        self.path = path
        self.status: int = response.status_code
        self.headers: list[tuple[str, str]] = list(response.headers)
        self.kind: str = response.mimetype
        self.body: bytes = response.data
        self.location: str = response.headers.get("Location", "")
        self.page = Page(self.body.decode(), path) if self.kind == HTML else None

    def read(self) -> Page:
        """Return the parsed page.

        Raises:
            NotThereError: if the response is not a page.
        """
        if self.page is None:
            raise NotThereError(f"{self.path} ({self.status}) is not a page but {self.kind}.")
        return self.page

    def link(self, part: str) -> str:
        """Return the page's first link that contains ``part``.

        Raises:
            NotThereError: if there is none.
        """
        for link in self.read().links:
            if part in without_chance(link):
                return link
        raise NotThereError(f"{self.path} ({self.status}) has no link to {part}.")

    def form(self, action: str, names: set[str]) -> Form:
        """Return the first form whose URL contains ``action`` and that has fields ``names``.

        Raises:
            NotThereError: if there is none.
        """
        for form in self.read().forms:
            if action in urlsplit(form.action).path and names <= form.names():
                return form
        wanted = f"to {action} with {', '.join(sorted(names)) or 'no field'}"
        raise NotThereError(f"{self.path} ({self.status}) has no form {wanted}.")


class Browser:
    """The browser of one person, with cookies.

    Args:
        app: the site, as a WSGI application.
        network: the person's IP address.
    """

    def __init__(self, app: Any, network: str = "192.0.2.1") -> None:
        self.network = network
        self._app = app
        self._secret = ""
        self._client = Client(app)

    def get(self, path: str) -> Answer:
        """Return the response for ``path``."""
        return self.open(path, "GET")

    def follow(self, path: str) -> Answer:
        """Return the response for ``path`` after following redirects."""
        return self._arrive(self.get(path))

    def submit(self, answer: Answer, action: str, **filled: str | list[str]) -> Answer:
        """Send the form of a page that goes to ``action`` and has all fields of ``filled``.

        Raises:
            NotThereError: if there is none.
        """
        form = answer.form(action, set(filled))
        sent: dict[str, list[str]] = form.filled()
        for name, value in filled.items():
            chosen = form.first_choice(name) if value == FIRST else value
            sent[name] = chosen if isinstance(chosen, list) else [chosen]
        return self._arrive(self._send(form, sent))

    def sign_in(self, address: str) -> None:
        """Ask for a sign-in link, and open it from the site's own mail page.

        Raises:
            NotThereError: if there is no email with a link.
        """
        self.submit(self.get("/sign-in"), "/sign-in", email=address)
        opened = self.get(self.get("/dev/mail").link("/sign-in/link/"))
        if not opened.location:
            self.submit(opened, "/sign-in/link/")

    def prove(self) -> None:
        """Give a second proof with an authenticator app, which is set up the first time.

        Raises:
            NotThereError: if the page shows no key, or asks for no code.
        """
        if self._secret:
            step = self.get("/account/second-step")
            self.submit(step, "/account/second-step", code=one_time_code(self._secret))
            return
        answer = self.get("/account/authenticator")
        keys = [link for link in answer.read().outside if link.startswith("otpauth:")]
        if not keys:
            raise NotThereError("The page shows no key for an app.")
        (self._secret,) = parse_qs(urlsplit(keys[0]).query)["secret"]
        self.submit(answer, "/account/authenticator", code=one_time_code(self._secret))

    def forget_app(self) -> None:
        """Lose the authenticator app: the next proof sets up another."""
        self._secret = ""

    def _send(self, form: Form, sent: Mapping[str, list[str]]) -> Answer:
        if form.method == "GET":
            bare = urlsplit(form.action)._replace(query=urlencode(sent, doseq=True))
            return self.open(bare.geturl(), "GET")
        return self.open(form.action, "POST", sent)

    def _arrive(self, answer: Answer) -> Answer:
        for _ in range(MOST_REDIRECTS):
            if not answer.location:
                break
            there = urlsplit(answer.location)._replace(scheme="", netloc="", fragment="").geturl()
            answer = self.get(there)
        return answer

    def open(self, path: str, method: str, sent: Mapping[str, list[str]] | None = None) -> Answer:
        """Return the response to any request, with ``sent`` as the fields of a form."""
        from_there = {"REMOTE_ADDR": self.network}
        response = self._client.open(
            path,
            method=method,
            data=sent,
            base_url="http://localhost:8000",
            environ_overrides=from_there,
        )
        return Answer(path, response)


def one_time_code(secret: str) -> str:
    """Return the code that an app shows now for the base32 ``secret`` (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // CODE_SECONDS), "sha1")
    start = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"
