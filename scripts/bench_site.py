"""Measure what an operator does: set up, start, import, locate and export.

Usage: scripts/bench_site.py [ROWS]     (rows to import, default 1,000,000)
"""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from invented_points import write_points

from mapapp.domain.areas.gazetteer import load_towns
from mapapp.domain.areas.locate import latlngs_to_zones

MAPAPP = (sys.executable, "-c", "from mapapp.cli import main; main()")
POINTS = 1_000_000


def main(rows: int) -> None:
    """Print one line for each measurement."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MAPAPP_INSTANCE"] = str(folder / "instance")
        _measure_locate()
        points = write_points(folder / "points.csv", rows)
        with _timed("mapapp init, empty to ready"):
            _mapapp("init")
        with _timed("mapapp init, nothing to do"):
            _mapapp("init")
        with _timed("mapapp demo, 20,000 people"):
            _mapapp("demo")
        _measure_start()
        for level, kind in (
            ("region", "csv"),
            ("region", "gpkg"),
            ("zone", "xlsx"),
            ("zone", "gpkg"),
        ):
            with _timed(f"mapapp export, {level} as {kind}"):
                wanted = ("--condition", "dystonia", "--level", level, "--format", kind)
                _mapapp("export", *wanted, "-o", str(folder / f"out.{kind}"))
        with _timed(f"mapapp locate --file, {rows:,} rows"):
            _mapapp("locate", "--file", str(points))
        with _timed(f"mapapp import, {rows:,} rows"):
            _mapapp("import", str(points), "--condition", "dystonia")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{'largest memory of a command':44} {peak:10,.0f} MB")


def _measure_locate() -> None:
    source = np.random.default_rng(1)
    towns = load_towns()
    at = source.integers(len(towns), size=POINTS)
    lats, lngs = towns.lats[at].astype(float), towns.lngs[at].astype(float)
    latlngs_to_zones(lats[:10], lngs[:10])  # loads the table
    start = time.perf_counter()
    latlngs_to_zones(lats, lngs)
    rate = POINTS / (time.perf_counter() - start)
    print(f"{'points to zones, in memory':44} {rate:10,.0f} a second")


def _measure_start() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}/conditions/dystonia/map"
    with _timed("mapapp serve, start to first map"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen([*MAPAPP, "serve", "--port", port], **quiet)
        while not _answers(address):
            time.sleep(0.02)
    server.terminate()
    server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
            return bool(answer.read())
    except OSError:
        return False


def _mapapp(*arguments: str) -> None:
    subprocess.run([*MAPAPP, *arguments], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _timed(words: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{words:44} {time.perf_counter() - start:10.2f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else POINTS)
