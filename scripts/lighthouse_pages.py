"""Let Lighthouse judge pages of the demo as a phone sees them: scripts/lighthouse."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench_compare import TOP
from bench_markdown import table
from first_view import PROGRAMS, serve_demo

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = (
    "/",
    "/conditions/dystonia",
    "/conditions/dystonia/map",
    "/conditions/dystonia/questions/treatments",
    "/conditions/dystonia/nearby",
)
LIGHTHOUSE = TOP / "tools/node_modules/.bin/lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
Report = dict[str, Any]


def main() -> None:
    """Print a table of the four categories, and with --faults what they miss."""
    parser = argparse.ArgumentParser(prog="scripts/lighthouse", description=__doc__)
    parser.add_argument("--pages", nargs="+", default=list(PAGES))
    parser.add_argument("--turns", type=int, default=3, help="The median counts (3).")
    parser.add_argument("--faults", action="store_true", help="Say what is below 100, and why.")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mapapp-light-")))
        site = serve_demo(stack, folder / "site", TOP)
        found = {page: [_judge(site + page) for _ in range(asked.turns)] for page in asked.pages}
    rows = [
        [page, *(_median(reports, one) for one in CATEGORIES)] for page, reports in found.items()
    ]
    print(table(["page", *CATEGORIES], rows))
    if asked.faults:
        for page, reports in found.items():
            print(f"\n{page}\n" + "\n".join(_faults(reports[-1])))


def _judge(url: str) -> Report:
    print(url, file=sys.stderr, flush=True)
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("Chromium is missing (apt-get install chromium-headless-shell).")
    command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    env = {**os.environ, "CHROME_PATH": program}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    report: Report = json.loads(done.stdout)
    return report


def _median(reports: list[Report], category: str) -> str:
    scores = [report["categories"][category]["score"] for report in reports]
    return str(round(100 * statistics.median(scores)))


def _faults(report: Report) -> list[str]:
    """Return what counts and is not perfect, the heaviest first."""
    weights = {
        ref["id"]: ref["weight"]
        for one in report["categories"].values()
        for ref in one["auditRefs"]
    }
    audits = report["audits"]
    poor = [one for one in audits.values() if one["score"] is not None and one["score"] < 1]
    poor.sort(key=lambda one: -weights.get(one["id"], 0))
    return [" ".join(map(str, _words(one, weights.get(one["id"], 0)))) for one in poor]


def _words(audit: Report, weight: float) -> tuple[object, ...]:
    return round(weight, 1), audit["score"], audit["id"], audit.get("displayValue", "")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
