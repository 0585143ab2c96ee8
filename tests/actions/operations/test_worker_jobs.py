"""A job of the worker that fails is told by name, and all others go on."""

from itertools import pairwise

import pytest
from sqlalchemy import Engine

from mapapp.actions.operations import upkeep, worker_jobs
from mapapp.actions.operations.worker_jobs import WorkerJobs
from mapapp.errors import Words
from mapapp.settings import Settings

MORNING = 1_800_000_000
PARTS = {
    "lapse": upkeep,
    "_forget_evidence": upkeep,
    "forget_old_exports": upkeep,
    "run_yearly_check": upkeep,
    "_forget_receipts": upkeep,
    "end_kept": upkeep,
    "_keep_erasures": upkeep,
    "after_erasing": worker_jobs,
    "publish_due": worker_jobs,
    "tell_todays_news": worker_jobs,
    "tell_of_growth": worker_jobs,
    "tell_webhooks": worker_jobs,
    "deliver_due": worker_jobs,
    "send_messages": worker_jobs,
    "delete_expired": worker_jobs,
}
"""What each job calls, by where it is looked up."""


class Told(list[tuple[str, str]]):
    """What the worker said."""

    def __call__(self, job: str, kind: str) -> None:
        self.append((job, kind))


@pytest.fixture
def begun(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker began, in order; nothing of it is done."""
    found: list[str] = []
    daily = dict(zip(upkeep.DAILY, list(PARTS)[: len(upkeep.DAILY)], strict=True))
    for words, name in daily.items():
        monkeypatch.setitem(upkeep.DAILY, words, lambda _ctx, name=name: found.append(name))
    for name in list(PARTS)[len(daily) :]:
        monkeypatch.setattr(worker_jobs, name, lambda *_given, name=name: found.append(name))
    return found


def _break(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException) -> None:
    def _fail(*_given: object) -> None:
        raise error

    names = list(PARTS)
    if PARTS[name] is upkeep:
        monkeypatch.setitem(upkeep.DAILY, list(upkeep.DAILY)[names.index(name)], _fail)
    else:
        monkeypatch.setattr(worker_jobs, name, _fail)


def test_every_job_is_done_in_its_order(
    begun: list[str], engine: Engine, settings: Settings
) -> None:
    told = Told()
    assert WorkerJobs(engine, settings, told).run(MORNING)
    assert begun == list(PARTS)
    assert told == []


def test_a_job_that_was_added_fails_alone_too(
    begun: list[str], engine: Engine, settings: Settings
) -> None:
    told = Told()
    more = {Words("more"): lambda: begun.append("more"), Words("bad"): lambda: 1 // 0}
    assert not WorkerJobs(engine, settings, told, more).run(MORNING)
    assert begun == [*PARTS, "more"]
    assert told == [("bad", "ZeroDivisionError")]


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("error", [ValueError("robin@example.org"), OSError(), MemoryError()])
def test_one_that_fails_is_told_without_its_words_and_the_others_go_on(
    begun: list[str],
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: Exception,
) -> None:
    _break(monkeypatch, name, error)
    told = Told()
    assert not WorkerJobs(engine, settings, told).run(MORNING)
    assert begun == [one for one in PARTS if one != name]
    ((job, kind),) = told
    assert kind == type(error).__name__
    assert "@" not in job


def test_one_that_keeps_failing_rests_longer_and_longer_and_then_works_again(
    begun: list[str], engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told()
    jobs = WorkerJobs(engine, settings, told)
    tried = []
    with monkeypatch.context() as broken:
        _break(broken, "deliver_due", ValueError())
        for second in range(240):
            before = len(told)
            jobs.run(MORNING + second)
            tried += [second] * (len(told) > before)
    waits = [b - a for a, b in pairwise(tried)]
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert "deliver_due" not in begun
    assert jobs.run(MORNING + 300)
    assert "deliver_due" in begun


def test_what_stops_the_worker_stops_it(
    begun: list[str], engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(monkeypatch, "deliver_due", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        WorkerJobs(engine, settings, Told()).run(MORNING)
