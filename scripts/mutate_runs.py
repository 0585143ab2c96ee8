"""A copy of the tree to plant faults in, and its test runs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mutate_faults import Fault

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".mutate", ".*_cache", "__pycache__", "*.egg-info",
    "instance", "build", "dist", "sources", "test-results",
)  # fmt: skip
PLUGIN = Path(__file__).resolve().parent
USAGE_ERROR, NO_TESTS = 4, 5
"""pytest's exit codes when files cannot be collected, and when no test is selected."""
LAST_WORDS = 30  # seconds that a stopped run has to clean up


@dataclass
class Run:
    """The result of a test run.

    Attributes:
        failed: the first test that failed, or in which the run was stopped; '' if none did.
        hangs: whether the run was stopped because it took too long.
        passed, all_failed: the tests that passed and those that failed.
        seconds: how long each took.
    """

    failed: str = ""
    hangs: bool = False
    passed: set[str] = field(default_factory=set)
    all_failed: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    last: str = ""


class Copy:
    """A copy of a tree in a temporary folder."""

    def __init__(self, tree: Path, patience: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mutate-")
        self.tree = Path(self._folder.name) / "tree"
        self._report = Path(self._folder.name) / "report"
        self._patience = patience
        self._plantings = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        shutil.copytree(tree, self.tree, ignore=NOT_COPIED, symlinks=True)

    def remove(self) -> None:
        """Delete the copy."""
        self._folder.cleanup()

    def stop(self) -> None:
        """End the current run, and start no other."""
        self._is_stopped = True
        if self._process is not None:
            _stop(self._process)

    @contextmanager
    def with_fault(self, fault: Fault) -> Iterator[None]:
        """Plant a fault, and remove it afterwards."""
        path = self.tree / fault.file
        before, times = path.read_bytes(), path.stat()
        path.write_text(fault.planted(before.decode()), encoding="utf-8")
        # Python compares size and time in seconds to see whether compiled code is current. Two
        # faults of equal length within one second must not be confused.
        self._plantings += 1
        os.utime(path, (times.st_atime, int(times.st_mtime) - self._plantings))
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def run(self, tests: Sequence[str], *options: str, first_only: bool = True) -> Run:
        """Run tests (paths or names; none: all) in this order, up to the first failure or the end.

        Raises:
            RuntimeError: if the copy was stopped, or pytest could not start for a reason outside
                the tree.
        """
        self._report.unlink(missing_ok=True)
        self._report.touch()
        names = self._report.with_name("tests")
        names.write_text("\n".join(tests), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "mutate_plugin", "-p", "no:cacheprovider"]
        command += [*(["-x"] if first_only else []), *options, *([f"@{names}"] if tests else [])]
        code, words = self._wait(command)
        if self._is_stopped:
            raise RuntimeError("stopped")
        if code == USAGE_ERROR and "conftest" not in words:
            raise RuntimeError(words)
        found = self._read()
        found.hangs = code is None
        if not found.failed and code not in {0, NO_TESTS}:
            found.failed = found.last or "reading the tests"
        return found

    def _wait(self, command: Sequence[str]) -> tuple[int | None, str]:
        """Return the command's exit code, unless it was stopped, and its output."""
        roots = os.pathsep.join((str(self.tree), str(PLUGIN)))
        variables = {**os.environ, "PYTHONPATH": roots, "MUTATE_REPORT": str(self._report)}
        output = self._report.with_name("output")
        with output.open("w") as file:
            self._process = subprocess.Popen(
                command, cwd=self.tree, env=variables, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip
            code: int | None = None
            try:
                code = self._process.wait(self._patience)
            except subprocess.TimeoutExpired:
                pass
            finally:
                _stop(self._process)
        return code, output.read_text(errors="replace")[-4000:]

    def _read(self) -> Run:
        found = Run()
        for line in self._report.read_text(encoding="utf-8").splitlines():
            name, outcome, seconds = json.loads(line)
            found.seconds[name] = found.seconds.get(name, 0.0) + seconds
            if outcome == "begun":
                found.last = name
            elif outcome == "failed":
                found.failed = found.failed or name
                found.all_failed.add(name)
            elif outcome == "passed":
                found.passed.add(name)
        found.passed -= found.all_failed
        return found


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a run and all processes that it started; at first give it time to clean up."""
    if process.poll() is not None:
        return
    for kind, seconds in ((signal.SIGINT, LAST_WORDS), (signal.SIGKILL, LAST_WORDS)):
        try:
            os.killpg(process.pid, kind)
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return
