"""Whoever wishes for it gets a mail when a file is there, or cannot be made; it tells nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import SHELL, By
from mapapp.actions.statistics import export_asked
from mapapp.actions.statistics.export_asked import ask_for, asked_for, is_any_asked, make_asked
from mapapp.actions.statistics.export_kept import stored_note
from mapapp.actions.statistics.export_request import Request
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.members import Member
from tests.mail import links_in, waiting_mail
from tests.places import zones_of

WANTED = Request(("dystonia",), "country", "csv", ("DE",))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def dystonia(session: Session, make_condition: Callable, make_membership: Callable) -> Condition:
    condition: Condition = make_condition("dystonia")
    make_membership(condition, zones_of("DE-BY")[0])
    session.commit()
    return condition


@pytest.fixture
def staff(session: Session, make_member: Callable) -> list[Member]:
    found = [make_member(staff=True) for _ in range(3)]
    session.commit()
    return found


def ask(engine: Engine, who: str, *, mailed: bool) -> str:
    with transaction(engine) as session:
        return ask_for(session, WANTED, By(who, "a talk"), mailed=mailed)


def mailed_to(session: Session, settings: Settings) -> list[str]:
    session.rollback()
    return [mail.to for mail in waiting_mail(session, settings)]


@pytest.mark.both
def test_all_who_wished_for_it_get_one_and_nobody_else(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition, staff: list[Member]
) -> None:
    first, second, third = staff
    key = ask(engine, first.account_id, mailed=False)
    assert ask(engine, second.account_id, mailed=True) == key
    assert ask(engine, second.account_id, mailed=True) == key
    ask(engine, third.account_id, mailed=True)
    ask(engine, SHELL, mailed=True)
    assert mailed_to(session, settings) == []
    assert make_asked(engine, settings) == 1
    assert mailed_to(session, settings) == [second.email, third.email]
    assert make_asked(engine, settings) == 0
    # Who asks for what is there needs no mail: the page has it.
    ask(engine, first.account_id, mailed=True)
    make_asked(engine, settings)
    assert mailed_to(session, settings) == [second.email, third.email]


def test_it_has_a_link_and_names_nothing(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition, staff: list[Member]
) -> None:
    ask(engine, staff[0].account_id, mailed=True)
    make_asked(engine, settings)
    session.rollback()
    (mail,) = waiting_mail(session, settings)
    assert list(links_in(mail)) == ["/waiting"]
    words = f"{mail.subject} {mail.body}".casefold()
    for telling in (
        "file",
        "staff",
        "dystonia",
        "country",
        "csv",
        "germany",
        staff[0].pseudonym.casefold(),
    ):
        assert telling not in words


def test_who_paused_gets_none(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition, staff: list[Member]
) -> None:
    staff[0].paused = True
    session.commit()
    ask(engine, staff[0].account_id, mailed=True)
    assert make_asked(engine, settings) == 1
    assert mailed_to(session, settings) == []


def test_one_who_asks_while_it_is_made_is_told_too(
    session: Session,
    engine: Engine,
    settings: Settings,
    dystonia: Condition,
    staff: list[Member],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, stages = export_asked.write_file, []

    def beside(plan: object) -> object:
        with transaction(engine) as reading:
            asked = asked_for(reading, key)
            assert asked
            stages.append(asked.stage)
        ask(engine, staff[1].account_id, mailed=True)
        return write(plan)  # type: ignore[arg-type]

    monkeypatch.setattr(export_asked, "write_file", beside)
    key = ask(engine, staff[0].account_id, mailed=True)
    assert make_asked(engine, settings) == 1
    assert stages == ["writing"]
    assert mailed_to(session, settings) == [staff[0].email, staff[1].email]


def test_an_address_that_cannot_be_read_stops_no_file(
    session: Session, engine: Engine, settings: Settings, dystonia: Condition, staff: list[Member]
) -> None:
    staff[0].address_sealed = "sealed with another key"
    session.commit()
    key = ask(engine, staff[0].account_id, mailed=True)
    ask(engine, staff[1].account_id, mailed=True)
    assert make_asked(engine, settings) == 1
    assert mailed_to(session, settings) == [staff[1].email]
    assert stored_note(session, key)


@pytest.mark.both
def test_what_is_given_up_is_told_once(
    session: Session,
    engine: Engine,
    settings: Settings,
    dystonia: Condition,
    staff: list[Member],
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = ask(engine, staff[0].account_id, mailed=True)
    with monkeypatch.context() as patch:
        patch.setattr(export_asked, "write_file", lambda _plan: int("x"))
        for _ in range(export_asked.MOST_TRIES):
            assert make_asked(engine, settings) == 0
            assert mailed_to(session, settings) == []
            clock.shift(timedelta(seconds=export_asked.LEASE))
    assert is_any_asked(engine)
    make_asked(engine, settings)
    assert mailed_to(session, settings) == [staff[0].email]
    assert not is_any_asked(engine)
    make_asked(engine, settings)
    assert mailed_to(session, settings) == [staff[0].email]
    # Asked for again, it begins anew, and its end is told.
    assert ask(engine, staff[0].account_id, mailed=True) == key
    assert make_asked(engine, settings) == 1
    assert mailed_to(session, settings) == [staff[0].email] * 2
