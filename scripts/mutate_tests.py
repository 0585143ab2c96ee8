"""Which tests execute which lines: learned once from a run with coverage, then looked up."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData
from mutate_faults import Fault, changed_lines
from mutate_runs import Copy

SOURCES = ("mapapp", "scripts")
LEARNT_FROM = ("mapapp", "scripts", "tests")
SETTINGS = "[run]\nrelative_files = true\ncore = ctrace\n"
HOURS = 6 * 3600
"""Seconds that all tests together can take."""


@dataclass(frozen=True)
class Known:
    """What a run of all tests without a browser has shown.

    Attributes:
        data: the lines that each test executed.
        seconds: how long each test took.
        passed: the tests that passed without a fault; others prove nothing.
    """

    data: CoverageData
    seconds: dict[str, float]
    passed: frozenset[str]

    def tests_for(self, fault: Fault, before: str) -> list[str]:
        """Return the tests that execute what the fault changes, the likeliest and fastest first.

        Code outside functions is executed before any test. For such a fault, return every test that
        executes anything in the file.

        Args:
            fault: the fault; there are no tests for files that are not Python.
            before: the file's text without it.
        """
        if not fault.file.endswith(".py") or fault.file not in self.data.measured_files():
            return []
        lines = self.data.contexts_by_lineno(fault.file)
        changed = changed_lines(before, fault.planted(before))
        direct = _names(contexts for line, contexts in lines.items() if line in changed)
        return self._in_order(direct or _names(lines.values()), fault)

    def _in_order(self, tests: set[str], fault: Fault) -> list[str]:
        stem = Path(fault.file).stem
        # A test file named after the faulty file was made for it.
        return sorted(
            tests & self.passed, key=lambda t: (stem not in t.split("::")[0], self.seconds[t])
        )


def _names(contexts: Iterable[Iterable[str]]) -> set[str]:
    """Return the names of tests; a context is named "tests/test_file.py::test_name|run"."""
    found = (name.rpartition("|")[0] for names in contexts for name in names if name)
    return set(filter(None, found))


def fingerprint(tree: Path) -> str:
    """Return a hash that is equal for trees with the same code and tests."""
    digest = hashlib.sha256()
    for folder in LEARNT_FROM:
        for path in sorted((tree / folder).rglob("*.py")):
            digest.update(str(path.relative_to(tree)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def learn(tree: Path, kept: Path, jobs: int) -> None:
    """Run all tests but those in a browser, and record the lines that each executes.

    Args:
        tree: the tree with the tests.
        kept: the file to write; coverage's data is stored beside it.
        jobs: the number of test processes.

    Raises:
        SystemExit: if hardly any test passes, so that nothing can be learned.
    """
    copy = Copy(tree, HOURS)
    try:
        _learn_in(copy, kept, jobs)
    finally:
        copy.remove()


def _learn_in(copy: Copy, kept: Path, jobs: int) -> None:
    settings = copy.tree / ".mutate.ini"
    settings.write_text(SETTINGS, encoding="utf-8")
    sources = [f"--cov={folder}" for folder in SOURCES if (copy.tree / folder).is_dir()]
    options = [*sources, f"--cov-config={settings}", "--cov-context=test", "--cov-report="]
    options += ["-m", "not browser", *(["-n", str(jobs), "--dist", "loadfile"] if jobs > 1 else [])]
    run = copy.run((), *options, first_only=False)
    if len(run.passed) <= len(run.all_failed):
        raise SystemExit(f"Without a fault {len(run.all_failed)} tests fail: {run.failed}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    data = CoverageData(basename=str(kept.with_suffix(".coverage")))
    data.erase()
    learnt = CoverageData(basename=str(copy.tree / ".coverage"))
    learnt.read()
    data.update(learnt)
    data.write()
    facts = {"seconds": run.seconds, "passed": sorted(run.passed)}
    kept.write_text(json.dumps(facts), encoding="utf-8")


def read_known(kept: Path) -> Known | None:
    """Return what was learned; None if nothing was."""
    if not kept.exists():
        return None
    facts = json.loads(kept.read_text(encoding="utf-8"))
    data = CoverageData(basename=str(kept.with_suffix(".coverage")))
    data.read()
    return Known(data, facts["seconds"], frozenset(facts["passed"]))
