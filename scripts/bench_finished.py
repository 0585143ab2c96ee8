"""Measure finished answers beside bare functions that give the same bytes.

python scripts/bench_finished.py [SECONDS]      (for each measurement over HTTP, 3 by default)
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from granian.constants import HTTPModes, Interfaces
from granian.server import Server
from werkzeug.test import EnvironBuilder

from mapapp.actions.operations.demo import make_demo
from mapapp.actions.operations.site_setup import fill_site
from mapapp.app import create_app
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.migrate import upgrade

HERE = Path(__file__).resolve()
MAP = "/conditions/dystonia/map"
ENCODINGS = "gzip, deflate, br, zstd"
ROUNDS = 3000
TOGETHER = 16
"""Requests that are sent at once over each connection, so that this program is not what waits."""
CONNECTIONS = 4
WORKERS = 2
FOLDER = "BENCH_FOLDER"
"""The environment variable with the folder of the answer, for the bare functions' processes."""

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


def main() -> None:
    """Print the figures for a map of invented people, the whole page and its 304."""
    if sys.argv[1:2] == ["serve"]:
        _serve(sys.argv[2], int(sys.argv[3]))
        return
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        settings = load_settings(instance=Path(name), publish="daily@04:00")
        _make_site(settings)
        app = create_app(settings)
        tag = _keep_answer(app, Path(name))
        bare = {"site": app, "bare WSGI": bare_wsgi(), "bare Flask": bare_flask()}
        for words, known in (("whole", ""), ("304", tag)):
            for who, one in bare.items():
                label = f"map page, {words}, in process: {who}"
                print(f"{label:52} {_microseconds(one, known):10.1f} µs")
        _over_http(seconds, tag)


def _make_site(settings: Settings) -> None:
    engine = make_engine(settings.sqlalchemy_url)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
        make_demo(session, settings.secret)
    engine.dispose()


def _keep_answer(app: Flask, folder: Path) -> str:
    """Write the bytes of the answer to files, for the bare functions; return its tag."""
    answer = app.test_client().get(MAP, headers={"Accept-Encoding": ENCODINGS})
    lines = [f"{name}: {value}" for name, value in answer.headers]
    (folder / "head").write_text("\n".join(lines), "utf-8")
    (folder / "body").write_bytes(answer.data)
    os.environ[FOLDER] = str(folder)
    return str(answer.headers["ETag"])


def _kept() -> tuple[list[tuple[str, str]], bytes]:
    folder = Path(os.environ[FOLDER])
    lines = (folder / "head").read_text("utf-8").splitlines()
    head = [(name, value) for name, _colon, value in (line.partition(": ") for line in lines)]
    return head, (folder / "body").read_bytes()


def bare_wsgi() -> App:
    """Return a function that gives the same bytes and knows nothing else."""
    head, body = _kept()
    tag = dict(head)["ETag"]
    short = [pair for pair in head if pair[0] not in {"Content-Type", "Content-Length"}]
    short = [pair for pair in short if pair[0] != "Content-Encoding"]

    def _answer(environ: Environ, start: Any) -> Iterable[bytes]:
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start("304 NOT MODIFIED", short)
            return []
        start("200 OK", head)
        return [body]

    return _answer


def bare_flask() -> Flask:
    """Return an application with one view that gives the same bytes."""
    head, body = _kept()
    tag = dict(head)["ETag"].removeprefix("W/").strip('"')
    app = Flask(__name__, static_folder=None)

    @app.get(MAP)
    def _answer() -> Response:
        known = request.if_none_match.contains_weak(tag)
        response = Response(status=304) if known else Response(body)
        response.headers.clear()
        response.headers.extend(head)
        return response

    return app


def _microseconds(app: Any, known: str) -> float:
    headers = {"Accept-Encoding": ENCODINGS, **({"If-None-Match": known} if known else {})}
    environ = EnvironBuilder(path=MAP, headers=headers).get_environ()
    times = []
    for _ in range(ROUNDS):
        given = dict(environ)
        start = time.perf_counter()
        pieces = app(given, lambda *_said: None)
        b"".join(pieces)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def _over_http(seconds: float, tag: str) -> None:
    program = str(Path(sys.executable).with_name("mapapp"))
    ours = [program, "serve", "--workers", str(WORKERS), "--port"]
    theirs = [sys.executable, str(HERE), "serve"]
    servers = {
        "site": ours,
        "bare WSGI": [*theirs, "bare_wsgi"],
        "bare Flask": [*theirs, "bare_flask"],
    }
    for words, known in (("whole", ""), ("304", tag)):
        rates = {}
        for who, command in servers.items():
            with _served(command) as port:
                rates[who] = _rate(port, known, seconds)
            label = f"map page, {words}, HTTP, {WORKERS} workers: {who}"
            print(f"{label:52} {rates[who]:10,.0f} a second", flush=True)
        for who in ("bare WSGI", "bare Flask"):
            print(f"{f'  site / {who}':52} {rates['site'] / rates[who]:10.2f}")


def _serve(target: str, port: int) -> None:
    """Serve a bare function as the site is served, in a process that ``_served`` started."""
    Server(
        f"bench_finished:{target}",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=WORKERS,
        http=HTTPModes.http1,
        log_access=False,
        websockets=False,
    ).serve()


@contextmanager
def _served(command: list[str]) -> Iterator[int]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    env = {**os.environ, "MAPAPP_INSTANCE": os.environ[FOLDER], "MAPAPP_PUBLISH": "daily@04:00"}
    quiet = {"stdout": subprocess.DEVNULL}
    server = subprocess.Popen([*command, str(port)], env=env, **quiet)  # type: ignore[call-overload]
    try:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > end or server.poll() is not None:
                    raise SystemExit(f"The server does not start: {command}") from None
                time.sleep(0.05)
        time.sleep(1)  # the other process of it
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _rate(port: int, known: str, seconds: float) -> float:
    """Return the median over the connections and parts of a second of answers a second."""
    ask = f"GET {MAP} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {ENCODINGS}\r\n"
    ask += f"If-None-Match: {known}\r\n\r\n" if known else "\r\n"
    open_ones = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(CONNECTIONS)]
    try:
        for _ in range(20):  # each process makes its answer first
            for one in open_ones:
                size = _size(one, ask.encode(), is_short=bool(known))
        together, length = ask.encode() * TOGETHER, size * TOGETHER
        rates, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            for _ in range(5):
                for one in open_ones:
                    one.sendall(together)
                for one in open_ones:
                    _read(one, length)
            rates.append(5 * TOGETHER * CONNECTIONS / (time.perf_counter() - start))
        return statistics.median(rates)
    finally:
        for one in open_ones:
            one.close()


def _size(connection: socket.socket, ask: bytes, *, is_short: bool) -> int:
    """Return how many bytes one answer has."""
    connection.sendall(ask)
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head = got.split(b"\r\n\r\n")[0] + b"\r\n\r\n"
    named = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    size = len(head) + (0 if is_short else int(named[b"content-length"]))
    _read(connection, size - len(got))
    return size


def _read(connection: socket.socket, length: int) -> None:
    while length > 0:
        length -= len(connection.recv(min(length, 1 << 20)))


if __name__ == "__main__":
    main()
