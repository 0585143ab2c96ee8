"""Releases are made once an epoch, of those who may take part, and stay as they are."""

from datetime import date

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.published.released import hidden_people, released
from mapapp.actions.statistics import release_make
from mapapp.actions.statistics.spent_list import spent_file
from mapapp.domain.published.release_rules import (
    Attribute,
    query_of,
)
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership
from mapapp.store.records import LedgerEntry, Release, ReleaseShare
from tests import factories
from tests.at_once import at_once
from tests.places import zones_of
from tests.releases import answers, ledger, release_on, shares, wrong

LEEDS = zones_of("GB-ENG")[0]
MANY = 60


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no noise: what was counted then shows."""
    monkeypatch.setattr(release_make, "with_noise", lambda numbers, _scale: dict(numbers))


@pytest.fixture
def crowd(session: Session) -> Condition:
    """A map with people who are listed, and as many who are only counted."""
    condition = factories.make_condition(session, "dystonia")
    for visibility in ("public", "counted"):
        factories.make_crowd(session, condition, LEEDS, MANY, visibility)
    session.commit()
    return condition


@pytest.mark.both
@pytest.mark.usefixtures("exact")
def test_each_question_counts_those_it_is_about(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    release_on(engine, settings)
    found = answers(session, crowd.id)
    assert found["people:world"] == {"|": MANY}
    assert found["people:country"] == {"GB|": MANY}
    assert found["role:world"] == {"|self": MANY}
    assert found["language:world"] == {"|en": MANY}
    # Fewer than a thousand are listed there, so nothing else is told of the country.
    assert found["role:country"] == found["language:country"] == {}
    assert wrong(session) == []


@pytest.mark.both
def test_asked_again_nothing_changes_whatever_people_do(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    assert release_on(engine, settings).maps == 2  # one quarter, one year
    before = (answers(session, crowd.id), ledger(session), shares(session))
    session.execute(delete(Membership).where(Membership.visibility == "counted"))
    session.commit()
    assert release_on(engine, settings).maps == 0
    kept = session.scalars(select(Release.digest)).all()
    # Also when the note that all is made has been lost.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_make.facts, "fact", lambda *_given: "")
        assert release_on(engine, settings).maps == 0
    assert (answers(session, crowd.id), ledger(session), shares(session)) == before
    assert session.scalars(select(Release.digest)).all() == kept


@pytest.mark.both
def test_a_new_quarter_has_new_numbers_and_the_year_stays(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    release_on(engine, settings)
    assert release_on(engine, settings, date(2027, 4, 1)).epochs == ("2027-Q2",)
    epochs = [epoch for _map, epoch, query in ledger(session) if query == "people:world"]
    assert epochs == ["2027-Q1", "2027-Q2"]
    newest = released(session, crowd.id, query_of(Attribute.PEOPLE))
    assert newest is not None
    assert newest.epoch == "2027-Q2"
    first = released(session, crowd.id, query_of(Attribute.PEOPLE), "2027-Q1")
    assert first is not None
    assert first.epoch == "2027-Q1"


@pytest.mark.parametrize(
    "values",
    [{"month": "2027-01"}, {"visibility": "paused"}],
    ids=["who came lately", "who pauses"],
)
@pytest.mark.usefixtures("exact")
def test_these_take_no_part(
    session: Session, engine: Engine, settings: Settings, crowd: Condition, values: dict[str, str]
) -> None:
    session.execute(update(Membership).where(Membership.visibility == "counted").values(**values))
    session.commit()
    release_on(engine, settings)
    assert answers(session, crowd.id)["people:world"] == {}


def test_a_map_that_nobody_joined_is_not_asked_and_a_small_one_only_for_the_hidden(
    session: Session, engine: Engine, settings: Settings
) -> None:
    empty, small = (factories.make_condition(session, slug) for slug in ("empty", "small"))
    factories.make_crowd(session, empty, LEEDS, MANY, "counted")
    factories.make_crowd(session, small, LEEDS, 3)
    session.commit()
    release_on(engine, settings)
    asked = ledger(session)
    assert {one for one, _epoch, _query in asked} == {small.id}
    assert {query for _map, _epoch, query in asked} == {"people:world", "people:country"}


@pytest.mark.both
def test_two_at_once_ask_once(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    assert at_once([lambda: release_on(engine, settings)] * 3) == []
    entries = ledger(session)
    assert len(entries) == len(set(entries)) == 12
    assert len(answers(session, crowd.id)) == 12
    assert wrong(session) == []


def test_a_restored_backup_spends_nothing_again(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    release_on(engine, settings)
    for table in (Release, LedgerEntry, ReleaseShare):
        session.execute(delete(table))
    release_make.facts.state(session, "released:hidden", "")
    release_make.facts.state(session, "released:listed", "")
    session.commit()
    assert release_on(engine, settings).maps == 0
    assert ledger(session) == []
    assert hidden_people(session, crowd.id) is None
    # In the next quarter it goes on, and the lines of an earlier year are dropped.
    assert release_on(engine, settings, date(2028, 1, 1)).maps == 2
    assert all(line.startswith("2028") for line in spent_file(settings).read_text().splitlines())


@pytest.mark.usefixtures("exact")
def test_hidden_people_are_told_as_an_estimate(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    assert hidden_people(session, crowd.id) is None
    session.commit()
    release_on(engine, settings)
    world, britain = hidden_people(session, crowd.id), hidden_people(session, crowd.id, "GB")
    assert world is not None
    assert britain is not None
    assert (world.number, world.error, world.epoch) == (MANY, 12, "2027-Q1")
    assert (britain.number, britain.error) == (MANY, 6)
    assert hidden_people(session, crowd.id, "FR") is None
    assert released(session, crowd.id, query_of(Attribute.ROLE)) is not None
