"""What is left to do after an erasure: the list, the journal, and rewriting the file."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from mapapp.actions.account import erasure_list
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.operations import upkeep
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import empty_journal, forget_erased, transaction
from mapapp.store.members import Member
from tests.databases import stored
from tests.trust import World

HOUR = 3600
NOON = 1_795_000_000 // HOUR * HOUR

Leave = Callable[[], bytes]
Work = Callable[[int], bool]


@pytest.fixture
def leave(session: Session, settings: Settings, engine: Engine) -> Leave:
    """``leave()`` adds and erases a member; returns the text that would reveal them in the file."""
    settings.instance.mkdir(exist_ok=True)

    def _leave() -> bytes:
        wren = World(session, settings).member(pseudonym="Zebra Plover")
        member_id, trace = wren.id, wren.account_id.encode()
        session.commit()
        assert trace in stored(engine)
        session.close()
        with transaction(engine) as own:
            erase_member(Context(own, settings), member_id)
        return trace

    return _leave


@pytest.fixture
def work(engine: Engine, settings: Settings) -> Work:
    """``work(60)`` is a worker's round a minute past noon; True means that it rewrote the file."""
    return lambda seconds: upkeep.after_erasing(engine, settings, NOON + seconds)


def _facts(engine: Engine) -> set[str]:
    with Session(engine) as session:
        left = (facts.ERASED, facts.FILE_UNCLEAN, facts.JOURNAL_FULL)
        return {key for key in left if facts.fact(session, key)}


@pytest.mark.both
def test_where_nobody_left_nothing_is_done(work: Work, engine: Engine) -> None:
    assert not work(0)
    assert _facts(engine) == set()


def test_the_file_is_written_anew_once_after_somebody_left(
    leave: Leave, work: Work, engine: Engine
) -> None:
    trace = leave()
    assert [work(0), work(2), work(HOUR), work(24 * HOUR)] == [True, False, False, False]
    assert trace not in stored(engine)
    assert _facts(engine) == set()


def test_many_who_leave_in_one_hour_cost_one_more_rewriting(
    leave: Leave, work: Work, engine: Engine
) -> None:
    wrote, traces = 0, []
    for second in range(0, HOUR, 300):
        traces.append(leave())
        wrote += work(second)
    assert wrote == 1
    assert _facts(engine) == {facts.FILE_UNCLEAN}
    assert [work(HOUR + n) for n in (0, 2, HOUR)] == [True, False, False]
    assert not any(trace in stored(engine) for trace in traces)
    assert _facts(engine) == set()


def test_the_list_and_the_journal_wait_for_no_hour(
    leave: Leave, work: Work, engine: Engine, settings: Settings
) -> None:
    leave()
    work(0)
    leave()
    with transaction(engine) as session:
        session.add(Member())
    work(60)
    path = erasure_list.erasure_file(settings)
    assert len(path.read_text(encoding="ascii").splitlines()) == 2
    assert _facts(engine) == {facts.FILE_UNCLEAN}


def test_what_could_not_be_written_anew_is_tried_again_in_the_next_hour(
    leave: Leave, work: Work, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as when the disk is full: retrying every two seconds would help nobody."""
    trace = leave()
    with monkeypatch.context() as full:
        full.setattr(upkeep, "forget_erased", lambda _engine: 1 / 0)
        with suppress(ZeroDivisionError):
            work(0)
    assert [work(60), work(HOUR)] == [False, True]
    assert trace not in stored(engine)


def test_who_leaves_while_the_file_is_written_is_not_forgotten(
    leave: Leave, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _written_while_somebody_leaves(engine: Engine) -> bool:
        leave()
        return forget_erased(engine)

    leave()
    with monkeypatch.context() as busy:
        busy.setattr(upkeep, "forget_erased", _written_while_somebody_leaves)
        assert work(0)
    assert [work(60), work(HOUR), work(2 * HOUR)] == [False, True, False]


def test_a_worker_that_dies_in_the_middle_leaves_the_work_to_the_next(
    leave: Leave, work: Work, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def _die(_engine: Engine) -> bool:
        assert facts.FILE_UNCLEAN in _facts(engine)
        raise KilledError

    trace = leave()
    with monkeypatch.context() as dying:
        dying.setattr(upkeep, "forget_erased", _die)
        with suppress(KilledError):
            work(0)
    assert work(HOUR)
    assert trace not in stored(engine)


def test_a_journal_that_was_being_read_is_emptied_once_nobody_reads(
    leave: Leave, work: Work, engine: Engine
) -> None:
    """And the file is not written a second time for it."""
    with Session(engine) as reader:
        reader.scalars(select(Member.id)).all()
        trace = leave()
        assert work(0)
        if engine.dialect.name == "sqlite":
            assert _facts(engine) == {facts.JOURNAL_FULL}
    assert not work(2)
    assert trace not in stored(engine)
    assert _facts(engine) == set()


def test_emptying_the_journal_waits_shortly_for_readers(leave: Leave, engine: Engine) -> None:
    """A request does it, and meanwhile nobody can write."""
    with Session(engine) as reader:
        reader.scalars(select(Member.id)).all()
        leave()
        began = time.monotonic()
        done = empty_journal(engine)
        assert time.monotonic() - began < 5
    assert done == (engine.dialect.name != "sqlite")
    assert empty_journal(engine)


def test_other_work_is_as_patient_as_before(engine: Engine) -> None:
    """The connection on which the journal was emptied is used again."""
    if engine.dialect.name != "sqlite":
        return
    seen = []
    event.listen(engine, "checkin", lambda raw, _record: seen.append(_patience(raw)))
    empty_journal(engine)
    assert seen == [30_000]


def _patience(raw: object) -> int:
    return int(raw.execute("PRAGMA busy_timeout").fetchone()[0])  # type: ignore[attr-defined]
