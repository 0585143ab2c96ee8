"""What the worker does once a day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import Engine, select

from mapapp.actions.mail import consent_receipts
from mapapp.actions.operations import upkeep
from mapapp.actions.operations.upkeep import DAY_DONE
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.settings import Settings
from mapapp.store import facts
from mapapp.store.database import transaction
from mapapp.store.members import Member
from tests.at_once import begun
from tests.databases import stored
from tests.trust import World

DAY = 86_400
MORNING = int(datetime(2026, 11, 22, 6, tzinfo=UTC).timestamp())


@pytest.fixture
def work(world: World, engine: Engine, settings: Settings) -> Iterator[Callable[[int], bool]]:
    """``work(3)`` is what a worker does 3 days later; True if there was anything to do."""

    def _work(day: int, seconds: int = 0) -> bool:
        world.session.commit()
        moment = MORNING + day * DAY + seconds
        done = [upkeep.do_today(engine, settings, part, moment) for part in upkeep.DAILY]
        upkeep.after_erasing(engine, settings, moment)
        world.hand_over(datetime.fromtimestamp(moment, UTC).date())
        world.session.commit()
        return any(done)

    yield _work
    world.session.rollback()


def test_the_work_of_a_day_is_done_once(world: World, work: Callable[..., bool]) -> None:
    world.member(confirmed="2025-11")
    assert [work(0), work(0, 60), work(0, 17 * 3600)] == [True, False, False]
    assert len(world.mailed()) == 1
    assert [work(0, 18 * 3600), work(1, 18 * 3600 - 1), work(2)] == [True, False, True]
    assert len(world.mailed()) == 1


@pytest.mark.both
def test_days_without_a_worker_are_not_made_up_for(world: World, work: Callable[..., bool]) -> None:
    world.member(confirmed="2025-11")
    assert [work(0), work(200)] == [True, True]
    assert len(world.mailed()) == 2


def test_receipts_are_kept_for_a_year_after_they_were_taken_back(
    world: World, work: Callable[..., bool]
) -> None:
    member = world.member(confirmed="2026-11")
    with time_machine.travel("2026-11-22", tick=False):
        consent_receipts.take_back(world.session, member.id, MAIL)
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
        broken.setattr(upkeep, "run_yearly_check", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(0)
    assert work(0)
    assert len(world.mailed()) == 1


def test_a_worker_that_comes_second_waits_and_does_nothing(
    world: World, engine: Engine, settings: Settings
) -> None:
    """Two workers start at the same moment: one works, and the other must not fail."""
    world.member(confirmed="2025-11")
    world.session.commit()
    part = next(iter(upkeep.DAILY))
    upkeep.do_today(engine, settings, part, MORNING - DAY)
    with transaction(engine) as first:
        facts.state(first, f"{DAY_DONE}:{part}", "2026-11-22")
        first.flush()
        second = begun(engine, lambda: upkeep.do_today(engine, settings, part, MORNING))
    assert second() is False


def test_one_account_whose_address_cannot_be_read_stops_nobody_elses_mail(
    world: World, work: Callable[..., bool]
) -> None:
    """Encrypted with a lost key: the others are asked as always."""
    lost = world.member(email="lost@example.org", confirmed="2025-11")
    lost.address_sealed = "sealed with a key that is gone"
    world.member(email="wren@example.org", confirmed="2025-11")
    assert work(0)
    assert "wren@example.org" in world.mailed()


def test_somebody_erased_by_silence_leaves_no_trace_in_the_file(
    world: World, work: Callable[..., bool], engine: Engine
) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Zebra Plover", confirmed="2025-11")
    world.place(wren, "public")
    traces = [wren.pseudonym.encode(), wren.public_id.encode(), (wren.address_mark or "").encode()]
    member_id = wren.id
    world.session.commit()
    assert all(trace in stored(engine) for trace in traces)
    for day in (0, 45, 60, 395, 425):
        work(day)
        world.session.close()
    assert world.session.scalar(select(Member.id).where(Member.id == member_id)) is None
    world.session.close()
    assert not any(trace in stored(engine) for trace in traces)
