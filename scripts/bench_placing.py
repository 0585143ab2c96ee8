"""Measure placing oneself on one hot map: whole POSTs, and beside them bare SQL with the same rows.

Usage: scripts/bench_placing.py [--acts N] [--people N] [--postgresql] [--profile]

The site has 20,000 members who wait for somebody near them on that map. One writer calls the site
in process; eight send to the real server over connections that stay open. PostgreSQL is the server
named by MAPAPP_TEST_POSTGRES, or one that is started without waiting for its disk.
"""

import argparse
import cProfile
import multiprocessing
import os
import pstats
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from placing_raw import place_bare
from placing_site import PEOPLE, Person, Site, made_site, sign_in
from sqlalchemy import event

from mapapp.app import create_app
from mapapp.web.core.request_session import db

WRITERS, WORKERS = 8, 2
WARM = 100
"""Acts before those that are measured."""
AROUND = ("BEGIN", "SET ", "PRAGMA", "SAVEPOINT", "RELEASE")
"""How statements begin that are no work."""

Times = list[float]


def main() -> None:
    """Print one line for each measurement."""
    given = _arguments()
    with tempfile.TemporaryDirectory() as name, _database(given.postgresql) as url:
        os.chdir(name)
        with made_site(Path(name), url, given.people) as site:
            print(f"{site.alerts} alerts on the map of {site.slug}", flush=True)
            if given.profile:
                _profile(site, given.acts)
                return
            _measure_empty(given.acts)
            _measure_in_process(site, given.acts)
            _measure_over_http(site, given.acts)
            for writers in (1, WRITERS):
                times = _bare(site, given.acts, writers)
                _print(f"bare SQL with the same rows, {writers} at once", *times)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=2000, help="for each measurement")
    parser.add_argument("--people", type=int, default=PEOPLE, help="on the maps of the site")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--profile", action="store_true", help="of processor time, in process")
    return parser.parse_args()


@contextmanager
def _database(is_postgresql: bool) -> Iterator[str]:
    """Yield the URL of an empty database of PostgreSQL; '' for SQLite."""
    if not is_postgresql:
        yield ""
        return
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.databases import PostgresDatabases, postgres_server

    with postgres_server() as server:
        databases = PostgresDatabases(server)
        yield databases.empty()
        databases.drop()


