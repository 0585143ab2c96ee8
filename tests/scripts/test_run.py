"""scripts/run: what it prepares and what it says, with a ``mapapp`` that only writes down calls."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "scripts" / "run"
CALLED = """#!/bin/sh
echo "$*" >> calls
mkdir -p "$MAPAPP_INSTANCE"
# A server outlives the start of the worker; one that ends at once would have it stopped too early.
if [ "$1" = serve ]; then
    while ! grep -qx worker calls; do sleep 0.01; done
fi
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script, and nothing else but what it looks at."""
    for name in ("scripts", "data", "mapapp/store", ".venv/bin"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(RUN, tmp_path / "scripts" / "run")
    (tmp_path / "scripts" / "environment.sh").write_text("make_environment() { :; }\n")
    program = tmp_path / ".venv" / "bin" / "mapapp"
    program.write_text(CALLED)
    program.chmod(0o755)
    return tmp_path


def _run(checkout: Path, **variables: str) -> tuple[list[str], str]:
    """Return what ``mapapp`` was called with, in order of the alphabet, and what was printed."""
    calls = checkout / "calls"
    calls.unlink(missing_ok=True)
    clean = {k: v for k, v in os.environ.items() if k not in {"PORT", "DEMO"}}
    done = subprocess.run(
        [checkout / "scripts" / "run"],
        env={**clean, **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return sorted(calls.read_text().splitlines()), done.stdout


def test_the_second_start_prepares_nothing(checkout: Path) -> None:
    serving = ["serve --port 8000", "worker"]
    assert _run(checkout)[0] == ["demo", "init", *serving]
    assert _run(checkout)[0] == serving


def test_a_demo_that_was_left_out_can_be_had_later(checkout: Path) -> None:
    assert "demo" not in _run(checkout, DEMO="0")[0]
    later = _run(checkout)[0]
    assert "demo" in later
    assert "init" not in later
    assert "demo" not in _run(checkout)[0]


def test_the_line_for_admins_holds_what_is_not_default(checkout: Path) -> None:
    command = ".venv/bin/mapapp admin you@example.org"
    assert f"Become an admin:   {command}" in _run(checkout)[1]
    told = "MAPAPP_BASE_URL='http://127.0.0.1:9000' "
    assert f"Become an admin:   {told}{command}" in _run(checkout, PORT="9000")[1]
    told = "MAPAPP_INSTANCE='it'\\''s here' "
    place = _run(checkout, MAPAPP_INSTANCE="it's here")
    assert f"Become an admin:   {told}{command}" in place[1]
