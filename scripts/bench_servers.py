"""Programs that are measured from outside: servers, their load, commands, and what each takes."""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

MAPAPP = (sys.executable, "-P", "-c", "from mapapp.cli import main; main()")
"""The program, of the checkout that PYTHONPATH names, wherever this is called."""
ENCODINGS = "gzip, deflate, br, zstd"
TOGETHER = 16
"""Requests that are sent at once over each connection, so that this program is not what waits."""
CONNECTIONS = 4
CONNECTIONS_OF_WRK = 32
WORKERS = 2
LONGEST_START = 120  # seconds
Env = dict[str, str]


@dataclass(frozen=True)
class Cost:
    """What a program took: seconds of the clock and of processors, and memory in MB."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str], env: Env | None = None) -> Cost:
    """Run a program to its end, without what it prints; fail if it fails."""
    start, most = time.perf_counter(), 0.0
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as program:
        # What the system says afterwards would be at least the memory of this process.
        while (ended := os.wait4(program.pid, os.WNOHANG))[0] == 0:
            most = max(most, _kilobytes(f"/proc/{program.pid}/status", "VmHWM") / 1024)
            time.sleep(0.005)
        wall = time.perf_counter() - start
        program.returncode = os.waitstatus_to_exitcode(ended[1])
    if program.returncode:
        raise RuntimeError(f"{' '.join(command)} failed with {program.returncode}.")
    return Cost(wall, ended[2].ru_utime + ended[2].ru_stime, most)


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(
    command: Sequence[str], env: Env | None = None
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run a server, whose last argument becomes the port, until it is not needed any more.

    Gives port and process as soon as somebody listens.
    """
    port = free_port()
    server = subprocess.Popen([*command, str(port)], env=env, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + LONGEST_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > end or server.poll() is not None:
                    raise RuntimeError(f"The server does not start: {command}") from None
                time.sleep(0.01)
        yield port, server
    finally:
        server.terminate()
        server.wait(30)


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


def seconds_used(pids: Sequence[int]) -> float:
    """Return the processor time that running processes have taken so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def share_of_memory(pid: int) -> float:
    """Return the MB of a process, with its share of what it shares with others (PSS)."""
    return _kilobytes(f"/proc/{pid}/smaps_rollup", "Pss") / 1024


def _kilobytes(file: str, name: str) -> int:
    """Return a line's figure; 0 where there is none, as for a process that has just ended."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(file).read_text("utf-8"), re.MULTILINE)
    return int(found[1]) if found else 0


def has_wrk() -> bool:
    """Whether the load comes from wrk, and not from here."""
    return shutil.which("wrk") is not None


def rate(port: int, path: str, known: str, seconds: float) -> float:
    """Return how many answers a second a server gives, warm.

    Args:
        port: where it listens on this machine.
        path: what is asked for.
        known: the tag of the answer that is known already, '' for none.
        seconds: for how long to ask.
    """
    _own_rate(port, path, known, 0.2)  # each process makes its answer first
    asked = _rate_of_wrk if has_wrk() else _own_rate
    return asked(port, path, known, seconds)


def _rate_of_wrk(port: int, path: str, known: str, seconds: float) -> float:
    headers = [f"Accept-Encoding: {ENCODINGS}", *([f"If-None-Match: {known}"] if known else [])]
    given = [word for header in headers for word in ("-H", header)]
    load = ["-t1", f"-c{CONNECTIONS_OF_WRK}", f"-d{max(round(seconds), 1)}s"]
    done = subprocess.run(
        ["wrk", *load, *given, f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"wrk says:\n{done.stdout}")
    return float(found[1])


def _own_rate(port: int, path: str, known: str, seconds: float) -> float:
    """Return the median over the connections and parts of a second."""
    ask = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {ENCODINGS}\r\n"
    ask += f"If-None-Match: {known}\r\n\r\n" if known else "\r\n"
    open_ones = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(CONNECTIONS)]
    try:
        for _ in range(20):
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
