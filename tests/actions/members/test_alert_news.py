"""The worker tells the news of a day once, whichever worker does, and whatever stops it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mapapp.actions.members import alert_news, people_alerts
from mapapp.domain.areas.area_tree import Areas, load_areas
from mapapp.domain.members.alert_wishes import ANYWHERE
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member
from tests.alerts import wait_for_people
from tests.mail import waiting_mail
from tests.published import change_number

AREAS = load_areas()
HERE = AREAS.by_code("GB").id + 2
MIDNIGHT, A_DAY = 1_800_057_600, 86_400


class _StoppedError(Exception):
    """Whatever ends a worker."""


class _InTheWayError(Exception):
    """What PostgreSQL says where it ends one of two transactions."""

    sqlstate = "40001"


@pytest.fixture
def waiting(
    session: Session,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    monkeypatch: pytest.MonkeyPatch,
) -> Member:
    """A member for whom two alerts come true, which are told one after the other."""
    monkeypatch.setattr(alert_news, "TOLD_A_PART", 1)
    member, condition = make_member(), make_condition("dystonia")
    for area_id in (HERE, ANYWHERE):
        wait_for_people(session, member.id, condition.id, area_id)
    change_number(session, condition, HERE, 3)
    session.commit()
    return member


def shown(session: Session, member: Member) -> int:
    session.rollback()
    return sum(one.came_true for one in people_alerts.my_alerts(session, AREAS, member.id))


@pytest.mark.both
def test_of_two_workers_that_look_at_once_one_tells(
    engine: Engine,
    session: Session,
    settings: Settings,
    waiting: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = alert_news.reached_alerts

    def _find_slowly(own: Session, areas: Areas) -> Iterator[alert_news.Found]:
        found = list(find(own, areas))
        monkeypatch.setattr(alert_news, "reached_alerts", find)
        assert alert_news.tell_todays_news(engine, settings, MIDNIGHT)
        return iter(found)

    monkeypatch.setattr(alert_news, "reached_alerts", _find_slowly)
    assert not alert_news.tell_todays_news(engine, settings, MIDNIGHT)
    assert shown(session, waiting) == 2
    assert len(waiting_mail(session, settings)) == 1


def test_what_a_stopped_worker_left_is_told_tomorrow(
    engine: Engine,
    session: Session,
    settings: Settings,
    waiting: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell = alert_news.tell

    def _tell_and_stop(*given: Any) -> set[int]:
        if shown(session, waiting):
            raise _StoppedError
        session.rollback()
        return tell(*given)

    monkeypatch.setattr(alert_news, "tell", _tell_and_stop)
    with pytest.raises(_StoppedError):
        alert_news.tell_todays_news(engine, settings, MIDNIGHT)
    monkeypatch.setattr(alert_news, "tell", tell)
    assert not alert_news.tell_todays_news(engine, settings, MIDNIGHT)
    assert shown(session, waiting) == 1
    assert len(waiting_mail(session, settings)) == 1
    session.rollback()
    assert alert_news.tell_todays_news(engine, settings, MIDNIGHT + A_DAY)
    assert shown(session, waiting) == 2


def test_a_part_that_gave_way_to_another_act_still_brings_its_mail(
    engine: Engine,
    session: Session,
    settings: Settings,
    waiting: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell = alert_news.tell

    def _tell_and_give_way(*given: Any) -> set[int]:
        monkeypatch.setattr(alert_news, "tell", tell)
        tell(*given)
        raise OperationalError(None, None, _InTheWayError())

    monkeypatch.setattr(alert_news, "tell", _tell_and_give_way)
    assert alert_news.tell_todays_news(engine, settings, MIDNIGHT)
    assert shown(session, waiting) == 2
    assert len(waiting_mail(session, settings)) == 1
