"""What a process of the server does around the site: no stranger's patience takes up a thread.

The server gives each request as an ASGI call, which costs no thread while it waits. A request is
read whole before the site is called in one of its few threads, and the answer is sent after the
thread has been given back.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

BODY_SECONDS = 30.0  # for all of a form
SHORT_FORM = 64 * 1024  # bytes of a form; every connection may hold so many, and ...
LONG_AT_A_TIME = 32  # forms may be longer, in a process; the next ones wait before they are read
SEND_SECONDS = 30.0  # for an answer, and one more for each ...
BYTES_A_SECOND = 4096
AT_A_TIME = 16 * 1024  # bytes of an answer that are sent at a time
LATE = "mapapp.body_is_late"
"""The entry of the WSGI environment that says that a form did not come in time."""
ONE_SECOND, KILL_AFTER = 1.0, 5.0

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Site = Callable[[dict[str, Any], Any], Iterable[bytes]]
AtOnce = Callable[[dict[str, Any]], Site | None]
"""What has an answer to a request without any waiting, or None."""


def init_bodies(app: Flask) -> None:
    """Let ``app`` refuse a request whose body did not come in time."""

    @app.before_request
    def _refuse_late() -> None:
        if LATE in request.environ:
            abort(408)


@dataclass(frozen=True)
class Patience:
    """How long strangers are waited for, in seconds."""

    body: float = BODY_SECONDS
    send: float = SEND_SECONDS


class WholeRequests:
    """The site as an ASGI application that never waits for a stranger in one of its threads."""

    def __init__(
        self,
        app: Flask,
        threads: int,
        patience: Patience | None = None,
        at_once: AtOnce | None = None,
    ) -> None:
        self._site, self._at_once = app, at_once
        self._largest = int(app.config["MAX_CONTENT_LENGTH"])
        self._patience = patience or Patience()
        self._threads = ThreadPoolExecutor(threads, "site")
        self._long = asyncio.Semaphore(LONG_AT_A_TIME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = _environ(scope)
        found = self._at_once(environ) if self._at_once else None
        try:
            if found is not None:  # no thread is needed to send bytes that are there
                start, content = _answer(found, environ)
            else:
                start, content = await self._answered(environ, receive)
        except ConnectionError:
            return
        # Who does not read is left: the server closes a connection whose answer is not complete.
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.send + len(content) / BYTES_A_SECOND):
                await _send(start, content, send)

    async def _answered(
        self, environ: dict[str, Any], receive: Receive
    ) -> tuple[dict[str, Any], bytes]:
        """Read a request and let the site answer it; what was read is forgotten then.

        Raises:
            ConnectionError: when the sender has gone.
        """
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._patience.body):
                    body = await self._body(environ, receive, held)
            except TimeoutError:
                environ[LATE], body = True, b""
            if int(environ.get("CONTENT_LENGTH") or 0) <= self._largest:
                environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = BytesIO(body)
            work = partial(_answer, self._site, environ)
            start, content = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        if LATE in environ:
            start["headers"].append((b"connection", b"close"))
        return start, content

    async def _body(self, environ: dict[str, Any], receive: Receive, held: AsyncExitStack) -> bytes:
        """Return what was sent, at most one byte more than the site takes.

        Raises:
            ConnectionError: when the sender has gone.
        """
        if _length(environ) > self._largest:
            return b""  # the site refuses it for its length
        body, is_long = bytearray(), False
        while len(body) <= self._largest:
            if not is_long and max(len(body), _length(environ)) > SHORT_FORM:
                is_long = True
                await held.enter_async_context(self._long)
            message = await receive()
            if message["type"] != "http.request":
                raise ConnectionError
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        return bytes(body[: self._largest + 1])


def _length(environ: dict[str, Any]) -> int:
    given = str(environ.get("CONTENT_LENGTH", ""))
    return int(given) if given.isdecimal() else 0


def _environ(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment of a request, without its body."""
    server, client = scope.get("server") or ("", ""), scope.get("client") or ("", "")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],  # the site makes visitor_subject() of it
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue  # would pass for the header with a hyphen, which a proxy may have checked
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        more = (";" if key == "HTTP_COOKIE" else ",") if key in environ else ""
        environ[key] = environ.get(key, "") + more + value.decode("latin-1")
    return environ


def _answer(site: Site, environ: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Call the site; return the start of the answer as ASGI wants it, and all of its bytes."""
    start: dict[str, Any] = {"type": "http.response.start"}

    def _start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        start["status"] = int(status.split(" ", 1)[0])
        start["headers"] = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]

    pieces: Iterable[bytes] = site(environ, _start)
    try:
        return start, b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()


async def _send(start: dict[str, Any], content: bytes, send: Send) -> None:
    await send(start)
    for at in range(0, max(1, len(content)), AT_A_TIME):
        piece, more = content[at : at + AT_A_TIME], at + AT_A_TIME < len(content)
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def spare_what_is_made() -> None:
    """Leave the site itself out of garbage collection: it stays, and is shared between processes.

    To look through it would take longer than most pages, and copy what is only read.
    """
    gc.freeze()
    gc.enable()  # `mapapp serve` loads without it


def end_with_parent() -> None:
    """End this process soon after the one that started it, however that one ended."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        threading.Thread(target=_outlive, args=(parent.pid,), daemon=True).start()


def _outlive(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ONE_SECOND)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(KILL_AFTER)
    os._exit(1)
