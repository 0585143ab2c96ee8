"""The table of figures: measured on a tiny site in one run, with every row, and put into a page."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mapapp.paths import DATA

SCRIPTS = DATA.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))
from bench_goals import ROWS  # noqa: E402
from bench_machine import BEGIN, END, put_into_page  # noqa: E402
from bench_markdown import tables  # noqa: E402

PEOPLE = 2_000
PEERS = (
    "FastMarkerCluster",
    "supercluster",
    "DuckDB",
    "PostGIS",
    "SQLite R*Tree",
    "cKDTree",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of 2,000 people."""
    folder = tmp_path_factory.mktemp("bench") / "site"
    folder.mkdir()
    env = {**os.environ, "MAPAPP_INSTANCE": str(folder)}
    mapapp = [sys.executable, "-c", "from mapapp.cli import main; main()"]
    for arguments in (("init",), ("bench-site", str(PEOPLE))):
        subprocess.run([*mapapp, *arguments], env=env, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def run(site: Path) -> tuple[dict[str, Any], str]:
    """The results of one run without Node and without a network to install from, and its table."""
    before = _files(site)
    result = site.parent / "results.json"
    programs = site.parent / "programs"
    programs.mkdir()
    # Nothing can be installed, and no program is found.
    env = {**os.environ, "PATH": str(programs), "PIP_NO_INDEX": "1"}
    env = {name: value for name, value in env.items() if not name.startswith("MAPAPP_")}
    command = [sys.executable, str(SCRIPTS / "bench_table.py"), "--sites", f"tiny={site}"]
    options = ["--rounds", "1", "--seconds", "0.1", "--peers", "--to", str(result)]
    done = subprocess.run([*command, *options], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert _files(site) == before, "The site that was given was changed."
    return json.loads(result.read_text("utf-8")), done.stdout


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.whole
def test_every_row_has_a_figure(run: tuple[dict[str, Any], str]) -> None:
    figures = run[0]["sites"]["tiny"]["figures"]
    assert figures.keys() == {row.key for row in ROWS}
    failed = {key: one["error"] for key, one in figures.items() if "error" in one}
    assert not failed
    assert all(one["median"] > 0 for one in figures.values())
    lines = run[1].splitlines()
    for row in ROWS:
        assert sum(line.startswith(f"| {row.words} | {row.unit} |") for line in lines) == 1


@pytest.mark.whole
def test_the_people_are_counted(run: tuple[dict[str, Any], str]) -> None:
    assert run[0]["sites"]["tiny"]["members"] == PEOPLE


@pytest.mark.whole
def test_the_finished_map_stands_beside_bare_functions(run: tuple[dict[str, Any], str]) -> None:
    rates = run[0]["http"]
    assert rates.keys() == {"whole", "304"}
    for found in rates.values():
        assert found.keys() == {"site", "bare WSGI", "bare Flask"}
        assert all(rate > 0 for rate in found.values())


@pytest.mark.whole
def test_other_programs_are_measured_or_named_as_absent(run: tuple[dict[str, Any], str]) -> None:
    found = {one["peer"]: one for one in run[0]["peers"]}
    assert tuple(found) == PEERS
    assert found["supercluster"]["absent"] == "Node is not installed."
    assert "| supercluster | absent: Node is not installed. | 2,000 |" in run[1]
    assert found["FastMarkerCluster"]["bytes"] > PEOPLE * 10
    for name in ("SQLite R*Tree", "cKDTree"):
        assert found[name]["median"] > 0
    for one in found.values():
        assert ("absent" in one) != ("median" in one)


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPTS / "bench_table.py"), "--sites", f"tiny={tmp_path}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "is no NAME=FOLDER of a site on SQLite" in done.stderr
    assert not list(tmp_path.iterdir())


def _results() -> dict[str, Any]:
    """Results with plain numbers: of a million and ten million, and of PostgreSQL."""

    def _site(members: int, median: float) -> dict[str, Any]:
        figure = {"median": median, "p95": 2 * median, "cpu": median}
        return {"members": members, "figures": {row.key: figure for row in ROWS}}

    return {
        "machine": {"machine": "a machine"},
        "sites": {"1m": _site(1_000_000, 4), "10m": _site(10_000_000, 12)},
        "postgresql": _site(1_000_000, 10),
        "peers": [],
    }


def test_growth_and_ratios_are_told_and_misses_marked() -> None:
    lines = tables(_results()).splitlines()
    (nearby,) = (line for line in lines if line.startswith("| near a zone (`nearby`)"))
    assert "| 4 (8; 4) ✗ | 12 (24; 12) ✗ | 3.00 × ✗ | 10 (20; 10) ✗ | 2.50 × ✗ |" in nearby
    (first,) = (line for line in lines if line.startswith("| map page, first"))
    assert "| 4 (8; 4) | 12 (24; 12) | 3.00 × ✗ |" in first


def test_what_could_not_be_measured_says_so() -> None:
    results = _results()
    results["sites"]["1m"]["figures"]["search"] = {"error": "KeyError: 'q'"}
    results["postgresql"] = {"absent": "PostgreSQL does not start here."}
    (line,) = (line for line in tables(results).splitlines() if line.startswith("| search of"))
    assert line.split(" | ")[3:] == [
        "failed",
        "12 (24; 12) ✗",
        "–",
        "PostgreSQL does not start here.",
        "– |",
    ]


def test_the_tables_go_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n", "utf-8")
    put_into_page(page, "new")
    assert page.read_text("utf-8") == f"Before.\n{BEGIN}\n\nnew\n\n{END}\nAfter.\n"
    page.write_text("No marks.", "utf-8")
    with pytest.raises(ValueError, match="no place for the tables"):
        put_into_page(page, "new")
    assert page.read_text("utf-8") == "No marks."
