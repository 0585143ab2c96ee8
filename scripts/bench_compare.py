"""Compare how fast two checkouts answer: scripts/bench --compare REV [--site FOLDER].

REV is checked out beside the working tree, as any word that git knows. Both get the same site, or a
copy of it, and are measured in turn, so that a busy machine is busy for both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_goals import READS, Figures
from bench_markdown import number, table
from bench_sites import copy_site, make_site, read_figures

TOP = Path(__file__).resolve().parents[1]
BEFORE, AFTER = "before", "after"
OF = ("median", "cpu")
Runs = dict[str, list[Figures]]


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(prog="scripts/bench --compare", description=__doc__)
    parser.add_argument("revision")
    parser.add_argument("--site", type=Path, help="An instance folder of a site on SQLite.")
    parser.add_argument("--people", type=int, default=20_000, help="Of a site that is made.")
    parser.add_argument("--turns", type=int, default=3, help="How often each one is measured.")
    parser.add_argument("--rounds", type=int, default=15, help="Of each page in a turn.")
    parser.add_argument("--only", nargs="+", default=[], help="Keys of rows: see bench_goals.py.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mapapp-bench-") as name:
        folder = Path(name)
        with worktree(asked.revision, folder / "checkout") as before:
            print(words_of(measure_in_turn({BEFORE: before, AFTER: TOP}, folder, asked)))


@contextmanager
def worktree(revision: str, folder: Path) -> Iterator[Path]:
    """Give a checkout of ``revision`` of this repository, while it is needed."""
    git = ("git", "-C", str(TOP), "worktree")
    try:
        subprocess.run([*git, "add", "--quiet", "--detach", folder, revision], check=True)
    except subprocess.CalledProcessError:
        raise SystemExit(f"git has no {revision} to compare with.") from None
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", folder], check=True)


def measure_in_turn(checkouts: dict[str, Path], folder: Path, asked: argparse.Namespace) -> Runs:
    """Return the figures of each checkout, one turn after the other."""
    sites: dict[str, Path] = {}
    for name, checkout in checkouts.items():
        env = env_of(checkout)
        site = folder / name
        if asked.site:
            sites[name] = copy_site(asked.site, site, env)
        else:
            sites[name] = make_site(site, asked.people, env)
    runs: Runs = {name: [] for name in checkouts}
    for turn in range(asked.turns):
        for name, checkout in checkouts.items():
            print(f"{name}, turn {turn + 1} of {asked.turns}", file=sys.stderr, flush=True)
            env = env_of(checkout)
            runs[name].append(read_figures(sites[name], asked.rounds, asked.only, env))
    return runs


def env_of(checkout: Path) -> dict[str, str]:
    """Return an environment in which Python takes the program from a checkout."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAPAPP_")}
    env["PYTHONPATH"] = str(checkout)
    ask = [sys.executable, "-P", "-c", "import mapapp; print(mapapp.__file__)"]
    done = subprocess.run(ask, env=env, capture_output=True, text=True, check=True)
    if not done.stdout.startswith(str(checkout)):
        raise SystemExit(f"{done.stdout.strip()} is not the code of {checkout}.")
    return env


def words_of(runs: Runs) -> str:
    """Return the table of medians, and of ratios: above 1 is slower than before."""
    rows = []
    for row in READS:
        walls, cpus = ([_median(runs[name], row.key, of) for name in runs] for of in OF)
        if not all(walls):
            failed = any(row.key in figures for figures in (*runs[BEFORE], *runs[AFTER]))
            rows += [[row.words, row.unit, "failed", *["–"] * 3]] if failed else []
            continue
        ratios = [f"{pair[1] / pair[0]:.2f} ×" if all(pair) else "–" for pair in (walls, cpus)]
        rows.append([row.words, row.unit, *(number(wall) for wall in walls), *ratios])
    return table(["what", "unit", BEFORE, AFTER, "ratio", "of processor time"], rows)


def _median(runs: list[Figures], key: str, of: str) -> float:
    """Return the median over the turns, 0 where one of them has no figure."""
    found = [figures.get(key, {}).get(of, 0.0) for figures in runs]
    return statistics.median(found) if found and all(found) else 0.0


if __name__ == "__main__":
    main()
