"""Asks a site in this process as its server does, without a network, and takes the times."""

import math
import secrets
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import EnvironBuilder

ENCODINGS = "gzip, deflate, br, zstd"
P95 = 0.95
Environ = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An answer, and what it cost.

    Attributes:
        status: such as 200.
        headers: by their names in lower case.
        body: as it is sent.
        wall: milliseconds until all of it was there.
        cpu: milliseconds of processor time, with what is done after it was sent.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    wall: float
    cpu: float


class Browsers:
    """Browsers of visitors and members; each visitor has a network of their own.

    So nobody reads more than a reader may, and every answer names the people that it would name.
    """

    def __init__(self, app: Flask, address: str) -> None:
        self._app = app
        self._address = address
        self._visitors = 0

    def visitor(self, path: str, known: str = "") -> Environ:
        """Return the request of a new visitor, who may know the answer with a tag."""
        self._visitors += 1
        network = f"10.{self._visitors >> 16 & 255}.{self._visitors >> 8 & 255}."
        return self._request(path, f"{network}{self._visitors & 255}", known=known)

    def member(self, path: str, cookie: str) -> Environ:
        """Return the request of the member whose ``signed_in`` gave the cookie."""
        return self._request(path, "10.255.0.1", cookie=cookie)

    def look_up(self, path: str) -> Any:
        """Return what JSON an address has."""
        return self._app.test_client().get(path, base_url=self._address).get_json()

    def signed_in(self, member_id: int, handle: str) -> str:
        """Return the cookie of a browser in which a member signed in."""
        client = self._app.test_client()
        with client.session_transaction(base_url=self._address) as held:
            held.update(_user_id=handle, member_id=member_id, csrf_token=secrets.token_hex(20))
        name = self._app.config["SESSION_COOKIE_NAME"]
        found = client.get_cookie(name, urlsplit(self._address).hostname or "")
        if found is None:
            raise RuntimeError("Signing in set no cookie.")
        return f"{name}={found.value}"

    def ask(self, environ: Environ) -> Told:
        """Send the request to the site."""
        said: list[Any] = []

        def _start(status: str, headers: list[tuple[str, str]], *_error: Any) -> None:
            said[:] = status, headers

        app, given = self._app, dict(environ)
        cpu, start = time.process_time(), time.perf_counter()
        pieces = app(given, _start)
        body = b"".join(pieces)
        wall = time.perf_counter() - start
        close = getattr(pieces, "close", None)
        if close:
            close()
        cpu = time.process_time() - cpu
        headers = {name.lower(): value for name, value in said[1]}
        return Told(int(said[0].split()[0]), headers, body, wall * 1000, cpu * 1000)

    def _request(self, path: str, network: str, *, cookie: str = "", known: str = "") -> Environ:
        headers = {"Accept-Encoding": ENCODINGS}
        headers |= {"Cookie": cookie} if cookie else {}
        headers |= {"If-None-Match": known} if known else {}
        builder = EnvironBuilder(path=path, base_url=self._address, headers=headers)
        return {**builder.get_environ(), "REMOTE_ADDR": network}


def timed(acts: Iterable[Callable[[], object]]) -> list[tuple[float, float]]:
    """Do each act once; return milliseconds of the clock and of the processor for each."""
    taken = []
    for act in acts:
        cpu, start = time.process_time(), time.perf_counter()
        act()
        wall = time.perf_counter() - start
        taken.append((wall * 1000, (time.process_time() - cpu) * 1000))
    return taken


def figure(taken: list[tuple[float, float]]) -> dict[str, float]:
    """Return medians and the 95th percentile of pairs of milliseconds."""
    walls = sorted(wall for wall, _cpu in taken)
    at = min(math.ceil(len(walls) * P95), len(walls)) - 1
    return {
        "median": statistics.median(walls),
        "p95": walls[at],
        "cpu": statistics.median(cpu for _wall, cpu in taken),
    }