def _measure_empty(acts: int) -> None:
    """Measure a page that does nothing: how fast the machine is just now."""
    app, client = Flask(__name__), {"PATH_INFO": "/", "REQUEST_METHOD": "GET"}
    app.add_url_rule("/", view_func=str)
    environ = {**client, "SERVER_NAME": "a", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    spent, began, times = time.process_time(), time.perf_counter(), []
    for _ in range(acts):
        start = time.perf_counter()
        b"".join(app(dict(environ), lambda *_given: None))
        times.append(time.perf_counter() - start)
    spent, took = time.process_time() - spent, time.perf_counter() - began
    _print("an empty view of Flask, in process", times, took, spent)


def _measure_in_process(site: Site, acts: int) -> None:
    app, people = create_app(site.settings), sign_in(site, WARM + acts)
    with app.app_context():
        engine = db.engine
    for one in people[: WARM - 1]:
        _post(app, site, one)
    work: list[str] = []

    def _note(_connection: Any, _cursor: Any, words: str, *_rest: Any) -> None:
        if not words.startswith(AROUND):
            work.append(words)

    event.listen(engine, "before_cursor_execute", _note)
    _post(app, site, people[WARM - 1])
    event.remove(engine, "before_cursor_execute", _note)
    spent, began, times = time.process_time(), time.perf_counter(), []
    for one in people[WARM:]:
        start = time.perf_counter()
        _post(app, site, one)
        times.append(time.perf_counter() - start)
    spent, took = time.process_time() - spent, time.perf_counter() - began
    _print("whole POST, in process, 1 at once", times, took, spent)
    print(f"{'statements of one':44} {len(work):8}")
    for words in work:
        print("   ", " ".join(words.split())[:150])


def _post(app: Any, site: Site, one: Person) -> None:
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": site.path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": f"session={one.key}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(one.body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(one.body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    pieces = app(environ, lambda status, *_rest: said.append(status))
    b"".join(pieces)
    getattr(pieces, "close", lambda: None)()
    if not said[0].startswith("303"):
        raise SystemExit(f"The site refused: {said[0]}")


def _profile(site: Site, acts: int) -> None:
    app, people = create_app(site.settings), sign_in(site, WARM + acts)
    for one in people[:WARM]:
        _post(app, site, one)
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for one in people[WARM:]:
        _post(app, site, one)
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(120)


def _measure_over_http(site: Site, acts: int) -> None:
    people = sign_in(site, WARM + acts)
    with _served(site) as (port, server):
        _send_all(port, site, people[:WARM])
        spent, began = _processor_time(server), time.perf_counter()
        times = _send_all(port, site, people[WARM:])
        took = time.perf_counter() - began
        spent = _processor_time(server) - spent
    _print(f"whole POST, server of {WORKERS}, {WRITERS} at once", times, took, spent)


@contextmanager
def _served(site: Site) -> Iterator[tuple[int, int]]:
    """Yield the port and the process of ``mapapp serve``."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = str(Path(sys.executable).with_name("mapapp"))
    settings = site.settings
    env = {
        **os.environ,
        "MAPAPP_INSTANCE": str(settings.instance),
        "MAPAPP_PUBLISH": "daily@04:00",
        "MAPAPP_DATABASE_URL": settings.database_url,
    }
    command = [program, "serve", "--workers", str(WORKERS), "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise SystemExit("The server does not start.") from None
                time.sleep(0.1)
        time.sleep(1)  # the other process of it
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


def _processor_time(pid: int) -> float:
    """Return what a process and those that it started have used, in seconds."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_processor_time(int(child)) for child in children)


def _send_all(port: int, site: Site, people: Sequence[Person]) -> Times:
    """Send the forms over eight connections; return how long each took."""
    times: Times = []

    def _send(mine: Sequence[Person]) -> None:
        with closing(socket.create_connection(("127.0.0.1", port), 30)) as one:
            for person in mine:
                times.append(_sent(one, port, site, person))

    shares = [people[n::WRITERS] for n in range(WRITERS)]
    threads = [threading.Thread(target=_send, args=(mine,)) for mine in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(times) != len(people):
        raise SystemExit("The server refused.")
    return times


def _sent(connection: socket.socket, port: int, site: Site, person: Person) -> float:
    head = (
        f"POST {site.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: session={person.key}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(person.body)}\r\n\r\n"
    )
    start = time.perf_counter()
    connection.sendall(head.encode() + person.body)
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head_got, _, body = got.partition(b"\r\n\r\n")
    named = dict(line.lower().split(b": ", 1) for line in head_got.split(b"\r\n")[1:])
    left = int(named.get(b"content-length", b"0")) - len(body)
    while left > 0:
        left -= len(connection.recv(left))
    if not head_got.startswith(b"HTTP/1.1 303"):
        raise SystemExit(f"The site refused: {head_got[:40]!r}")
    return time.perf_counter() - start


def _bare(site: Site, acts: int, writers: int) -> tuple[Times, float, float]:
    """Return the times of bare placements, how long all took, and their processor time."""
    people = sign_in(site, acts)
    shares = [people[n::writers] for n in range(writers)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with multiprocessing.Pool(writers) as pool:
        pool.map(abs, range(writers))
        began = time.perf_counter()
        found = pool.starmap(place_bare, [(site, mine) for mine in shares], 1)
        took = time.perf_counter() - began
        pool.close()
        pool.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [one for times in found for one in times], took, spent


def _print(words: str, times: Times, took: float, spent: float) -> None:
    ordered = sorted(times)
    p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
    rate, each = len(times) / took, spent / len(times) * 1000
    shown = f"{rate:8,.0f} a second   p50 {p50:6.2f} ms   p99 {p99:7.2f} ms"
    print(f"{words:44} {shown}   processor {each:6.3f} ms each", flush=True)


if __name__ == "__main__":
    main()
