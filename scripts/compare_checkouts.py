"""Compare what two checkouts of the project show to people: scripts/compare BEFORE [AFTER].

Each checkout gets a small site with the same secrets, the same clock and the same people, and a
visitor, a member, a moderator and an admin look at its pages. The script compares the routes, the
status, headers, forms and words of each page, and the queued emails. Random values (ids, tokens,
hashes, dates) are left out. It exits with 1 if anything but words differs: English is edited, so
changed words are listed for a person to read.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from compare_report import compare

HERE = Path(__file__).resolve().parents[1]
WALK = Path(__file__).with_name("compare_walk.py")


def main() -> int:
    """Compare two checkouts, print the differences, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path, nargs="?", default=HERE, help="Default: this one.")
    parser.add_argument("--pages", type=int, default=3, help="Pages of each kind for each person.")
    parser.add_argument("--most", type=int, default=100, help="Differences printed of each kind.")
    parser.add_argument("--roles", nargs="+", help="Instead of visitor robin mod boss.")
    parser.add_argument("--only", nargs="+", help="Beginnings of the paths to look at.")
    parser.add_argument("--site", type=Path, help="Start from a copy of this instance folder.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        walks = [
            start_walk(checkout, Path(folder) / name, asked)
            for name, checkout in (("before", asked.before), ("after", asked.after))
        ]
        before, after = (_end_walk(walk, where) for walk, where in walks)
    report = compare(before, after)
    print(*report.lines(asked.most), sep="\n")
    return 0 if report.is_same else 1


def start_walk(
    checkout: Path, folder: Path, asked: argparse.Namespace
) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a process that walks through the site of ``checkout`` and writes into ``folder``."""
    folder.mkdir()
    own = checkout.resolve() / ".venv" / "bin" / "python"
    python = str(own) if own.exists() else sys.executable
    options = ["--pages", str(asked.pages)]
    if asked.site:
        options += ["--site", str(asked.site.resolve())]
    for name in ("roles", "only"):
        if chosen := getattr(asked, name):
            options += [f"--{name}", *chosen]
    # Then sets of words have the same order in both.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    call = [python, str(WALK), str(checkout), str(folder), *options]
    return subprocess.Popen(call, env=environment), folder


def _end_walk(walk: subprocess.Popen[bytes], folder: Path) -> dict[str, Any]:
    if walk.wait() != 0:
        raise SystemExit(f"The walk through the site {folder.name} failed.")
    found: dict[str, Any] = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
