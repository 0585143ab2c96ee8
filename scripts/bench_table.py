"""Measure sites of several sizes, and other programs, in one run; print the table.

scripts/bench --sites 20k=FOLDER 1m=FOLDER 10m=FOLDER [--postgresql] [--peers] [--write]

Each FOLDER is an instance that `mapapp bench-site` filled; it is copied first, and left alone. With
--write the results go to docs/benchmarks.json, the table into docs/benchmarks.md, and the chart to
docs/benchmarks.svg.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
sys.path.insert(0, str(TOP))

from bench_chart import chart  # noqa: E402
from bench_finished import keep_answer, rates_over_http  # noqa: E402
from bench_machine import machine, put_into_page  # noqa: E402
from bench_markdown import tables  # noqa: E402
from bench_peers import measure_peers, numbers_of  # noqa: E402
from bench_processes import measure_processes  # noqa: E402
from bench_sites import DATABASE, copy_site, make_site, read_figures  # noqa: E402

from mapapp.app import create_app  # noqa: E402
from mapapp.settings import load_settings  # noqa: E402
from tests.databases import postgres_server  # noqa: E402

SECONDS = 3.0  # for each measurement over HTTP
ON_POSTGRESQL = 1_000_000  # people
RESULTS, CHART, PAGE = (TOP / "docs" / f"benchmarks.{end}" for end in ("json", "svg", "md"))
PICTURE = f"![What a map costs after a change, over the number of people]({CHART.name})"
FIGURES = f"The figures of this run are in [{RESULTS.name}]({RESULTS.name})."


def main() -> None:
    """Measure what was asked for."""
    asked = _asked()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mapapp-bench-", dir=asked.folder) as name:
        results = measure_all(asked, Path(name), lambda words: _say(begun, words))
    words = tables(results)
    print(words)
    if asked.to:
        asked.to.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if asked.write:
        CHART.write_text(chart(results), "utf-8")
        put_into_page(PAGE, f"{PICTURE}\n\n{words}\n\n{FIGURES}")
    _say(begun, "done")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--sites", nargs="+", metavar="NAME=FOLDER", required=True, type=_site)
    parser.add_argument("--postgresql", action="store_true", help="Also a million people there.")
    parser.add_argument("--people", type=int, default=ON_POSTGRESQL, help="Instead of a million.")
    parser.add_argument("--peers", action="store_true", help="Also other programs.")
    parser.add_argument("--rounds", type=int, default=30, help="How often each page is asked for.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="Of each load over HTTP.")
    parser.add_argument("--folder", help="Where copies are made, instead of the usual place.")
    parser.add_argument("--write", action="store_true", help="Write into docs/.")
    parser.add_argument("--to", type=Path, help="The file for the results.")
    asked = parser.parse_args()
    asked.to = asked.to or (RESULTS if asked.write else None)
    return asked


def _site(words: str) -> tuple[str, Path]:
    name, sign, folder = words.partition("=")
    if not (name and sign and (Path(folder) / DATABASE).is_file()):
        raise argparse.ArgumentTypeError(f"{words} is no NAME=FOLDER of a site on SQLite.")
    return name, Path(folder).resolve()


def measure_all(
    asked: argparse.Namespace, folder: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return all results, as they are written to the file."""
    results: dict[str, Any] = {"machine": machine(), "sites": {}, "peers": []}
    with ExitStack() as running:
        server = _server(running) if asked.postgresql or asked.peers else ""
        for name, site in asked.sites:
            say(f"{name}: a copy of the site")
            copy = copy_site(site, folder / name)
            if asked.peers:
                say(f"{name}: other programs")
                results["peers"] += measure_peers(copy, folder, server)
            say(f"{name}: reads")
            figures = read_figures(copy, asked.rounds)
            say(f"{name}: commands and server")
            figures |= measure_processes(copy)
            results["sites"][name] = {
                "members": int(numbers_of(copy).people.sum()),
                "figures": figures,
            }
            if name == asked.sites[-1][0]:
                say(f"{name}: finished map over HTTP")
                results |= _over_http(copy, asked.seconds)
            shutil.rmtree(copy)
        if asked.postgresql:
            results["postgresql"] = _on_postgresql(asked, folder / "postgresql", server, say)
    results["machine"]["load after"] = machine()["load"]
    return results


def _over_http(site: Path, seconds: float) -> dict[str, Any]:
    os.environ.update(MAPAPP_INSTANCE=str(site), MAPAPP_PUBLISH="daily@04:00")
    tag = keep_answer(create_app(load_settings()), site)
    try:
        return {"http": rates_over_http(tag, seconds)}
    except (RuntimeError, OSError) as error:  # all the rest is worth having
        print(f"Over HTTP nothing was measured: {error}", file=sys.stderr, flush=True)
        return {}


def _server(running: ExitStack) -> str:
    try:
        return running.enter_context(postgres_server())
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        print(f"PostgreSQL does not start here: {error}", file=sys.stderr)
        return ""


def _on_postgresql(
    asked: argparse.Namespace, folder: Path, server: str, say: Callable[[str], None]
) -> dict[str, Any]:
    if not server:
        return {"absent": "PostgreSQL does not start here."}
    before = dict(os.environ)
    os.environ.update(MAPAPP_INSTANCE=str(folder), MAPAPP_DATABASE_URL=server)
    try:
        say(f"PostgreSQL: a site with {asked.people:,} people")
        make_site(folder, asked.people)
        say("PostgreSQL: reads")
        return {"members": asked.people, "figures": read_figures(folder, asked.rounds)}
    except subprocess.CalledProcessError as error:
        return {"absent": f"It failed: {error}"}
    finally:
        os.environ.clear()
        os.environ.update(before)


def _say(begun: float, words: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - begun), 60)
    print(f"[{minutes}:{seconds:02d}] {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
