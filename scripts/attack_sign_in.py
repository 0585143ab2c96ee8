#!/usr/bin/env python
"""Try to find out from the sign-in page whether an email address has an account.

Starts a site in a temporary folder, makes members with active and suspended accounts, and sends
requests for four kinds of addresses in random order. Exits with 1 if anything tells them apart:
bytes, headers, medians more than 5 ms apart, or a time threshold that sorts them better than
chance. ``--leak 3`` makes the site 3 ms slower for members, to show that this would be found.

``--join`` attacks the page for joining instead, whose form has a place that waits for the link.

Usage: scripts/attack_sign_in.py [--each N] [--leak MS] [--join] [--database URL]
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

from mapapp.actions.account import sign_in_link
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.mail.member_addresses import find_member, find_or_make_member
from mapapp.app import THREADS, create_app
from mapapp.cli.server import make_server
from mapapp.domain.areas.area_tree import load_areas
from mapapp.settings import Settings, load_settings
from mapapp.store.conditions import Condition
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member
from mapapp.store.migrate import upgrade
from mapapp.web.core.serving import WholeRequests

# All have the same length, so that only their kind differs.
KINDS = {
    "known": "known{:05d}@example.org",
    "suspended": "close{:05d}@example.org",
    "unknown": "other{:05d}@example.org",
}
SLUG = "dystonia"
MOST_MS = 5.0
MOST_AUC = 0.55
RESAMPLES = 1000
SECONDS = 75  # of requests, not counting the start of the site
WARM_UP = 40
SILENT = {"date"}  # headers that show the time to everyone


SIGN_IN, JOIN = "/sign-in", f"/conditions/{SLUG}/join"
FIELDS: dict[str, dict[str, str]] = {
    SIGN_IN: {"next": "/"},
    JOIN: {
        "area_id": "1",
        "area_version": load_areas().version,
        "precision": "country",
        "visibility": "map",
        "role": "self",
        "pseudonym": "Quiet Heron",
        "languages": "en",
    },
}
"""The pages that send a link, with what their forms send beside the address."""


@dataclass(frozen=True)
class Form:
    """A form that was opened: its page, the browser's cookie, what it sends."""

    page: str
    cookie: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """A response of the site.

    Attributes:
        seen: status, headers and body, without the random session key.
        ms: how long it took, in milliseconds.
    """

    seen: tuple[int, tuple[tuple[str, str], ...], bytes]
    ms: float


def main(each: int, leak: float, database: str, page: str = SIGN_IN) -> int:
    """Attack a page of a site of our own; return 0 if nothing was found, else 1."""
    with (
        tempfile.TemporaryDirectory(prefix="mapapp-attack-") as name,
        _site(Path(name), each, leak, database) as port,
    ):
        answers = _attack(port, each, page)
    found = findings(answers)
    for finding in found:
        print(f"FOUND: {finding}")
    print("Nothing tells them apart." if not found else "The page reveals who has an account.")
    return 1 if found else 0


