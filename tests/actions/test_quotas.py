import threading

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.quotas import (
    CORRECTIONS,
    DAY,
    MOVES,
    NEW_ACCOUNT,
    SIGN_IN_LINKS,
    Limit,
    is_open,
    open_window,
    try_use,
    use,
    visitor_subject,
)
from mapapp.actions.sweep import sweep
from mapapp.errors import LimitError
from mapapp.store.database import transaction
from mapapp.store.service import Quota

SECRET = "a secret for tests, and for tests alone"
NOW = 1_800_000_000


def test_a_limit_is_used_up_and_comes_back_with_the_next_window(session: Session) -> None:
    for _ in range(3):
        use(session, SECRET, SIGN_IN_LINKS, "robin", now=NOW)
    with pytest.raises(LimitError):
        use(session, SECRET, SIGN_IN_LINKS, "robin", now=NOW + 3500)
    assert try_use(session, SECRET, SIGN_IN_LINKS, "somebody else", now=NOW)
    for _ in range(3):
        use(session, SECRET, SIGN_IN_LINKS, "robin", now=NOW + 3700)
    assert not try_use(session, SECRET, SIGN_IN_LINKS, "robin", now=NOW + 3700)


def test_limits_do_not_share_what_is_used(session: Session) -> None:
    one = Limit("one", 1, 60)
    assert try_use(session, SECRET, one, 5, now=NOW)
    assert try_use(session, SECRET, Limit("two", 1, 60), 5, now=NOW)
    assert not try_use(session, SECRET, one, 5, now=NOW)


def test_rows_tell_neither_who_nor_when(session: Session) -> None:
    use(session, SECRET, MOVES, 17, "robin@example.org", now=NOW + 12_345)
    use(session, SECRET, CORRECTIONS, 17, now=NOW + 12_345)
    rows = session.scalars(select(Quota)).all()
    assert len(rows) == 2
    for row in rows:
        assert len(row.subject) == 64
        assert "robin" not in row.subject
        assert row.ends % 3600 == 0
    assert any(row.ends % DAY == 0 for row in rows)


def test_a_window_can_be_open_without_a_use(session: Session) -> None:
    assert not is_open(session, SECRET, NEW_ACCOUNT, 1, now=NOW)
    open_window(session, SECRET, NEW_ACCOUNT, 1, now=NOW)
    assert is_open(session, SECRET, NEW_ACCOUNT, 1, now=NOW + 6 * DAY)
    assert not is_open(session, SECRET, NEW_ACCOUNT, 1, now=NOW + 9 * DAY)
    open_window(session, SECRET, NEW_ACCOUNT, 1, now=NOW + 9 * DAY)
    assert is_open(session, SECRET, NEW_ACCOUNT, 1, now=NOW + 10 * DAY)


def test_ended_windows_are_cleared_away(session: Session) -> None:
    use(session, SECRET, SIGN_IN_LINKS, "a", now=NOW)
    use(session, SECRET, SIGN_IN_LINKS, "b", now=NOW + 7200)
    sweep(session, NOW + 7200)
    assert len(session.scalars(select(Quota)).all()) == 1


def test_a_visitor_is_another_one_the_next_day() -> None:
    assert visitor_subject("192.0.2.1", NOW) != visitor_subject("192.0.2.1", NOW + DAY)


def test_ten_at_once_get_no_more_than_the_limit(engine: Engine) -> None:
    limit = Limit("many", 4, 600)
    start, taken = threading.Barrier(10), []

    def _take() -> None:
        start.wait()
        with transaction(engine) as session:
            taken.append(try_use(session, SECRET, limit, "robin", now=NOW))

    threads = [threading.Thread(target=_take) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 6 + [True] * 4
