"""Exports are asked for and made later: once, without holding anybody up, whoever is killed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from click.testing import Result
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics import export_asked
from mapapp.actions.statistics.export_kept import stored_file
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.cli import export_maker
from mapapp.errors import BadInputError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.facts import SiteFact
from mapapp.store.records import AuditEntry, Export
from tests.at_once import at_once, outcomes
from tests.places import zones_of

WANTED = Request(("dystonia",), "country", "csv")
BY = By("shell", "a talk")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def dystonia(session: Session, make_condition: Callable, make_membership: Callable) -> Condition:
    condition: Condition = make_condition("dystonia")
    make_membership(condition, zones_of("DE-BY")[0])
    session.commit()
    return condition


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def ask(engine: Engine, request: Request = WANTED) -> str:
    with transaction(engine) as session:
        return export_asked.ask_for(session, request, BY)


def how_far(engine: Engine, key: str) -> export_asked.Asked | None:
    with transaction(engine, write=False) as session:
        return export_asked.asked_for(session, key)


def entries(engine: Engine) -> int:
    with transaction(engine, write=False) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.both
def test_many_ask_and_make_at_once(
    engine: Engine, session: Session, settings: Settings, dystonia: Condition
) -> None:
    """None is refused because another one was faster, and there is one file."""
    found = outcomes([lambda: ask(engine)] * 6)
    assert len(set(found)) == 1, found
    make = [lambda: export_asked.make_now(engine, found[0], settings)] * 4
    assert at_once(make) == []
    assert stored_file(session, found[0]).content
    kept = select(func.count()).select_from(Export)
    assert session.scalar(kept) == 2  # the numbers of the day, and the file


@pytest.mark.both
def test_what_is_asked_for_is_noted_then_made_and_the_same_again(
    engine: Engine, settings: Settings, session: Session, dystonia: Condition
) -> None:
    key = ask(engine)
    assert entries(engine) == 1
    assert how_far(engine, key)
    with pytest.raises(NotFoundError):
        stored_file(session, key)
    assert ask(engine) == key
    assert export_asked.make_asked(engine, settings) == 1
    assert how_far(engine, key) is None
    session.rollback()  # and see what the worker wrote
    made = stored_file(session, key)
    assert made == export_numbers(session, WANTED, BY, site=settings.site_name, today=NOW.date())
    session.commit()
    assert ask(engine) == key
    assert not export_asked.is_any_asked(engine)
    assert export_asked.make_asked(engine, settings) == 0
    assert stored_file(session, key) == made
    assert entries(engine) == 4


def test_what_cannot_be_made_is_refused_when_it_is_asked_for(
    engine: Engine, dystonia: Condition
) -> None:
    for request, refusal in (
        (Request(("dystonia",), "street", "csv"), BadInputError),
        (Request(("nothing",), "country", "csv"), NotFoundError),
    ):
        with pytest.raises(refusal):
            ask(engine, request)
    assert not export_asked.is_any_asked(engine)
    assert entries(engine) == 0


def test_a_worker_that_is_killed_leaves_its_file_to_the_next(
    engine: Engine, settings: Settings, dystonia: Condition, clock: time_machine.Traveller
) -> None:
    key = ask(engine)
    assert export_asked._take(engine)  # and nothing more is heard of it
    found = how_far(engine, key)
    assert found
    assert found.is_begun
    assert export_asked.make_asked(engine, settings) == 0
    clock.shift(timedelta(seconds=export_asked.LEASE))
    assert export_asked.make_asked(engine, settings) == 1
    assert how_far(engine, key) is None


def test_of_two_workers_one_makes_it(engine: Engine, dystonia: Condition) -> None:
    ask(engine)
    with transaction(engine, write=False) as session:
        seen = export_asked._next(session)
    assert seen
    assert export_asked._take(engine) == seen
    with transaction(engine) as session:
        assert not export_asked._keep(session, seen, tries=1, until=1)


def test_what_ends_every_worker_is_given_up_and_can_be_asked_for_again(
    engine: Engine,
    settings: Settings,
    dystonia: Condition,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_large(_plan: object) -> Export:
        raise MemoryError

    key = ask(engine)
    with monkeypatch.context() as patch:
        patch.setattr(export_asked, "write_file", too_large)
        for _ in range(export_asked.MOST_TRIES):
            assert export_asked.is_any_asked(engine)
            assert export_asked.make_asked(engine, settings) == 0
            clock.shift(timedelta(seconds=export_asked.LEASE))
    found = how_far(engine, key)
    assert found
    assert found.has_failed
    assert not export_asked.is_any_asked(engine)
    assert ask(engine) == key
    assert export_asked.make_asked(engine, settings) == 1


@pytest.mark.both
def test_others_write_while_a_file_is_written(
    engine: Engine, settings: Settings, dystonia: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = export_asked.write_file

    def beside(plan: object) -> Export:
        with transaction(engine) as other:
            other.execute(insert(SiteFact).values(key="beside", value="1"))
        return write(plan)  # type: ignore[arg-type]

    monkeypatch.setattr(export_asked, "write_file", beside)
    key = ask(engine)
    export_asked.make_now(engine, key, settings)
    with transaction(engine, write=False) as session:
        assert stored_file(session, key)
        assert session.get(SiteFact, "beside")


def test_the_worker_makes_what_was_asked_for(
    shell: Callable[..., Result], engine: Engine, dystonia: Condition
) -> None:
    key = ask(engine)
    assert shell("worker", "--once").exit_code == 0
    assert how_far(engine, key) is None


def test_the_process_beside_the_worker_makes_it_and_there_is_one(
    settings: Settings, engine: Engine, dystonia: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("instance", "database_url", "secret_key", "address_key"):
        monkeypatch.setenv(f"MAPAPP_{name.upper()}", str(getattr(settings, name)))
    maker = export_maker.ExportMaker()
    maker.look(engine)
    assert maker._process is None
    key = ask(engine)
    maker.look(engine)
    first = maker._process
    assert first is not None
    maker.look(engine)
    assert maker._process is first
    first.join(60)
    assert first.exitcode == 0
    assert how_far(engine, key) is None
