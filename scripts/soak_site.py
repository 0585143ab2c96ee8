"""A private site with real processes: `mapapp serve`, `mapapp worker`, `mapapp publish`."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from soak_http import HOST

PROGRAM = "from mapapp.cli import main; main()"
WEB_PROCESSES = 2
FAR = timedelta(hours=8)
"""How far the publication of the day is, so that only commands of this run publish."""
START_SECONDS = 300.0


class Site:
    """A site in a folder of its own, on a port of its own.

    Args:
        folder: empty; all that the site writes is in it, temporary files too.
        database_url: '' for SQLite in that folder.
        plant: Python that runs first in each process, to plant a fault that is to be found.
    """

    def __init__(self, folder: Path, database_url: str = "", plant: str = "") -> None:
        self.folder = folder
        self._program = (sys.executable, "-c", f"{plant}\n{PROGRAM}")
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.is_up = threading.Event()
        self.kills: list[str] = []
        hour = datetime.now(UTC) + FAR
        self.settings = {
            "MAPAPP_INSTANCE": str(folder / "instance"),
            "MAPAPP_DATABASE_URL": database_url,
            "MAPAPP_BASE_URL": f"http://{HOST}:{self.port}",
            "MAPAPP_DEV": "1",  # mails are read at /dev/mail
            "MAPAPP_PUBLISH": f"daily@{hour:%H:%M}",
            "MAPAPP_TRUSTED_PROXIES": "1",  # each reader comes from a network of their own
        }
        others = {k: v for k, v in os.environ.items() if not k.startswith("MAPAPP_")}
        (folder / "tmp").mkdir()
        (folder / "logs").mkdir()
        self._variables = {**others, **self.settings, "TMPDIR": str(folder / "tmp")}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program to its end."""
        return subprocess.run(
            [*self._program, *arguments],
            env=self._variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def begin(self, *arguments: str, first: str = "") -> "subprocess.Popen[bytes]":
        """Start a command of the program; what it says goes into a file of its name.

        ``first``: Python that this process runs first.
        """
        python, how, what = self._program
        with self._log(arguments[0]) as log:
            return subprocess.Popen(
                [python, how, f"{first}\n{what}", *arguments],
                env=self._variables,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def _log(self, name: str) -> IO[bytes]:
        return (self.folder / "logs" / f"{name}.log").open("ab")

    def start(self) -> None:
        """Start what is not running, and wait until the site answers."""
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self.begin("worker")
        end, how_many = time.monotonic() + START_SECONDS, ("--workers", str(WEB_PROCESSES))
        while time.monotonic() < end:
            if self.server is None or self.server.poll() is not None:
                # An orphan of the last server may still hold the port: then this one ends at once.
                self.server = self.begin("serve", "--port", str(self.port), *how_many)
            if self._answers():
                self.is_up.set()
                return
            time.sleep(0.1)
        said = (self.folder / "logs" / "serve.log").read_text()
        raise SystemExit(f"The site did not start. {said[-2000:]}")

    def _answers(self) -> bool:
        ready = f"http://{HOST}:{self.port}/readyz"
        with suppress(OSError), urllib.request.urlopen(ready, timeout=5):
            return self.server is not None and self.server.poll() is None
        return False

    def stop(self) -> None:
        """End all processes."""
        self.is_up.clear()
        for process, how in ((self.server, signal.SIGINT), (self.worker, signal.SIGTERM)):
            if process is not None and process.poll() is None:
                process.send_signal(how)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def kill(self, which: str, chance: random.Random) -> None:
        """End a process at once: "web process", "worker" or "server"; start again what is gone."""
        if which == "worker":
            assert self.worker is not None
            self.worker.kill()
            self.worker.wait()
        else:
            assert self.server is not None
            self.is_up.clear()
            orphans = children_of(self.server.pid)
            killed = self.server.pid if which == "server" else chance.choice(orphans)
            os.kill(killed, signal.SIGKILL)
            self.server.wait()
            wait_for_end(orphans)
        self.kills.append(which)
        self.start()


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started, by number."""
    told = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(one) for one in told.split()]


def wait_for_end(processes: list[int], seconds: float = 30.0) -> None:
    """Return when none of these processes is there any more."""
    end = time.monotonic() + seconds
    while any(is_there(one) for one in processes):
        if time.monotonic() > end:
            raise SystemExit("A process of the server outlived it.")
        time.sleep(0.05)


def is_there(process: int) -> bool:
    """Whether a process lives; one that has ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.create_server((HOST, 0))) as probe:
        return int(probe.getsockname()[1])
