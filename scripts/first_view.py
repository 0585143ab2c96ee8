"""Measure first visits as from an old phone: scripts/measure-first-view [--compare REV].

Chromium opens each page with nothing kept, at 360 x 740 pixels, behind a line of 400 kbit/s with
400 ms to the server, and six times slower than this machine. The site is one of the demo.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_compare import AFTER, BEFORE, TOP, env_of, worktree
from bench_markdown import number, table
from bench_servers import MAPAPP, served
from playwright.sync_api import Browser, Page, sync_playwright

MAP = "/conditions/dystonia/map"
KILOBITS, LATENCY, SLOWER = 400, 400, 6
SIZE = {"width": 360, "height": 740}
QUIET = 1500  # milliseconds without anything on the line: the visit is over
LONGEST = 60_000
PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
WATCH = """() => {
  const seen = (window.firstView = { map: 0, controls: 0, longest: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    const number = document.querySelector(".map-world .shape");
    if (!seen.map && number?.getBoundingClientRect().width) seen.map = performance.now();
    if (!seen.controls && document.querySelector(".map-stage.is-live"))
      seen.controls = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
"""Looks at each frame that is drawn what is in it."""
ROWS = {
    "first paint, s": "paint",
    "map seen, s": "map",
    "controls, s": "controls",
    "kB until then": "until",
    "requests": "requests",
    "kB in all": "bytes",
    "of them the page": "page",
    "longest task, ms": "longest",
}
Figures = dict[str, float]


@dataclass
class Line:
    """What came over the line."""

    requests: int = 0
    received: float = 0.0
    page: float = 0.0
    first: str = ""

    def begun(self, event: dict[str, Any]) -> None:
        """Count a request."""
        self.requests += not event["request"]["url"].startswith("data:")
        self.first = self.first or event["requestId"]

    def ended(self, event: dict[str, Any]) -> None:
        """Count what an answer took."""
        self.received += event["encodedDataLength"]
        if event["requestId"] == self.first:
            self.page = event["encodedDataLength"]


def main() -> None:
    """Print the medians for each page."""
    parser = argparse.ArgumentParser(prog="scripts/measure-first-view", description=__doc__)
    parser.add_argument("--compare", metavar="REV", help="A revision to measure beside this one.")
    parser.add_argument("--pages", nargs="+", default=[MAP])
    parser.add_argument("--turns", type=int, default=3)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mapapp-view-")))
        checkouts = {AFTER: TOP}
        if asked.compare:
            before = stack.enter_context(worktree(asked.compare, folder / "checkout"))
            checkouts = {BEFORE: before, AFTER: TOP}
        sites = {name: serve_demo(stack, folder / name, tree) for name, tree in checkouts.items()}
        runs = _in_turn(sites, asked.pages, asked.turns)
    for page in asked.pages:
        print(f"\n{page}\n{_words(list(sites), runs, page)}")


def serve_demo(stack: ExitStack, folder: Path, tree: Path, **more: str) -> str:
    """Serve a site with the demo's people, and ``more`` settings; return its address."""
    env = {**env_of(tree), "MAPAPP_INSTANCE": str(folder), **more}
    folder.mkdir()
    for what in ("init", "demo"):
        subprocess.run([*MAPAPP, what], env=env, check=True, stdout=subprocess.DEVNULL)
    port, _server = stack.enter_context(served([*MAPAPP, "serve", "--port"], env))
    return f"http://127.0.0.1:{port}"


def _in_turn(
    sites: dict[str, str], pages: list[str], turns: int
) -> dict[tuple[str, str], list[Figures]]:
    found: dict[tuple[str, str], list[Figures]] = {}
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit("Chromium is missing (apt-get install chromium-headless-shell).")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for turn in range(turns):
            print(f"turn {turn + 1} of {turns}", file=sys.stderr, flush=True)
            for page in pages:
                for name, url in sites.items():
                    found.setdefault((name, page), []).append(visit(browser, url + page))
        browser.close()
    return found


def visit(browser: Browser, url: str) -> Figures:
    """Return the figures of one first visit; seconds, milliseconds and kB."""
    context = browser.new_context(viewport=SIZE, device_scale_factor=2, has_touch=True)
    try:
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        line = _slow_line(page)
        page.goto(url, wait_until="commit", timeout=LONGEST)
        until = _until_controls(page, line)
        page.wait_for_load_state("networkidle", timeout=LONGEST)
        page.wait_for_timeout(QUIET)
        seen = page.evaluate("window.firstView")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    finally:
        context.close()
    return {
        "paint": paint / 1000,
        "map": max(paint, seen["map"]) / 1000 if seen["map"] else 0.0,
        "controls": seen["controls"] / 1000,
        "until": until / 1000,
        "requests": line.requests,
        "bytes": line.received / 1000,
        "page": line.page / 1000,
        "longest": seen["longest"],
    }


def _slow_line(page: Page) -> Line:
    line, session = Line(), page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", line.begun)
    session.on("Network.loadingFinished", line.ended)
    session.send("Network.enable")
    per_second = KILOBITS * 1000 / 8
    speed = {"downloadThroughput": per_second, "uploadThroughput": per_second}
    session.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY, **speed}
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return line


def _until_controls(page: Page, line: Line) -> float:
    """Wait until the map answers; return the bytes received by then. A page may have no map."""
    page.wait_for_load_state("domcontentloaded", timeout=LONGEST)
    if not page.locator(".map-stage").count():
        return 0.0
    page.wait_for_selector(".map-stage.is-live", state="attached", timeout=LONGEST)
    return line.received


def _words(names: list[str], runs: dict[tuple[str, str], list[Figures]], page: str) -> str:
    rows = []
    for words, key in ROWS.items():
        medians = [statistics.median(one[key] for one in runs[name, page]) for name in names]
        rows.append([words, *(number(median) for median in medians)])
    return table(["", *names], rows)


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
