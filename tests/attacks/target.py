"""The site under attack, and the two ways to ask it: in this process, and over HTTP."""

import http.client
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.published.publishing import ALL_DUE, publish
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.web.core.security import TOKEN_SALT
from tests.signed_in import sign_in

FORM = "application/x-www-form-urlencoded"
PATIENCE = 60.0
SOME_NETWORK = "192.0.2.1"


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        headers: pairs as they came, in their order.
        body: uncompressed.
        seconds: from the first byte sent to the last one received.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body in words."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """Where it leads, '' for nowhere; servers write names of headers as they like."""
        return next((value for name, value in self.headers if name.lower() == "location"), "")


class Visitor(Protocol):
    """Somebody with a browser of their own, signed in or not.

    Attributes:
        app: the site, in this process.
    """

    app: Flask

    def get(self, path: str, **headers: str) -> Reply:
        """Ask for a page; ``if_none_match=…`` is the header ``If-None-Match``."""

    def post(self, path: str, form: Mapping[str, object], **headers: str) -> Reply:
        """Send a form, with the token that its page would have; redirects are not followed."""


@dataclass
class _Person(ABC):
    """What both kinds of visitors have: a network, cookies, and the token of their forms."""

    app: Flask
    network: str
    member: Member | None
    token: str = field(init=False, default="")
    cookies: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.member is None:
            return
        browser = self.app.test_client()
        sign_in(browser, self.member.id, self.member.session_handle)
        cookie = browser.get_cookie("session")
        if cookie is None:
            raise RuntimeError("Signing in gave no session.")
        self.cookies = {"session": cookie.value}
        with browser.session_transaction() as held:
            signed = URLSafeTimedSerializer(str(self.app.secret_key), salt=TOKEN_SALT)
            self.token = signed.dumps(held["csrf_token"])

    def get(self, path: str, **headers: str) -> Reply:
        return self._ask("GET", path, headers, None)

    def post(self, path: str, form: Mapping[str, object], **headers: str) -> Reply:
        body = urlencode({"csrf_token": self.token, **form}, doseq=True).encode()
        return self._ask("POST", path, {**headers, "content_type": FORM}, body)

    def _ask(self, method: str, path: str, more: dict[str, str], body: bytes | None) -> Reply:
        headers = {name.replace("_", "-").title(): value for name, value in more.items()}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        begun = time.perf_counter()
        status, came, data = self._send(method, path, headers, body)
        reply = Reply(status, came, data, time.perf_counter() - begun)
        for name, value in came:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return reply

    @abstractmethod
    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """Send the request, and return status, headers and body of the answer."""


class Here(_Person):
    """A visitor of the site in this process."""

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        browser = self.app.test_client(use_cookies=False)
        from_there = {"REMOTE_ADDR": self.network}
        came = browser.open(
            path, method=method, headers=headers, data=body, environ_overrides=from_there
        )
        return came.status_code, tuple(came.headers), came.data


@dataclass
class OverHttp(_Person):
    """A visitor of a served site, which trusts one proxy to say who asks."""

    host: str = "127.0.0.1"
    port: int = 8000

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        with closing(http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)) as line:
            line.request(method, path, body, {**headers, "X-Forwarded-For": self.network})
            came = line.getresponse()
            return came.status, tuple(came.getheaders()), came.read()


@dataclass(frozen=True)
class Target:
    """The site under attack.

    Attributes:
        session, engine, settings: to arrange the worlds that the attack is to tell apart, and to
            let days pass; the attack itself only asks as visitors do.
        visitor: returns somebody with this network, signed in as this member or not.
    """

    session: Session
    engine: Engine
    settings: Settings
    visitor: Callable[[str, Member | None], Visitor]

    def publish(self) -> None:
        """Let all publications pass that something waits for."""
        self.session.commit()
        publish(self.engine, self.settings, int(time.time()), until=ALL_DUE)

    def get(self, path: str) -> str:
        """Return a page as anybody reads it."""
        return self.visitor(SOME_NETWORK, None).get(path).text
