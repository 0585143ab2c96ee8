"""Which tests take long, and why: ``scripts/test --quick`` leaves them out."""

from fnmatch import fnmatch

import pytest

LONG = {
    "tests/scripts/test_[clm]": "start programs, and pytest within pytest",
    "tests/scripts/test_attack_sign_in.py": "attacks two pages of a site of its own",
    "tests/scripts/test_bench_table.py": "measures a site once",
    "tests/scripts/test_soak.py": "starts a whole site",
    "tests/test_wheel.py": "builds the wheel and installs it",
    "tests/cli/test_serve.py": "start a server",
    "tests/web/core/test_access.py": "asks for every page as everybody",
    "tests/web/core/test_plans.py": "walks the whole site and sends every form",
    "tests/web/core/test_every_route.py": "sends junk to every page",
    "tests/web/core/test_reading_acts.py": "reads every page in every way",
    "tests/web/core/test_failing_database.py": "fails at every step of every kind of page",
    "tests/judges/": "walk the whole site for a judge in Java",
    "tests/languages/": "walk the whole site in two languages",
    "tests/privacy/test_twin_worlds_of_leaving.py": "reads all pages again after each act",
    "tests/privacy/test_hidden_parents.py": "walk the whole site for each way to hide",
    "tests/privacy/test_erasing.py": "fill a site and look for what is left",
    "tests/web/safety/test_names_shown.py": "asks for every page that shows names",
    "tests/actions/operations/test_demo.py": "makes the demo's people",
    "tests/actions/statistics/test_release_killed.py": "start processes and kill them",
    "tests/actions/statistics/test_export_make.py": "write files in five formats",
    "tests/actions/account/test_my_data.py": "fill every table for each test",
    "tests/actions/account/test_yearly_": "let two years pass",
    "tests/test_growth.py": "measures every pattern and every function of texts",
    "tests/web/core/test_work_of_requests.py": "asks for every page with texts made to be slow",
    "tests/domain/areas/": "read the shape of every zone",
    "tests/test_rooms.py": "read the whole program",
    "tests/test_words.py": "read the whole program",
    "*_in_any_order.py": "do hundreds of acts",
    "*_at_once.py": "do acts in fifty threads",
}
"""Tests by pattern."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test ``long`` if it is."""
    if any(fnmatch(item.nodeid, pattern + "*") for pattern in LONG):
        item.add_marker(pytest.mark.long)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked ``whole`` to runs with ``--full``."""
    if not config.getoption("--full"):
        left = [item for item in items if item.get_closest_marker("whole")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
