"""Measure the first and second start of scripts/run, in a fresh checkout of the last commit.

python scripts/bench_start.py      (the first start installs everything, which takes a minute)
"""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parents[1]
LONGEST = 900  # seconds


def main() -> None:
    """Print the seconds until the demo's map is served."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "copy"
        subprocess.run(["git", "clone", "--quiet", HERE, copy], check=True)
        for words in ("first start", "second start"):
            print(f"{f'scripts/run, {words}':44} {_start(copy):10.1f} s", flush=True)


def _start(copy: Path) -> float:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    # This machine's settings and installed program must not help the copy.
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("MAPAPP_", "PYTHONPATH"))}
    start = time.perf_counter()
    site = subprocess.Popen(
        [copy / "scripts" / "run"],
        env={**outside, "PORT": port, "DEMO": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/conditions/dystonia/map"):
            if site.poll() is not None or time.perf_counter() - start > LONGEST:
                raise SystemExit("scripts/run does not start here. Run it to see why.")
            time.sleep(0.05)
        return time.perf_counter() - start
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
            return bool(answer.read())
    except OSError:
        return False


if __name__ == "__main__":
    main()
