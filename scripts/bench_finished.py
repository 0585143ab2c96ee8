"""Measure finished answers beside bare functions that give the same bytes.

python scripts/bench_finished.py [SECONDS]      (for each measurement over HTTP, 3 by default)

``scripts/bench --sites`` asks the same of a large site.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench_servers import ENCODINGS, MAPAPP, WORKERS, rate, served
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
ROUNDS = 3000
TURNS = 3
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
        tag = keep_answer(app, Path(name))
        bare = {"site": app, "bare WSGI": bare_wsgi(), "bare Flask": bare_flask()}
        for words, known in (("whole", ""), ("304", tag)):
            for who, one in bare.items():
                label = f"map page, {words}, in process: {who}"
                print(f"{label:52} {_microseconds(one, known):10.1f} µs")
        os.environ.update(MAPAPP_INSTANCE=name, MAPAPP_PUBLISH="daily@04:00")
        for words, rates in rates_over_http(tag, seconds).items():
            for who, found in rates.items():
                label = f"map page, {words}, HTTP, {WORKERS} workers: {who}"
                print(f"{label:52} {found:10,.0f} a second")
            for who in ("bare WSGI", "bare Flask"):
                print(f"{f'  site / {who}':52} {rates['site'] / rates[who]:10.2f}", flush=True)


def _make_site(settings: Settings) -> None:
    engine = make_engine(settings.sqlalchemy_url)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
        make_demo(session, settings.secret)
    engine.dispose()


def keep_answer(app: Flask, folder: Path) -> str:
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


def rates_over_http(tag: str, seconds: float) -> dict[str, dict[str, float]]:
    """Return medians of answers a second, for the whole page and for 304.

    They are those of the site that the environment names, and of bare functions; each is asked in
    turn, several times. ``keep_answer`` was called before, and returned the tag.
    """
    theirs = [sys.executable, str(HERE), "serve"]
    servers = {
        "site": [*MAPAPP, "serve", "--workers", str(WORKERS), "--port"],
        "bare WSGI": [*theirs, "bare_wsgi"],
        "bare Flask": [*theirs, "bare_flask"],
    }
    with ExitStack() as running:
        ports = {who: running.enter_context(served(one))[0] for who, one in servers.items()}
        time.sleep(1)  # the other processes of them
        return {
            words: _medians(ports, known, seconds) for words, known in (("whole", ""), ("304", tag))
        }


def _medians(ports: dict[str, int], known: str, seconds: float) -> dict[str, float]:
    found: dict[str, list[float]] = {who: [] for who in ports}
    for _ in range(TURNS):
        for who, port in ports.items():
            found[who].append(rate(port, MAP, known, seconds / TURNS))
    return {who: statistics.median(rates) for who, rates in found.items()}


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


if __name__ == "__main__":
    main()
