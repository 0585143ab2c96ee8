#!/usr/bin/env python
"""Try to keep a site from answering others, with connections on which next to nothing happens.

Starts a site in a temporary folder as ``mapapp serve`` does, without a proxy, and opens many
connections of each kind: no word, half a head, heads letter by letter, half a form, endless chunks,
a form that waits to be asked for, answers that nobody reads, and connections left open. While
they are held (and renewed as the server closes them), others ask for pages and send forms. Exits
with 1 if one of these fails, or takes longer than ``--patience`` seconds.

Usage: scripts/attack_slow.py [--each N] [--seconds S] [--patience S]
"""

import argparse
import asyncio
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HOST = "127.0.0.1"
POST = "POST /sign-in HTTP/1.1\r\nHost: site\r\nContent-Type: application/x-www-form-urlencoded\r\n"
KINDS = {
    "silent": "",
    "half a head": "GET / HTTP/1.1\r\nHost: si",
    "slow head": "GET / HTTP/1.1\r\nHost: site\r\n",
    "half a form": f"{POST}Content-Length: 50000\r\n\r\nemail=an&x=",
    "endless chunks": f"{POST}Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n",
    "waits to be asked": f"{POST}Content-Length: 50000\r\nExpect: 100-continue\r\n\r\n",
    "unread": "GET {large} HTTP/1.1\r\nHost: site\r\n\r\n" * 40,
    "left open": "GET /healthz HTTP/1.1\r\nHost: site\r\n\r\n",
}
DRIPS = {"slow head": b"X-A: b\r\n", "endless chunks": b"1\r\na\r\n", "half a form": b"a"}
DRIP_SECONDS = 2.0
SMALL = 4096  # bytes that the system takes in for a reader who does not read


@dataclass
class Siege:
    """Connections that are held open, by kind, and how often the server closed one."""

    port: int
    large: str
    open: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)

    async def hold(self, kind: str) -> None:
        """Hold one connection of a kind, and open another when the server closes it."""
        while True:
            try:
                await self._once(kind)
            except OSError:
                await asyncio.sleep(0.2)

    async def _once(self, kind: str) -> None:
        end = socket.socket()
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        end.setblocking(False)
        loop = asyncio.get_running_loop()
        with closing(end):
            await loop.sock_connect(end, (HOST, self.port))
            await loop.sock_sendall(end, KINDS[kind].format(large=self.large).encode())
            self.open[kind] += 1
            try:
                await self._wait(kind, end)
            finally:
                self.open[kind] -= 1
                self.closed[kind] += 1

    async def _wait(self, kind: str, end: socket.socket) -> None:
        """Return or raise when the server has closed the connection."""
        loop = asyncio.get_running_loop()
        while kind in DRIPS:
            await asyncio.sleep(DRIP_SECONDS)
            await loop.sock_sendall(end, DRIPS[kind])
        while kind == "unread":
            # An ended connection shows without a byte being read.
            await asyncio.sleep(DRIP_SECONDS)
            if end.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                return
        while await loop.sock_recv(end, SMALL):
            pass


@contextmanager
def besieged(port: int, each: int) -> Iterator[Siege]:
    """Hold ``each`` connections of every kind while the block runs."""
    siege = Siege(port, _large(port))
    loop = asyncio.new_event_loop()

    async def _all() -> None:
        await asyncio.gather(*(siege.hold(kind) for kind in KINDS for _ in range(each)))

    task = loop.create_task(_all())
    thread = threading.Thread(target=_until_cancelled, args=(loop, task), daemon=True)
    thread.start()
    try:
        yield siege
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()


def _until_cancelled(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[None]") -> None:
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)


def _large(port: int) -> str:
    """Return the address of the largest file that every visitor may have."""
    page = urllib.request.urlopen(f"http://{HOST}:{port}/conditions/dystonia/map", timeout=60)
    with page:
        found = re.search(rb"/assets/\w+/", page.read())
    if not found:
        raise SystemExit("The map names no file of the site.")
    return found[0].decode() + "leaflet/leaflet.js"


def visit(port: int, patience: float) -> tuple[float, str]:
    """Open a page and send a form; return the seconds that took, and what failed ('': nothing)."""
    begun, base = time.monotonic(), f"http://{HOST}:{port}"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(f"{base}/conditions/dystonia", timeout=patience) as answer:
            answer.read()
        with opener.open(f"{base}/sign-in", timeout=patience) as answer:
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
        form = {"email": "no address", "csrf_token": token[1] if token else ""}
        sent = urllib.request.Request(f"{base}/sign-in", urlencode(form).encode())  # noqa: S310
        try:
            opener.open(sent, timeout=patience).close()
            said = ""
        except urllib.error.HTTPError as refused:  # it is no address, so no mail is queued
            said = refused.read().decode()
    except OSError as error:  # also what urllib raises for statuses and for the end of patience
        return time.monotonic() - begun, repr(error)
    took = time.monotonic() - begun
    return (
        took,
        "" if "Mail cannot be sent to this address" in said else "the form was not answered",
    )


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve an empty site with ``mapapp serve`` as it is; yield its port."""
    with closing(socket.create_server((HOST, 0))) as probe:
        port = int(probe.getsockname()[1])
    base = f"http://{HOST}:{port}"
    given = {"MAPAPP_INSTANCE": str(folder), "MAPAPP_BASE_URL": base, "MAPAPP_DATABASE_URL": ""}
    variables = {**os.environ, **given}
    program = [sys.executable, "-c", "from mapapp.cli import main; main()"]
    subprocess.run([*program, "init"], env=variables, check=True, stdout=subprocess.DEVNULL)
    command = [*program, "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def wait_for(port: int) -> None:
    """Return when the site answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The site did not start.")


def main(each: int, seconds: float, patience: float) -> int:
    """Attack a site of our own; return 0 if others were answered all the time, else 1."""
    took, failed = [], Counter[str]()
    with tempfile.TemporaryDirectory(prefix="mapapp-slow-") as name, served(Path(name)) as port:
        before = statistics.median(visit(port, patience)[0] for _ in range(5))
        with besieged(port, each) as siege:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                one, problem = visit(port, patience)
                took.append(one)
                failed[problem] += bool(problem)
                time.sleep(0.2)
            print("held at the end:", dict(siege.open))
            print("closed by the server:", dict(siege.closed))
    print(f"visits: {len(took)}, median {statistics.median(took):.2f} s (before {before:.2f} s), ")
    print(f"longest {max(took):.2f} s, failed {dict(+failed)}")
    return 1 if +failed or max(took) > patience else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=200, help="connections of each kind")
    parser.add_argument("--seconds", type=float, default=120, help="length of the attack")
    parser.add_argument("--patience", type=float, default=20, help="seconds that a visitor waits")
    asked = parser.parse_args()
    sys.exit(main(asked.each, asked.seconds, asked.patience))
