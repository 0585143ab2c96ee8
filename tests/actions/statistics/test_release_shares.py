"""Nobody spends more in a year than they may, whatever they do."""

from datetime import date

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.statistics.release_shares import Taking, charge
from mapapp.domain.published.release_rules import epochs_of, last_month
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from tests import factories
from tests.places import zones_of
from tests.releases import LATER, shares

LEEDS = zones_of("GB-ENG")[0]
QUARTERS = tuple(date(2027, month, 1) for month in (2, 4, 7, 10))


def _maps(session: Session, n: int) -> list[Condition]:
    return [factories.make_condition(session, f"map-{number}") for number in range(n)]


def _join(session: Session, who: Member, maps: list[Condition], visibility: str) -> None:
    for condition in maps:
        factories.make_membership(
            session, condition, LEEDS, member=who, visibility=visibility, month="2026-01"
        )
    session.commit()


def _ask(engine: Engine, settings: Settings, condition: Condition, day: date, who: int = 0) -> int:
    return charge(engine, settings, Taking(condition.id, epochs_of(day)[who], last_month(day)))


@pytest.mark.both
def test_four_quarters_cost_what_one_map_may(
    session: Session, engine: Engine, settings: Settings
) -> None:
    (condition,) = _maps(session, 1)
    who = factories.make_member(session)
    _join(session, who, [condition], "counted")
    assert [_ask(engine, settings, condition, day) for day in QUARTERS] == [1, 1, 1, 1]
    assert shares(session)[who.id, condition.id] == (3000, "2027-Q4")


@pytest.mark.both
def test_who_took_part_is_charged_once_and_still_counted(
    session: Session, engine: Engine, settings: Settings
) -> None:
    (condition,) = _maps(session, 1)
    who = factories.make_member(session)
    _join(session, who, [condition], "counted")
    assert [_ask(engine, settings, condition, LATER) for _again in range(3)] == [1, 1, 1]
    assert shares(session)[who.id, condition.id] == (750, "2027-Q1")


@pytest.mark.both
def test_whoever_was_listed_in_the_year_is_hidden_for_free_until_the_next(
    session: Session, engine: Engine, settings: Settings
) -> None:
    (condition,) = _maps(session, 1)
    who = factories.make_member(session)
    _join(session, who, [condition], "public")
    assert _ask(engine, settings, condition, LATER, 1) == 1
    session.execute(update(Membership).values(visibility="counted"))
    session.commit()
    assert _ask(engine, settings, condition, date(2027, 4, 1)) == 0
    assert _ask(engine, settings, condition, date(2028, 1, 1)) == 1
    assert shares(session)[who.id, condition.id] == (750, "2028-Q1")


def test_two_maps_of_an_account_take_part_drawn_anew_each_year(
    session: Session, engine: Engine, settings: Settings
) -> None:
    maps = _maps(session, 6)
    people = [factories.make_member(session) for _ in range(30)]
    for who in people:
        _join(session, who, maps, "counted")
    chosen = {}
    for year in (2027, 2028):
        for condition in maps:
            _ask(engine, settings, condition, date(year, 2, 1))
        mine = {
            (i, c) for (i, c), (_spent, epoch) in shares(session).items() if epoch[:4] == str(year)
        }
        assert len(mine) == 2 * len(people)
        assert {c for _i, c in mine} == {condition.id for condition in maps}
        chosen[year] = mine
    assert chosen[2027] != chosen[2028]


def test_leaving_and_joining_other_maps_gives_no_more(
    session: Session, engine: Engine, settings: Settings
) -> None:
    maps = _maps(session, 5)
    who = factories.make_member(session)
    for condition in maps:
        _join(session, who, [condition], "public")
        _ask(engine, settings, condition, LATER, 1)
        session.execute(delete(Membership).where(Membership.member_id == who.id))
        session.commit()
    spent = [spent for spent, _epoch in shares(session).values()]
    assert spent == [3000, 3000]


def test_shares_go_with_the_account_and_stay_with_the_membership(
    session: Session, engine: Engine, settings: Settings
) -> None:
    (condition,) = _maps(session, 1)
    who, other = factories.make_member(session), factories.make_member(session)
    for one in (who, other):
        _join(session, one, [condition], "counted")
    _ask(engine, settings, condition, LATER)
    session.execute(delete(Membership))
    session.execute(delete(Member).where(Member.id == who.id))
    session.commit()
    assert list(shares(session)) == [(other.id, condition.id)]


def test_a_lower_budget_is_kept_at_once(
    session: Session, engine: Engine, settings: Settings
) -> None:
    (condition,) = _maps(session, 1)
    who = factories.make_member(session)
    _join(session, who, [condition], "counted")
    assert _ask(engine, settings, condition, QUARTERS[0]) == 1
    low = settings.model_copy(update={"epsilon": 1})
    assert _ask(engine, low, condition, QUARTERS[1]) == 0
    assert shares(session)[who.id, condition.id] == (750, "2027-Q1")


def test_many_are_charged_in_batches(
    session: Session, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapapp.actions.statistics.release_shares.MEMBERS_A_BATCH", 3)
    (condition,) = _maps(session, 1)
    factories.make_crowd(session, condition, LEEDS, 8, "counted")
    session.commit()
    assert _ask(engine, settings, condition, LATER) == 8
    assert len(shares(session)) == 8
    assert set(session.scalars(select(Membership.member_id))) == {i for i, _c in shares(session)}
