"""Reports the result of each test to scripts/mutate.py: a line of JSON when the test ends.

MUTATE_REPORT names the file to write to.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest


def _write(name: str, outcome: str, seconds: float) -> None:
    with Path(os.environ["MUTATE_REPORT"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps([name, outcome, round(seconds, 4)]) + "\n")


def pytest_runtest_logstart(nodeid: str, location: Any) -> None:
    """Report that a test begins; if it hangs, this is the last line."""
    _write(nodeid, "begun", 0)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Report a test's set-up, call or teardown."""
    _write(report.nodeid, report.outcome, report.duration)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Report a test file that was collected, or could not be."""
    if report.failed:
        _write(report.nodeid, "failed", 0)
