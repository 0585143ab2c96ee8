"""scripts/run: what it prepares and prints, with a ``mapapp`` that only records its calls."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "scripts" / "run"
CALLED = """#!/bin/sh
echo "$*" >> calls
mkdir -p "$MAPAPP_INSTANCE"
# A server outlives the worker's start; one that ends at once would stop the worker too early.
if [ "$1" = serve ]; then
    while ! grep -qx worker calls; do sleep 0.01; done
fi
"""

ENDLESS = """#!/bin/sh
mkdir -p "$MAPAPP_INSTANCE"
case $1 in serve | worker) echo $$ > "pid-$1"; exec sleep 300 ;; esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script and the files that it reads."""
    for name in ("scripts", "data", "mapapp/store", ".venv/bin"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(RUN, tmp_path / "scripts" / "run")
    (tmp_path / "scripts" / "environment.sh").write_text("make_environment() { :; }\n")
    program = tmp_path / ".venv" / "bin" / "mapapp"
    program.write_text(CALLED)
    program.chmod(0o755)
    return tmp_path


def _run(checkout: Path, **variables: str) -> tuple[list[str], str]:
    """Return the arguments of each call of ``mapapp``, sorted, and the output."""
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


def test_nothing_is_left_of_a_script_that_was_killed(checkout: Path) -> None:
    program = checkout / ".venv" / "bin" / "mapapp"
    program.write_text(ENDLESS)
    clean = {k: v for k, v in os.environ.items() if k not in {"PORT", "DEMO"}}
    with (checkout / "output").open("w") as output:
        script = subprocess.Popen([checkout / "scripts" / "run"], env=clean, stdout=output)
    _until(lambda: {"serve", "worker"} <= _begun(checkout))
    script.kill()
    script.wait(60)
    running = [int(path.read_text()) for path in checkout.glob("pid-*")]
    _until(lambda: not any(_runs(pid) for pid in running))


def _begun(checkout: Path) -> set[str]:
    return {path.name.removeprefix("pid-") for path in checkout.glob("pid-*") if path.read_text()}


def _runs(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    if not state.parent.parent.joinpath("self").exists():  # a system without /proc
        return subprocess.run(["kill", "-0", str(pid)], capture_output=True).returncode == 0
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
