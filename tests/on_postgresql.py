"""Which tests also run on PostgreSQL, and why.

What a page looks like is the same on both databases. What can differ is how two who write wait for
each other, how tables are made and changed, how texts are sorted and compared, and whether a
statement is understood at all. Files are named here. Tests marked ``both`` run there too, so that
PostgreSQL is given each statement of the program; ``tests.statements`` tells of one it was not.
"""

from fnmatch import fnmatch

import pytest

WHOLE = {
    "tests/store/*": "tables, migrations, and counts that the database keeps right",
    "tests/*_at_once.py": "who waits for whom: SQLite has one lock, PostgreSQL one for each row",
    "tests/actions/contact/test_contact_in_any_order.py": "savepoints in a long transaction",
    "tests/web/core/test_request_session.py": "one transaction a request",
    "tests/web/core/test_session_store.py": "sessions that two requests change",
    "tests/web/core/test_every_route.py": "junk that only one database refuses",
    "tests/web/published/test_numbers_agree.py": "sums of the same numbers in every form",
    "tests/test_sites.py": "a site and an engine that are turned to another database",
}
"""Files by pattern, with what could differ in each."""


def kinds_of(test: pytest.Item, config: pytest.Config) -> list[str]:
    """Return the databases that a test runs on."""
    asked = str(config.getoption("--database"))
    if asked != "both":
        return [asked]
    return ["sqlite", "postgresql"] if _is_chosen(test, config) else ["sqlite"]


def is_worth_it(test: pytest.Item) -> bool:
    """Whether a run on PostgreSQL alone has a reason to run a test: it touches a database.

    Of those in a browser only the ones marked so: the others look at pages, whose every query the
    tests without a browser have asked on both.
    """
    in_browser = test.get_closest_marker("browser") and not test.get_closest_marker("both")
    return "databases" in getattr(test, "fixturenames", ()) and not in_browser


def _is_chosen(test: pytest.Item, config: pytest.Config) -> bool:
    if test.get_closest_marker("both"):
        return True
    if test.get_closest_marker("browser"):
        return False
    path = test.path.relative_to(config.rootpath).as_posix()
    return config.getoption("--full") or any(fnmatch(path, pattern) for pattern in WHOLE)
