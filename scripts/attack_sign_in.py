#!/usr/bin/env python
"""Try to find out from the sign-in page whether an e-mail address has an account.

Starts a site in a temporary folder, makes members with open and with suspended accounts, and sends
requests for four kinds of addresses in random order. Ends with 1 if anything tells them apart:
bytes, headers, medians more than 5 ms apart, or a threshold on the time that sorts them better
than chance. ``--leak 3`` makes the site slower by 3 ms for members, to see that it would be found.

Usage: scripts/attack_sign_in.py [--each N] [--leak MS] [--database URL]
"""

import argparse
import http.client
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from mapapp.actions import quotas
from mapapp.actions import sign_in as signing_in
from mapapp.actions.addresses import find_member, find_or_make_member, keys_of
from mapapp.app import create_app
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member
from mapapp.store.migrate import upgrade

# All as long as each other, so that nothing differs but what they are.
KINDS = {
    "known": "known{:05d}@example.org",
    "suspended": "close{:05d}@example.org",
    "unknown": "other{:05d}@example.org",
    "malformed": "wrong{:05d}@example..rg",
}
MOST_MS = 5.0
MOST_AUC = 0.55
RESAMPLES = 1000
SECONDS = 75  # of asking; starting the site takes some more
WARM_UP = 40
SILENT = {"date"}  # headers that tell the time of day to everybody


@dataclass(frozen=True)
class Answer:
    """One answer of the site.

    Attributes:
        seen: status, headers and body, without the random key of the session.
        ms: how long it took, in milliseconds.
    """

    seen: tuple[int, tuple[tuple[str, str], ...], bytes]
    ms: float


def main(each: int, leak: float, database: str) -> int:
    """Attack a site of our own and return 0 if nothing was found."""
    with (
        tempfile.TemporaryDirectory(prefix="mapapp-attack-") as name,
        _site(Path(name), each, leak, database) as port,
    ):
        answers = _attack(port, each)
    found = findings(answers)
    for finding in found:
        print(f"FOUND: {finding}")
    print("Nothing tells them apart." if not found else "The page tells who is known.")
    return 1 if found else 0


def findings(answers: dict[str, list[Answer]]) -> list[str]:
    """Print the figures, and return what tells kinds of addresses apart, in words."""
    found = []
    if len({answer.seen for kind in answers.values() for answer in kind}) > 1:
        found.append("bytes or headers differ")
    times = {kind: np.array([a.ms for a in some]) for kind, some in answers.items()}
    medians = {kind: float(np.median(some)) for kind, some in times.items()}
    for kind, median in medians.items():
        spread = statistics.quantiles(times[kind].tolist(), n=4)
        print(f"{kind:10} {len(times[kind]):5} answers, median {median:7.2f} ms, ", end="")
        print(f"quartiles {spread[0]:.2f} to {spread[2]:.2f} ms")
    apart = max(medians.values()) - min(medians.values())
    print(f"largest difference of medians: {apart:.2f} ms (at most {MOST_MS:.0f})")
    if apart > MOST_MS:
        found.append(f"medians are {apart:.2f} ms apart")
    for kind in ("known", "suspended"):
        best, low, high = best_threshold(times[kind], times["unknown"])
        print(f"{kind} or unknown by the best threshold: AUC {best:.3f}, ", end="")
        print(f"95 % of resamples {low:.3f} to {high:.3f} (from at most {MOST_AUC})")
        if low > MOST_AUC:
            found.append(f"times sort {kind} from unknown addresses, AUC {best:.3f}")
    return found


