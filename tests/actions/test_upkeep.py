"""What the worker does once a day."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mapapp.actions import consents, upkeep
from mapapp.actions.erase import erase_member
from mapapp.actions.upkeep import DAY_DONE
from mapapp.domain.consents import MAIL
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member
from tests.trust import World

DAY = 86_400
MORNING = int(datetime(2026, 11, 22, 6, tzinfo=UTC).timestamp())


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    return World(session, settings)


@pytest.fixture
def work(world: World, engine: Engine, settings: Settings) -> Iterator[Callable[[int], bool]]:
    """``work(3)`` is what a worker does 3 days later; True when there was anything to do."""

    def _work(day: int, seconds: int = 0) -> bool:
        world.session.commit()
        return upkeep.upkeep(engine, settings, MORNING + day * DAY + seconds)

    yield _work
    world.session.rollback()


def test_the_work_of_a_day_is_done_once(world: World, work: Callable[..., bool]) -> None:
    world.member(confirmed="2025-11")
    assert [work(0), work(0, 60), work(0, 17 * 3600)] == [True, False, False]
    assert len(world.mailed()) == 1
    assert [work(0, 18 * 3600), work(1, 18 * 3600 - 1), work(2)] == [True, False, True]
    assert len(world.mailed()) == 1


def test_days_without_a_worker_are_not_made_up_for(world: World, work: Callable[..., bool]) -> None:
    world.member(confirmed="2025-11")
    assert [work(0), work(200)] == [True, True]
    assert len(world.mailed()) == 2


def test_receipts_are_kept_for_a_year_after_they_were_taken_back(
    world: World, work: Callable[..., bool]
) -> None:
    member = world.member(confirmed="2026-11")
    with time_machine.travel("2026-11-22", tick=False):
        consents.take_back(world.session, member.id, MAIL)
    for day, kept in ((0, True), (365, True), (366 + 30, False)):
        work(day)
        world.session.expire_all()
        assert (MAIL in {r.purpose for r in world.receipts(member)}) == kept, day


def test_the_29th_of_february_is_a_day_like_others(work: Callable[..., bool]) -> None:
    leap = (datetime(2028, 2, 29, tzinfo=UTC) - datetime(2026, 11, 22, tzinfo=UTC)).days
    assert work(leap)


def test_what_failed_is_done_again(
    world: World, work: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.member(confirmed="2025-11")
    with monkeypatch.context() as broken:
        broken.setattr(upkeep, "ask_around", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(0)
    assert work(0)
    assert len(world.mailed()) == 1


def test_a_worker_that_comes_second_waits_and_does_nothing(
    world: World, engine: Engine, settings: Settings
) -> None:
    """Two workers look at the same moment: one works, the other must not fall over it."""
    world.member(confirmed="2025-11")
    world.session.commit()
    upkeep.upkeep(engine, settings, MORNING - DAY)
    today, done = "2026-11-22", []

    def _second() -> None:
        try:
            done.append(upkeep.upkeep(engine, settings, MORNING))
        except Exception as error:
            done.append(error)

    second = threading.Thread(target=_second)
    with transaction(engine) as first:
        facts.state(first, DAY_DONE, today)
        second.start()
        second.join(2)  # by now it waits for the first one
    second.join()
    assert done == [False]


def test_one_account_whose_address_cannot_be_read_stops_nobody_elses_mail(
    world: World, work: Callable[..., bool]
) -> None:
    """Sealed with a key that was lost: the others are asked as always."""
    lost = world.member(email="lost@example.org", confirmed="2025-11")
    lost.address_sealed = "sealed with a key that is gone"
    world.member(email="wren@example.org", confirmed="2025-11")
    assert work(0)
    assert "wren@example.org" in world.mailed()


def test_what_erased_rows_left_in_the_file_is_cleared_away_once(
    world: World, engine: Engine, settings: Settings
) -> None:
    member_id = world.member().id
    world.session.commit()
    assert not upkeep.clear_erased(engine)
    with transaction(engine) as session:
        erase_member(session, settings, member_id)
    assert [upkeep.clear_erased(engine) for _ in range(2)] == [True, False]


def test_what_could_not_be_cleared_away_is_tried_again(
    world: World, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as when somebody reads for so long that the file cannot be written anew."""
    member_id = world.member().id
    world.session.commit()
    with transaction(engine) as session:
        erase_member(session, settings, member_id)
    with monkeypatch.context() as busy:
        busy.setattr(upkeep, "forget_erased", lambda _engine: 1 / 0)
        with suppress(ZeroDivisionError):
            upkeep.clear_erased(engine)
    assert upkeep.clear_erased(engine)


@pytest.fixture
def hasty(settings: Settings) -> Iterator[Engine]:
    """The database, for somebody who does not wait long for others."""
    engine = make_engine(settings.sqlalchemy_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda c, _record: c.execute("PRAGMA busy_timeout=50"))
    yield engine
    engine.dispose()


def test_a_journal_that_was_being_read_is_emptied_the_next_time(
    world: World, engine: Engine, hasty: Engine, settings: Settings
) -> None:
    """It cannot be while somebody still reads the state before; that must not be the end of it."""
    wren = world.member(pseudonym="Zebra Plover")
    member_id, trace = wren.id, wren.public_id.encode()
    world.session.commit()
    world.session.close()
    assert trace in _stored(world, engine)
    world.session.close()
    with Session(engine) as reader:
        reader.scalars(select(Member.id)).all()
        with transaction(hasty) as session:
            erase_member(session, settings, member_id)
        with suppress(OperationalError):
            upkeep.clear_erased(hasty)
    upkeep.clear_erased(hasty)
    assert trace not in _stored(world, engine)


def test_somebody_erased_by_silence_leaves_no_trace_in_the_file(
    world: World, work: Callable[..., bool], engine: Engine
) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Zebra Plover", confirmed="2025-11")
    world.place(wren, "public")
    traces = [wren.pseudonym.encode(), wren.public_id.encode(), (wren.address_mark or "").encode()]
    member_id = wren.id
    world.session.commit()
    assert all(trace in _stored(world, engine) for trace in traces)
    for day in (0, 45, 60, 395, 425):
        work(day)
        world.session.close()
    assert world.session.scalar(select(Member.id).where(Member.id == member_id)) is None
    world.session.close()
    assert not any(trace in _stored(world, engine) for trace in traces)


def _stored(world: World, engine: Engine) -> bytes:
    """Return what stands in the database: its files, or all rows as text."""
    if engine.dialect.name == "sqlite":
        path = engine.url.database or ""
        files = [Path(path), Path(f"{path}-wal")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    columns = select(Member.pseudonym, Member.public_id, Member.address_mark)
    return str(world.session.execute(columns).all()).encode()
