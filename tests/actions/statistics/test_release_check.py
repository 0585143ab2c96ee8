"""The check finds whatever would make releases dishonest or too dear."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from mapapp.actions.statistics import release_check
from mapapp.actions.statistics.release_check import ledger_numbers, spent_by_question
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.records import LedgerEntry, Release, ReleaseShare
from tests import factories
from tests.places import zones_of
from tests.releases import release_on, wrong

LEEDS = zones_of("GB-ENG")[0]


@pytest.fixture
def dystonia(session: Session, engine: Engine, settings: Settings) -> Condition:
    """A map whose releases are there, of the quarter and of the year."""
    condition = factories.make_condition(session, "dystonia")
    factories.make_crowd(session, condition, LEEDS, 55)
    factories.make_crowd(session, condition, LEEDS, 2, "counted")
    session.commit()
    release_on(engine, settings)
    return condition


def _change(session: Session) -> None:
    session.execute(
        update(Release).where(Release.query == "role:world").values(numbers='{"|self": 900}')
    )


def _unpay(session: Session) -> None:
    session.execute(
        update(LedgerEntry).where(LedgerEntry.query == "role:world").values(query="other:world")
    )


def _overspend(session: Session) -> None:
    session.execute(
        update(LedgerEntry).where(LedgerEntry.query == "role:world").values(epsilon=500)
    )


def _overcharge(session: Session) -> None:
    session.execute(update(ReleaseShare).values(spent=3001))


FAULTS: dict[Callable[[Session], None], str] = {
    _change: str(release_check.CHANGED),
    _unpay: str(release_check.UNPAID),
    _overspend: str(release_check.OVERSPENT),
    _overcharge: str(release_check.OVERCHARGED),
}


@pytest.mark.both
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_is_found_and_nothing_else(
    session: Session, dystonia: Condition, fault: Callable[[Session], None]
) -> None:
    assert wrong(session) == []
    fault(session)
    session.commit()
    assert wrong(session) == [FAULTS[fault]]


@pytest.mark.both
def test_what_was_lost_is_no_fault_and_told(session: Session, dystonia: Condition) -> None:
    session.execute(delete(Release).where(Release.query == "role:world"))
    session.commit()
    assert wrong(session) == []
    found = ledger_numbers(session)
    assert (found.entries, found.releases, found.lost) == (12, 11, 1)
    spent = {(one.epoch, one.query): one for one in spent_by_question(session)}
    lost = spent["2027", "role:world"]
    assert (lost.maps, lost.answered, lost.epsilon) == (1, 0, 250)
    assert spent["2027-Q1", "people:world"].answered == 1
