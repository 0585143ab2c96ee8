"""Trying faults: plant one, run tests until one fails, and report the outcome."""

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from mutate_faults import BROWSER, POSTGRESQL, Fault, why_not
from mutate_runs import Copy, Run
from mutate_tests import Known, fingerprint, learn, read_known

FIRST = 60
"""This many tests are run first: collecting the files of many takes longer than running them."""
FOUND, SURVIVED, ACCEPTED = "FOUND", "SURVIVED", "SURVIVED, as the list says"
NOT_APPLIED, NOT_RUN, UNSURE = "DID NOT APPLY", "NOT RUN", "UNSURE"
WORDS = (FOUND, ACCEPTED, SURVIVED, NOT_APPLIED, NOT_RUN, UNSURE)
GOOD = (FOUND, ACCEPTED)


@dataclass(frozen=True)
class Outcome:
    """The outcome of a fault: one of ``WORDS``, the test or the reason, and the time it took."""

    fault: Fault
    word: str
    by: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        link = " by " if self.word == FOUND else ": " if self.by else ""
        return f"{self.fault.id}  {self.word}{link}{self.by} ({self.seconds:.0f} s)"


@dataclass(frozen=True)
class Plan:
    """How faults are tried.

    Attributes:
        tree: the tree whose copies they are planted in.
        kept: the folder with what was learned before.
        whole: whether to run all tests for each fault, not only those that execute its lines.
        jobs: the number tried in parallel.
        patience: seconds after which a test run counts as hanging.
    """

    tree: Path
    kept: Path
    whole: bool = False
    jobs: int = 1
    patience: int = 1200


class Trials:
    """Faults of one tree, tried in copies of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._found_file = plan.kept / "found.json"
        self._found_before = _read_names(self._found_file)
        self._known: Known | None = None
        self._made: list[Copy] = []
        self._copies: SimpleQueue[Copy] = SimpleQueue()

    def stop(self) -> None:
        """End the current test runs."""
        for copy in self._made:
            copy.stop()

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Make the copies; afterwards remove them, and save which test found which fault."""
        for _ in range(self.plan.jobs):
            self._made.append(Copy(self.plan.tree, self.plan.patience))
            self._copies.put(self._made[-1])
        try:
            yield
        finally:
            for copy in self._made:
                copy.remove()
            self.plan.kept.mkdir(parents=True, exist_ok=True)
            self._found_file.write_text(json.dumps(self._found_before, indent=1), encoding="utf-8")

    def learn(self, *, again: bool = False) -> None:
        """Learn which tests execute which lines, from a run of all tests once for each tree."""
        kept = self.plan.kept / f"{fingerprint(self.plan.tree)}.json"
        if again or not kept.exists():
            print("Running all tests once, to learn which of them execute which lines.", flush=True)
            learn(self.plan.tree, kept, self.plan.jobs)
        self._known = read_known(kept)

    def outcome(self, fault: Fault) -> Outcome:
        """Plant a fault in a copy, and run tests until one fails."""
        if reason := why_not(fault, self.plan.tree):
            return Outcome(fault, NOT_APPLIED, reason)
        if reason := _what_lacks(fault):
            return Outcome(fault, NOT_RUN, reason)
        began = time.monotonic()
        copy = self._copies.get()
        try:
            word, by = self._try(copy, fault)
        finally:
            self._copies.put(copy)
        return Outcome(fault, word, by, time.monotonic() - began)

    def _try(self, copy: Copy, fault: Fault) -> tuple[str, str]:
        options = ["--database=postgresql"] if fault.needs == POSTGRESQL else []
        with copy.with_fault(fault):
            run = self._failure(copy, fault, options)
        if run is None:
            return (ACCEPTED, fault.survives) if fault.survives else (SURVIVED, "")
        if "::" in run.failed and copy.run([run.failed], *options).failed:
            return UNSURE, f"{run.failed} fails without the fault, too"
        self._found_before[fault.id] = run.failed
        return FOUND, run.failed + (", which never ends" if run.hangs else "")

    def _failure(self, copy: Copy, fault: Fault, options: Sequence[str]) -> Run | None:
        """Run tests on the planted fault until one fails, and fails again when run alone.

        A test that fails by chance proves nothing. On PostgreSQL, whether simultaneous acts collide
        is a matter of chance, so one failure is enough.
        """
        for tests in self._rounds(fault):
            by_chance: list[str] = []
            while (run := copy.run(tests, *options, *by_chance)).failed:
                is_sure = run.hangs or "::" not in run.failed or fault.needs == POSTGRESQL
                if is_sure or copy.run([run.failed], *options).failed:
                    return run
                by_chance.append(f"--deselect={run.failed}")
        return None

    def _rounds(self, fault: Fault) -> Iterator[list[str]]:
        """Yield lists of tests to run, the likeliest to find the fault first."""
        if self.plan.whole:
            yield []
            return
        file, is_test, _name = self._found_before.get(fault.id, "").partition("::")
        if is_test and (self.plan.tree / file).is_file():
            yield [self._found_before[fault.id]]
        if fault.tests:
            yield list(fault.tests)
        before = (self.plan.tree / fault.file).read_text(encoding="utf-8")
        tests = self._known.tests_for(fault, before) if self._known else []
        yield from filter(None, (tests[:FIRST], tests[FIRST:]))


def _read_names(path: Path) -> dict[str, str]:
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return names


def _what_lacks(fault: Fault) -> str:
    """Return what this machine lacks to reveal the fault; '' for nothing."""
    if fault.needs == POSTGRESQL and not os.environ.get("MAPAPP_TEST_POSTGRES"):
        return "" if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) else "no PostgreSQL here"
    if fault.needs == BROWSER:
        is_here = shutil.which("chromium") or shutil.which("google-chrome")
        return "" if is_here else "no Chromium here"
    return ""


def counted(outcomes: Sequence[Outcome]) -> str:
    """Return a table of the outcomes, and a line for each fault that was not found."""
    numbers = {word: sum(one.word == word for one in outcomes) for word in WORDS}
    lines = [f"{word:28}{number:5}" for word, number in numbers.items() if number]
    lines += [str(one) for one in outcomes if one.word != FOUND]
    return "\n".join(lines)
