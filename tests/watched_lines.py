"""In which tests coverage watches the lines, where it is asked for a floor and watching is dear.

Before Python 3.12 coverage makes a test half as long again, or twice. There two fifths of the tests
are watched, so more lines run than are told: a floor that holds for them holds for all.
"""

from zlib import crc32

import pytest
from coverage import Coverage

WATCHED, OF = 2, 5
AGAIN = (
    "tests/e2e/",
    "tests/privacy/",
    "tests/scripts/",
    "tests/test_growth.py",
    "tests/web/core/test_every_route.py",
    "tests/web/core/test_plans.py",
    "tests/web/core/test_work_of_requests.py",
    "tests/web/published/test_finished_freshness.py",
    "_in_any_order.py",
    "_at_once.py",
)
"""Tests that walk long ways through what other tests have looked at."""


class WatchedLines:
    """A plugin of pytest that stops coverage while the other tests run."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        coverage = Coverage.current()
        if coverage is None or self._is_watched(item.nodeid):
            return (yield)
        coverage.stop()
        try:
            return (yield)
        finally:
            coverage.start()

    def _is_watched(self, test: str) -> bool:
        """Whether it is the first case of a test that is watched, in this process."""
        name, _, case = test.partition("[")
        is_new = name not in self._seen
        self._seen.add(name)
        is_long = "postgresql" in case or any(part in name for part in AGAIN)
        return is_new and not is_long and crc32(name.encode()) % OF < WATCHED