def findings(answers: dict[str, list[Answer]]) -> list[str]:
    """Print the figures; return what tells kinds of addresses apart, in words."""
    found = []
    if len({answer.seen for kind in answers.values() for answer in kind}) > 1:
        found.append("bytes or headers differ")
    times = {kind: np.array([a.ms for a in some]) for kind, some in answers.items()}
    medians = {kind: float(np.median(some)) for kind, some in times.items()}
    for kind, median in medians.items():
        spread = statistics.quantiles(times[kind].tolist(), n=4)
        print(f"{kind:10} {len(times[kind]):5} responses, median {median:7.2f} ms, ", end="")
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
    """Return the area under the ROC curve of sorting by time, and its 95 % confidence interval.

    0.5 is chance, 1 is certainty. Which side of the threshold means "member" is chosen once, from
    all times, as an attacker would: choosing it again in each resample would flatter chance.
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


def _attack(port: int, each: int, page: str) -> dict[str, list[Answer]]:
    # Each round has one request of each kind, in random order, so that a slow spell of the machine
    # affects all kinds alike.
    order = [(kind, n) for n in range(each) for kind in random.sample(list(KINDS), len(KINDS))]
    answers: dict[str, list[Answer]] = {kind: [] for kind in KINDS}
    end = time.monotonic() + SECONDS
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        form = _open_page(connection, page)
        for n in range(WARM_UP):
            _ask(connection, form, KINDS["unknown"].format(90_000 + n))
        for kind, n in order:
            answers[kind].append(_ask(connection, form, KINDS[kind].format(n)))
            if time.monotonic() > end:
                print("Time is up; these are the figures so far.")
                break
    return answers


def _open_page(connection: http.client.HTTPConnection, page: str) -> Form:
    connection.request("GET", page)
    response = connection.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.read().decode())
    cookie = str(response.getheader("Set-Cookie", "")).partition(";")[0]
    if response.status != 200 or not token:
        raise SystemExit(f"The page {page} answered {response.status}.")
    return Form(page, cookie, {**FIELDS[page], "csrf_token": token[1]})


def _ask(connection: http.client.HTTPConnection, form: Form, email: str) -> Answer:
    body = urlencode(form.fields | {"email": email})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": form.cookie}
    begun = time.perf_counter()
    connection.request("POST", form.page, body, headers)
    response = connection.getresponse()
    content = response.read()
    ms = (time.perf_counter() - begun) * 1000
    said = [(n.lower(), _without_key(n.lower(), value)) for n, value in response.getheaders()]
    shown = tuple((name, value) for name, value in said if name not in SILENT)
    if response.status != 303:
        raise SystemExit(f"The site answered {response.status} instead of 303.")
    return Answer((response.status, shown, content), ms)


def _without_key(name: str, value: str) -> str:
    """Return a header's value, with a cookie's random key replaced by its length."""
    if name != "set-cookie":
        return value
    return re.sub(r"=([^;]+)", lambda key: f"=<{len(key[1])} letters>", value, count=1)


@contextmanager
def _site(folder: Path, each: int, leak: float, database: str) -> Iterator[int]:
    """Serve a site with members as ``mapapp serve`` does; yield its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    variables = {
        "MAPAPP_INSTANCE": str(folder / "instance"),
        "MAPAPP_DATABASE_URL": database,
        "MAPAPP_BASE_URL": f"http://127.0.0.1:{port}",
    }
    os.environ.update(variables)
    (folder / "instance").mkdir()
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
    upgrade(engine)
    with transaction(engine) as session:
        made = Condition(code="LOCAL:1", slug=SLUG, name="Dystonia", group="", shown=True)
        session.add(made)
        for n in range(each):
            find_or_make_member(Context(session, settings), KINDS["known"].format(n))
            closed = find_or_make_member(Context(session, settings), KINDS["suspended"].format(n))
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
    make_server("127.0.0.1", port, 1, "attack_sign_in:make_site").serve()


def make_site() -> WholeRequests:
    """Return the site without limits on requests; if asked, it is slower for members."""
    for name in ("SIGN_IN_LINKS", "SIGN_IN_ASKS"):
        setattr(quotas, name, replace(getattr(quotas, name), most=10**9))
    leak, ask = float(os.environ.get("ATTACK_LEAK", "0")), sign_in_link.request_link

    def _leaking(ctx, address, *more):  # type: ignore[no-untyped-def]
        if leak and find_member(ctx, address):
            time.sleep(leak / 1000)
        return ask(ctx, address, *more)

    sign_in_link.request_link = _leaking
    return WholeRequests(create_app(), THREADS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=400, help="requests of each kind (from 200)")
    parser.add_argument("--leak", type=float, default=0, help="milliseconds that members cost more")
    parser.add_argument("--join", action="store_true", help="attack the page for joining")
    parser.add_argument("--database", default="", help="URL of an empty database (default: SQLite)")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given.serve, given.leak)
    else:
        page = JOIN if given.join else SIGN_IN
        sys.exit(main(max(200, given.each), given.leak, given.database, page))
