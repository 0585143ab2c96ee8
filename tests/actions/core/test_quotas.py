import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.core.quotas import (
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
    use_up,
    visitor_subject,
)
from mapapp.errors import LimitError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.limits import Quota
from tests.at_once import in_transaction, outcomes

SETTINGS = Settings(secret_key="a secret for tests, and for tests alone")
NOW = 1_800_000_000


def at(session: Session, now: int) -> Context:
    return Context(session, SETTINGS, now=now)


def test_a_limit_is_used_up_and_comes_back_with_the_next_window(session: Session) -> None:
    for _ in range(3):
        use(at(session, NOW), SIGN_IN_LINKS, "robin")
    with pytest.raises(LimitError):
        use(at(session, NOW + 3500), SIGN_IN_LINKS, "robin")
    assert try_use(at(session, NOW), SIGN_IN_LINKS, "somebody else")
    for _ in range(3):
        use(at(session, NOW + 3700), SIGN_IN_LINKS, "robin")
    assert not try_use(at(session, NOW + 3700), SIGN_IN_LINKS, "robin")


def test_limits_do_not_share_what_is_used(session: Session) -> None:
    one = Limit("one", 1, 60)
    assert try_use(at(session, NOW), one, 5)
    assert try_use(at(session, NOW), Limit("two", 1, 60), 5)
    assert not try_use(at(session, NOW), one, 5)


def test_rows_tell_neither_who_nor_when(session: Session) -> None:
    use(at(session, NOW + 12_345), MOVES, 17, "robin@example.org")
    use(at(session, NOW + 12_345), CORRECTIONS, 17)
    rows = session.scalars(select(Quota)).all()
    assert len(rows) == 2
    for row in rows:
        assert len(row.subject) == 64
        assert "robin" not in row.subject
        assert row.ends % 3600 == 0
    assert any(row.ends % DAY == 0 for row in rows)


def test_a_window_can_be_open_without_a_use(session: Session) -> None:
    assert not is_open(at(session, NOW), NEW_ACCOUNT, 1)
    open_window(at(session, NOW), NEW_ACCOUNT, 1)
    assert is_open(at(session, NOW + 6 * DAY), NEW_ACCOUNT, 1)
    assert not is_open(at(session, NOW + 9 * DAY), NEW_ACCOUNT, 1)
    open_window(at(session, NOW + 9 * DAY), NEW_ACCOUNT, 1)
    assert is_open(at(session, NOW + 10 * DAY), NEW_ACCOUNT, 1)


@pytest.mark.both
def test_whoever_looks_at_a_window_waits_for_nobody(engine: Engine) -> None:
    with transaction(engine) as writer:
        open_window(at(writer, NOW), NEW_ACCOUNT, 1)
    with transaction(engine) as writer:
        use_up(at(writer, NOW), NEW_ACCOUNT, 1)
        with transaction(engine, write=False) as reader:
            if engine.dialect.name == "postgresql":
                reader.execute(text("SET LOCAL lock_timeout = 100"))
            assert is_open(at(reader, NOW), NEW_ACCOUNT, 1)


def test_ended_windows_are_cleared_away(session: Session) -> None:
    use(at(session, NOW), SIGN_IN_LINKS, "a")
    use(at(session, NOW + 7200), SIGN_IN_LINKS, "b")
    delete_expired(session, NOW + 7200)
    assert len(session.scalars(select(Quota)).all()) == 1


def test_a_visitor_is_another_one_the_next_day() -> None:
    assert visitor_subject("192.0.2.1", NOW) != visitor_subject("192.0.2.1", NOW + DAY)


def test_ten_at_once_get_no_more_than_the_limit(engine: Engine) -> None:
    limit = Limit("many", 4, 600)
    take = in_transaction(engine, lambda own: try_use(at(own, NOW), limit, "robin"))
    taken = outcomes([take] * 10)
    assert sorted(taken) == [False] * 6 + [True] * 4
