"""Measure an import beside sqlite3's own .import of the same file, and taking it out again.

Usage: scripts/bench_import.py [ROWS] [--site FOLDER]

ROWS is how many (1,000,000). With --site the people go into a copy of that instance folder, such
as one that `mapapp bench-site` filled; else into an empty site. What is printed is processor time,
user and system, of commands in one run. sqlite3 puts the lines into one table without an index.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MAPAPP = (sys.executable, "-c", "from mapapp.cli import main; main()")
WRITE_POINTS = Path(__file__).with_name("invented_points.py")
CONDITION = ("--condition", "dystonia")
ROWS = 1_000_000


def main() -> None:
    """Print one line for each command: seconds of processor time, and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--site", type=Path, help="Folder of a site to copy.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mapapp-bench-") as name:
        folder = Path(name)
        os.environ["MAPAPP_INSTANCE"] = str(folder / "site")
        points = folder / "people.csv"
        # In a process of its own: the memory of this one would be counted with each that it starts.
        _run((sys.executable, str(WRITE_POINTS), str(points), str(given.rows)))
        _measure("sqlite3 .import", *_of_sqlite(folder, points))
        if given.site:
            shutil.copytree(given.site, folder / "site")
        else:
            _run((*MAPAPP, "init"))
        named = (*CONDITION, "--name", "people")
        _measure("mapapp import --check", *MAPAPP, "import", str(points), *named, "--check")
        _measure("mapapp import", *MAPAPP, "import", str(points), *named)
        _measure("mapapp import, again", *MAPAPP, "import", str(points), *named)
        _measure("mapapp import --undo", *MAPAPP, "import", "--undo", "people", *CONDITION)


def _of_sqlite(folder: Path, points: Path) -> tuple[str, ...]:
    program = shutil.which("sqlite3")
    if program is None:
        return ()
    return program, str(folder / "plain.sqlite"), "-csv", f".import {points} people"


def _measure(words: str, *command: str) -> None:
    if not command:
        print(f"{words:32} not installed", flush=True)
        return
    used, peak = _run(command)
    print(f"{words:32} {used:8.1f} s {peak:8.0f} MB", flush=True)


def _run(command: tuple[str, ...]) -> tuple[float, float]:
    """Return the processor time of a command in seconds, and its peak memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _pid, status, use = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: ended with {process.returncode}")
    return use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


if __name__ == "__main__":
    main()
