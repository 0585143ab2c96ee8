"""Asking a real server, with connections that stay open, compressed answers and cookies."""

import gzip
import http.client
import random
import time
from collections.abc import Mapping
from email.message import Message
from urllib.parse import urlencode

import brotli
from compare_browser import Answer, Browser

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds
IDLE = 8.0  # seconds; the server closes connections on which nothing came for 15
ENCODINGS = ("gzip, br", "gzip", "")
FORM = "application/x-www-form-urlencoded"


class GoneError(Exception):
    """Raised when no answer came: the server is stopped, or was in the middle of it."""


class Reply:
    """An answer as it came; named as in werkzeug, so that ``compare_browser`` reads it.

    Attributes:
        begun, ended: before it was asked for, and when all of it was there.
    """

    def __init__(self, begun: float, came: http.client.HTTPResponse, body: bytes) -> None:
        self.begun, self.ended = begun, time.monotonic()
        self.status_code = came.status
        self.headers: Message = came.headers
        self.mimetype = came.headers.get_content_type()
        self.data = _plain(body, came.headers.get("Content-Encoding", ""))

    @property
    def text(self) -> str:
        """The body in words."""
        return self.data.decode()


class Line:
    """A connection to the site, opened again when it was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: http.client.HTTPConnection | None = None
        self._used = 0.0

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        """Return the answer.

        Raises:
            GoneError: if none came.
        """
        begun = time.monotonic()
        if begun - self._used > IDLE:
            self.close()
        try:
            if self._open is None:
                self._open = http.client.HTTPConnection(HOST, self._port, timeout=PATIENCE)
            self._open.request(method, path, body, dict(headers))
            came = self._open.getresponse()
            reply = Reply(begun, came, came.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise GoneError(f"{method} {path}: {error!r}") from error
        self._used = reply.ended
        if came.will_close:
            self.close()
        return reply

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._open is not None:
            self._open.close()
        self._open = None


def _plain(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return bytes(brotli.decompress(body)) if encoding == "br" else body


def some_network(chance: random.Random) -> str:
    """Return an address of a network that nobody else has, so that no limit of networks counts."""
    return ".".join(["10", *(str(chance.randrange(1, 255)) for _ in range(3))])


class HttpBrowser(Browser):
    """The browser of one person: ``compare_browser.Browser`` over a real connection."""

    def __init__(self, port: int, chance: random.Random) -> None:
        super().__init__(None, some_network(chance))
        self._line, self._chance = Line(port), chance
        self._cookies: dict[str, str] = {}
        self.last: Reply | None = None

    def open(self, path: str, method: str, sent: Mapping[str, list[str]] | None = None) -> Answer:
        """Return the response to any request, with ``sent`` as the fields of a form."""
        body = urlencode(sent, doseq=True).encode() if sent is not None else None
        self.last = self.ask(path, method, body)
        return Answer(path, self.last)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, tag: str = ""
    ) -> Reply:
        """Return the answer as it came; ``tag``: of the answer that is held already."""
        headers = {
            "X-Forwarded-For": self.network,
            "Accept-Encoding": self._chance.choice(ENCODINGS),
            "Accept-Language": "en",
        }
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        if tag:
            headers["If-None-Match"] = tag
        if body is not None:
            headers["Content-Type"] = FORM
        reply = self._line.ask(method, path, headers, body)
        for given in reply.headers.get_all("Set-Cookie", []):
            name, _, rest = given.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return reply

    def close(self) -> None:
        """Close the connection."""
        self._line.close()
