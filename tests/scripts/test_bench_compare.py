"""Comparing how fast two checkouts are: medians of turns, and whose code is measured."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mapapp.paths import DATA

TOP = DATA.parent
sys.path.insert(0, str(TOP / "scripts"))
from bench_compare import env_of, words_of, worktree  # noqa: E402
from bench_goals import Figures  # noqa: E402


def _turn(wall: float, cpu: float) -> Figures:
    return {"search": {"median": wall, "p95": wall, "cpu": cpu}}


def test_medians_of_all_turns_are_compared() -> None:
    before = [_turn(4, 2), _turn(10, 2), _turn(8, 90)]
    after = [_turn(2, 3), _turn(2, 3), _turn(50, 3)]
    lines = words_of({"before": before, "after": after}).splitlines()
    assert lines[2:] == ["| search of conditions, page | ms | 8 | 2 | 0.25 × | 1.50 × |"]


def test_a_row_that_one_of_them_cannot_measure_has_failed() -> None:
    runs = {"before": [{"search": {"error": "KeyError: 'q'"}}], "after": [_turn(1, 1)]}
    assert "| search of conditions, page | ms | failed |" in words_of(runs)


def test_an_unknown_revision_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    unknown = worktree("no-such-revision", tmp_path / "checkout")
    with pytest.raises(SystemExit, match="git has no no-such-revision"), unknown:
        pass
    assert not (tmp_path / "checkout").exists()


def test_the_code_of_a_checkout_is_what_is_measured(tmp_path: Path) -> None:
    package = tmp_path / "mapapp"
    package.mkdir()
    (package / "__init__.py").write_text("WHOSE = 'theirs'\n", "utf-8")
    ask = [sys.executable, "-P", "-c", "import mapapp; print(mapapp.WHOSE)"]
    done = subprocess.run(ask, env=env_of(tmp_path), capture_output=True, text=True, check=True)
    assert done.stdout == "theirs\n"
    shutil.rmtree(package)
    with pytest.raises(SystemExit, match="is not the code of"):
        env_of(tmp_path)