def best_threshold(
    ones: np.ndarray, others: np.ndarray, seed: int = 1
) -> tuple[float, float, float]:
    """Return the area under the curve of sorting by time, and the ends of its 95 % interval.

    0.5 is chance, 1 is certainty. Which side of the threshold means what is chosen once, by all
    times, as an attacker would: choosing anew in each resample would make chance look like skill.
    """
    all_in_all = _area(ones, others)
    turned = all_in_all < 0.5
    chance = np.random.default_rng(seed)
    areas = [
        _area(chance.choice(ones, len(ones)), chance.choice(others, len(others)))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile([1 - a if turned else a for a in areas], [0.025, 0.975])
    return (1 - all_in_all if turned else all_in_all), float(low), float(high)


def _area(ones: np.ndarray, others: np.ndarray) -> float:
    """Return how often one of ``ones`` took longer than one of ``others``; ties count half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, ones, "left")
    up_to = np.searchsorted(ordered, ones, "right")
    return float((below + up_to).mean() / 2 / len(others))


def _attack(port: int, each: int) -> dict[str, list[Answer]]:
    # One of each kind in turn, each turn in another order: what slows the machine down for a while
    # slows all kinds.
    order = [(kind, n) for n in range(each) for kind in random.sample(list(KINDS), len(KINDS))]
    answers: dict[str, list[Answer]] = {kind: [] for kind in KINDS}
    end = time.monotonic() + SECONDS
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        cookie, token = _open_page(connection)
        for n in range(WARM_UP):
            _ask(connection, cookie, token, KINDS["unknown"].format(90_000 + n))
        for kind, n in order:
            answers[kind].append(_ask(connection, cookie, token, KINDS[kind].format(n)))
            if time.monotonic() > end:
                print("The time is up; these are the figures so far.")
                break
    return answers


def _open_page(connection: http.client.HTTPConnection) -> tuple[str, str]:
    connection.request("GET", "/sign-in")
    response = connection.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.read().decode())
    cookie = response.getheader("Set-Cookie", "")
    if response.status != 200 or not token:
        raise SystemExit(f"The sign-in page answered {response.status}.")
    return str(cookie).partition(";")[0], token[1]


def _ask(connection: http.client.HTTPConnection, cookie: str, token: str, email: str) -> Answer:
    body = urlencode({"email": email, "next": "/", "csrf_token": token})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    begun = time.perf_counter()
    connection.request("POST", "/sign-in", body, headers)
    response = connection.getresponse()
    content = response.read()
    ms = (time.perf_counter() - begun) * 1000
    said = [(n.lower(), _without_key(n.lower(), value)) for n, value in response.getheaders()]
    shown = tuple((name, value) for name, value in said if name not in SILENT)
    if response.status != 303:
        raise SystemExit(f"The site answered {response.status} instead of 303.")
    return Answer((response.status, shown, content), ms)


def _without_key(name: str, value: str) -> str:
    """Return a header's value; of a cookie with a random key only how long the key is."""
    if name != "set-cookie":
        return value
    return re.sub(r"=([^;]+)", lambda key: f"=<{len(key[1])} letters>", value, count=1)


@contextmanager
def _site(folder: Path, each: int, leak: float, database: str) -> Iterator[int]:
    """A site with members, served as ``mapapp serve`` does; gives its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    variables = {
        "MAPAPP_INSTANCE": str(folder / "instance"),
        "MAPAPP_DATABASE_URL": database,
        "MAPAPP_BASE_URL": f"http://127.0.0.1:{port}",
    }
    os.environ.update(variables)
    _fill(load_settings(), each)
    more = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, __file__, "--serve", str(port), "--leak", str(leak)]
    server = subprocess.Popen(command, env={**os.environ, **more}, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def _fill(settings: Settings, each: int) -> None:
    engine = make_engine(settings.sqlalchemy_url)
    upgrade(engine, keys_of(settings))
    with transaction(engine) as session:
        for n in range(each):
            find_or_make_member(session, settings, KINDS["known"].format(n))
            closed = find_or_make_member(session, settings, KINDS["suspended"].format(n))
            session.get_one(Member, closed).active = False
    engine.dispose()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The site did not start.")


def _serve(port: int, leak: float) -> None:
    os.environ["ATTACK_LEAK"] = str(leak)
    Server(
        "attack_sign_in:make_site",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=1,
        blocking_threads=4,
        log_enabled=False,
        websockets=False,
    ).serve()


def make_site() -> Flask:
    """Return the site with its limits on asking switched off, and slower for members if asked."""
    for name in ("SIGN_IN_LINKS", "SIGN_IN_ASKS"):
        setattr(quotas, name, replace(getattr(quotas, name), most=10**9))
    leak, ask = float(os.environ.get("ATTACK_LEAK", "0")), signing_in.ask

    def _leaking(session, settings, address, *more):  # type: ignore[no-untyped-def]
        if leak and find_member(session, settings, address):
            time.sleep(leak / 1000)
        return ask(session, settings, address, *more)

    signing_in.ask = _leaking
    return create_app()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=400, help="requests of each kind (from 200)")
    parser.add_argument("--leak", type=float, default=0, help="milliseconds that members cost more")
    parser.add_argument("--database", default="", help="URL of an empty database (default: SQLite)")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given.serve, given.leak)
    else:
        sys.exit(main(max(200, given.each), given.leak, given.database))
