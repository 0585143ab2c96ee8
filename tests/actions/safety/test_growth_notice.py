"""Moderators are told once of a map that grows unusually fast, by its published numbers alone."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.safety.growth_notice import tell_of_growth
from mapapp.domain.safety.case_rules import GROWTH, NOTHING, RESOLVED
from mapapp.store import facts
from mapapp.store.moderation import Case
from mapapp.store.published import MonthEnd
from tests import factories
from tests.moderation import Site
from tests.moments import midnight
from tests.trust import LEEDS, YORK

DAY = midnight(date(2026, 12, 5))


@pytest.fixture
def grow(session: Session, engine: Engine) -> Callable[..., list[dict[str, object]]]:
    """``grow(12)`` publishes so many more people on a map; returns what moderators are told."""
    condition = factories.make_condition(session, "dystonia")

    def _grow(n: int, visibility: str = "members") -> list[dict[str, object]]:
        known = set(session.scalars(select(Case.id)))
        factories.make_crowd(session, condition, LEEDS, n, visibility)
        session.commit()
        tell_of_growth(engine, DAY)
        session.rollback()
        cases = session.scalars(select(Case).where(Case.kind == GROWTH).order_by(Case.id))
        found = [json.loads(case.evidence) for case in cases if case.id not in known]
        session.commit()
        return found

    return _grow


@pytest.mark.both
def test_sudden_growth_is_told_with_the_numbers_and_once(
    grow: Callable[..., list[dict[str, object]]], engine: Engine
) -> None:
    assert grow(20) == []  # the first publication of the site
    assert grow(9) == []
    told = {"condition": "Dystonia", "grew": "sudden", "before": 29, "now": 39}
    assert grow(10) == [told]
    assert tell_of_growth(engine, DAY) == 0
    assert grow(1) == []


@pytest.mark.both
def test_slow_growth_is_told_once_a_month(
    grow: Callable[..., list[dict[str, object]]], session: Session
) -> None:
    grow(40)
    of_map = factories.make_condition(session, "dystonia").id
    session.add(MonthEnd(condition_id=of_map, month="2026-11", listed=40))
    facts.state(session, facts.MONTHS_KEPT, "2026-11")
    found = [told for _ in range(6) for told in grow(5)]
    assert found == [{"condition": "Dystonia", "grew": "month", "before": 40, "now": 70}]
    assert grow(5) == []


def test_those_who_are_only_counted_change_nothing(
    grow: Callable[..., list[dict[str, object]]],
) -> None:
    grow(20)
    assert grow(50, "counted") == []
    assert grow(1) == []


def test_a_moderator_reads_it_and_closes_the_case(
    grow: Callable[..., list[dict[str, object]]],
    site: Site,
    client: FlaskClient,
    login: Callable[..., FlaskClient],
) -> None:
    grow(20)
    grow(15)
    mod = site.moderator()
    login(mod)
    case = site.case()
    site.session.rollback()
    page = client.get(f"/moderation/{case.public_id}").text
    assert "A map grew unusually fast" in page
    assert "has left" not in page
    client.post(f"/moderation/{case.public_id}/take")
    page = client.get(f"/moderation/{case.public_id}").text
    for words in ("Dystonia", "at one publication", "about nobody in particular"):
        assert words in page
    assert "They have left" not in page
    assert "The numbers of a map" in client.get("/moderation?state=taken").text
    client.post(f"/moderation/{case.public_id}/decide", data={"act": NOTHING, "reason": ""})
    site.session.rollback()
    assert site.case().state == RESOLVED


def test_other_areas_are_no_way_around_it(
    grow: Callable[..., list[dict[str, object]]], engine: Engine, session: Session
) -> None:
    grow(20)
    condition = factories.make_condition(session, "dystonia")
    with factories.published_together(session):
        for area in (LEEDS, YORK) * 6:
            factories.make_membership(session, condition, area, visibility="map")
    session.commit()
    assert tell_of_growth(engine, DAY) == 1
