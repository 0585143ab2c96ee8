"""What a run was made with, and the page of the documentation into which its tables go."""

import os
import platform
import re
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench_servers import has_wrk

TOP = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- tables: scripts/bench writes from here -->", "<!-- tables end -->"


def machine() -> dict[str, str]:
    """Return, as words, the machine, the programs and the revision; and how busy it is."""
    cpu = _line("/proc/cpuinfo", "model name") or platform.processor()
    memory = int(_line("/proc/meminfo", "MemTotal").split()[0] or 0) / 1024**2
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "revision": _said("git", "-C", str(TOP), "describe", "--always", "--dirty"),
        "machine": f"{os.cpu_count()} cores, {cpu}, {memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "load generator": "wrk" if has_wrk() else "our own",
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def put_into_page(page: Path, words: str) -> None:
    """Put the tables between the two marks of a page.

    Raises:
        ValueError: for a page without the marks.
    """
    text = page.read_text("utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page} has no place for the tables.")
    before, _begin, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n{words}\n\n{END}{after}", "utf-8")


def _line(file: str, name: str) -> str:
    try:
        text = Path(file).read_text("utf-8", "replace")
    except OSError:  # another system
        return "0"
    found = re.search(rf"^{name}\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else "0"


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
