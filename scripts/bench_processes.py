"""Measure a site from outside: its commands, the start of its server, and its memory."""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench_goals import PROCESSES, Figure, Figures
from bench_servers import (
    MAPAPP,
    WORKERS,
    children,
    run,
    seconds_used,
    served,
    share_of_memory,
)

MAP = "/conditions/dystonia/map"
PAGES = (
    "/",
    "/conditions",
    "/conditions?q=dystonia",
    "/conditions/dystonia",
    MAP,
    "/conditions/dystonia/areas/world",
    "/conditions/dystonia/areas/US",
    "/api/v1/conditions/dystonia/counts?level=zone&include=points",
    "/conditions/dystonia/nearby?area=0",
    "/readyz",
)
HELPS = 5
VISITS = 6  # for each page: as many as all processes need to have answered


def measure_processes(folder: Path) -> Figures:
    """Return the figures of ``bench_goals.PROCESSES``; the site in ``folder`` is read."""
    env = {**os.environ, "MAPAPP_INSTANCE": str(folder), "MAPAPP_PUBLISH": "daily@04:00"}
    found: Figures = {}
    for act in (_verify, _help, _server):
        found |= _tried(lambda act=act: act(env), act.__name__.strip("_"))  # type: ignore[misc]
    for row in PROCESSES:
        if "median" in found.get(row.key, {}):
            say = f"{found[row.key]['median']:.2f} {row.unit}"
            print(f"  {row.words:60} {say}", file=sys.stderr, flush=True)
    return found


def _tried(act: Callable[[], Figures], name: str) -> Figures:
    try:
        return act()
    except (RuntimeError, OSError) as error:
        print(f"  {name} failed: {error}", file=sys.stderr, flush=True)
        keys = {"server": ("start", "worker_memory"), "verify": ("verify", "verify_memory")}
        return {key: {"error": str(error)} for key in keys.get(name, (name,))}


def _verify(env: dict[str, str]) -> Figures:
    cost = run([*MAPAPP, "counts", "verify"], env)
    return {
        "verify": {"median": cost.wall, "cpu": cost.cpu},
        "verify_memory": {"median": cost.memory},
    }


def _help(env: dict[str, str]) -> Figures:
    costs = sorted((run([*MAPAPP, "--help"], env) for _ in range(HELPS)), key=lambda c: c.wall)
    middle: Figure = {"median": costs[HELPS // 2].wall, "p95": costs[-1].wall}
    return {"help": {**middle, "cpu": costs[HELPS // 2].cpu, "memory": costs[-1].memory}}


def _server(env: dict[str, str]) -> Figures:
    command = [*MAPAPP, "serve", "--workers", str(WORKERS), "--port"]
    start = time.perf_counter()
    with served(command, env) as (port, server):
        address = f"http://127.0.0.1:{port}"
        _read(address + MAP)
        wall = time.perf_counter() - start
        cpu = seconds_used([server.pid, *children(server.pid)])
        for page in PAGES * VISITS:
            _read(address + page)
        memory = max(share_of_memory(pid) for pid in children(server.pid))
    return {"start": {"median": wall, "cpu": cpu}, "worker_memory": {"median": memory}}


def _read(address: str) -> None:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
            answer.read()
    except urllib.error.HTTPError as refused:
        if refused.code != 429:  # a visitor who looks around that often is asked to wait
            raise RuntimeError(f"{address} answered {refused.code}") from None
