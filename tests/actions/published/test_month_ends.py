"""The totals of the ends of months: kept once, before anything new is published."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.operations.demo import remove_demo
from mapapp.actions.published.month_ends import Growth, SiteEnd, lately, month_ends, site_month_ends
from mapapp.actions.published.publishing import publish, publish_at_once
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd, SiteMonthEnd
from tests import factories


@pytest.fixture
def dystonia(session: Session) -> Condition:
    made = factories.make_condition(session, "dystonia")
    factories.make_condition(session, "gout")  # nobody is on its map
    for visibility in ("public", "map", "counted"):
        factories.make_membership(session, made, 1, visibility=visibility)
    session.commit()
    return made


@pytest.fixture
def daily(settings: Settings) -> Settings:
    return settings.model_copy(update={"publish": "daily@04:00"})


def _publish(engine: Engine, settings: Settings, month: str, day: int = 1) -> None:
    year, number = map(int, month.split("-"))
    publish(engine, settings, int(datetime(year, number, day, 5, tzinfo=UTC).timestamp()))


def _kept(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    rows = select(MonthEnd.month, MonthEnd.listed).order_by(MonthEnd.month)
    return [tuple(row) for row in session.execute(rows)]


@pytest.mark.both
def test_what_stands_is_kept_once_a_month_before_anything_comes(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition
) -> None:
    _publish(engine, daily, "2027-01")
    assert _kept(session) == []  # of the months before nothing is known
    factories.make_membership(session, dystonia, 1, due=1)  # comes with the next publication
    session.commit()
    _publish(engine, daily, "2027-02")
    assert _kept(session) == [("2027-01", 2)]
    _publish(engine, daily, "2027-02", 15)
    assert _kept(session) == [("2027-01", 2)]
    _publish(engine, daily, "2027-05")
    wanted = [("2027-01", 2), ("2027-02", 3), ("2027-03", 3), ("2027-04", 3)]
    assert _kept(session) == wanted
    assert month_ends(session, dystonia.id, 12) == wanted
    assert month_ends(session, dystonia.id, 2) == wanted[2:]
    _publish(engine, daily, "2027-01")  # a clock that goes back
    assert _kept(session) == wanted


@pytest.mark.both
def test_the_site_has_totals_of_its_own_of_maps_that_are_shown(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition
) -> None:
    hidden = factories.make_condition(session, "ataxia")
    factories.make_membership(session, hidden, 1)
    hidden.shown = False
    session.commit()
    for month in ("2027-01", "2027-02", "2027-04"):
        _publish(engine, daily, month)
    session.rollback()
    wanted = [SiteEnd(month, 2, 1) for month in ("2027-01", "2027-02", "2027-03")]
    assert site_month_ends(session, 12) == wanted
    assert site_month_ends(session, 1) == wanted[2:]


@pytest.mark.both
def test_growth_is_told_from_what_was_kept_and_not_from_who_came(
    engine: Engine, session: Session, daily: Settings, dystonia: Condition
) -> None:
    assert lately(session, dystonia.id, 2) is None
    _publish(engine, daily, "2027-01")
    _publish(engine, daily, "2027-02")
    session.rollback()
    assert lately(session, dystonia.id, 5) == Growth("2027-01", 3)
    _publish(engine, daily, "2027-04")
    session.rollback()
    assert lately(session, dystonia.id, 1) == Growth("2027-02", -1)
    gout = session.scalars(select(Condition).where(Condition.slug == "gout")).one()
    assert lately(session, gout.id, 7) == Growth("2027-02", 7)  # nobody was there


def test_an_act_keeps_none_for_it_would_tell_of_the_act(
    engine: Engine, session: Session, settings: Settings, dystonia: Condition
) -> None:
    _publish(engine, settings, "2020-01")
    publish_at_once(session)
    session.commit()
    assert _kept(session) == []


def test_a_gap_was_nobody(session: Session, dystonia: Condition) -> None:
    for month, listed in (("2026-12", 4), ("2027-03", 2)):
        session.add(MonthEnd(condition_id=dystonia.id, month=month, listed=listed))
    session.commit()
    wanted = [("2026-12", 4), ("2027-01", 0), ("2027-02", 0), ("2027-03", 2)]
    assert month_ends(session, dystonia.id, 12) == wanted
    assert month_ends(session, dystonia.id, 2) == [("2027-02", 0), ("2027-03", 2)]


@pytest.mark.both
def test_the_demo_leaves_none_behind(session: Session, dystonia: Condition) -> None:
    session.add(MonthEnd(condition_id=dystonia.id, month="2026-12", listed=4))
    session.add(SiteMonthEnd(month="2026-12", listed=4, conditions=1))
    remove_demo(session)
    session.commit()
    assert _kept(session) == []
    assert site_month_ends(session, 12) == []
