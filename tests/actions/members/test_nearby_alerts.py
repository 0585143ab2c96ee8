from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import nearby_alerts
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.distance import bands_from
from mapapp.errors import LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import MAILED, Member, NearbyAlert
from tests.mail import waiting_mail

AREAS = load_areas()
HERE = AREAS.by_code("GB").id + 2
ZONES = [i for i in range(HERE, len(AREAS)) if AREAS.level[i] == ZONE]
HERE = ZONES[0]
BANDS = bands_from(AREAS, HERE)
NEAR = next(i for i in ZONES if BANDS[i] == 3)
FAR = next(i for i in ZONES if BANDS[i] == 4)


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def waiting(session: Session, condition: Condition, make_member: Callable[..., Member]) -> Member:
    member = make_member(email="waiting@example.org")
    assert nearby_alerts.add_alert(session, AREAS, member.id, condition.id, HERE)
    return member


def _receivers(session: Session, settings: Settings) -> list[str]:
    return [mail.to for mail in waiting_mail(session, settings)]


def _join(
    session: Session,
    settings: Settings,
    member: Member,
    condition: Condition,
    area_id: int,
    visibility: str = "members",
) -> list[str]:
    wanted = Placement(area_id, AREAS.version, visibility, "self", "Quiet Heron")
    placing.place(Context(session, settings, AREAS, member.id), condition.id, wanted)
    session.flush()
    return _receivers(session, settings)


def test_somebody_near_is_told_once(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_member: Callable[..., Member],
) -> None:
    assert _join(session, settings, make_member(), condition, NEAR) == ["waiting@example.org"]
    (wish,) = session.scalars(select(NearbyAlert))
    assert wish.news == MAILED
    assert len(_join(session, settings, make_member(), condition, NEAR)) == 1
    (mail,) = waiting_mail(session, settings)
    assert "dystonia" not in (mail.subject + mail.body).casefold()


def test_nobody_is_told_of_far_hidden_or_other_joins(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_member: Callable[..., Member],
    make_condition: Callable[..., Condition],
) -> None:
    assert _join(session, settings, make_member(), condition, FAR) == []
    assert _join(session, settings, make_member(), condition, HERE, "counted") == []
    assert _join(session, settings, make_member(), make_condition("another"), HERE) == []
    assert _join(session, settings, waiting, condition, HERE) == []
    assert len(session.scalars(select(NearbyAlert)).all()) == 1


def test_showing_oneself_later_is_joining(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_member: Callable[..., Member],
) -> None:
    hidden = make_member()
    _join(session, settings, hidden, condition, HERE, "counted")
    set_visibility(Context(session, settings, AREAS), hidden.id, condition.id, "public")
    session.flush()
    assert _receivers(session, settings) == ["waiting@example.org"]


def test_a_wish_is_kept_once_and_there_are_not_too_many(
    session: Session, condition: Condition, waiting: Member
) -> None:
    assert not nearby_alerts.add_alert(session, AREAS, waiting.id, condition.id, HERE)
    for area_id in ZONES[1 : nearby_alerts.MOST_WISHES]:
        assert nearby_alerts.add_alert(session, AREAS, waiting.id, condition.id, area_id)
    with pytest.raises(LimitError):
        nearby_alerts.add_alert(
            session, AREAS, waiting.id, condition.id, ZONES[nearby_alerts.MOST_WISHES]
        )
    with pytest.raises(NotFoundError):
        nearby_alerts.add_alert(session, AREAS, waiting.id, condition.id, len(AREAS))


def _came_true(session: Session, member: Member) -> list[bool]:
    return [alert.came_true for alert in nearby_alerts.my_alerts(session, AREAS, member.id)]


@pytest.mark.both
def test_what_came_true_is_shown_when_the_mail_leaves_and_no_earlier(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_member: Callable[..., Member],
) -> None:
    """The hour at which a wish came true would be the hour at which somebody joined."""
    assert _came_true(session, waiting) == [False]
    nearby_alerts.show_news(session)
    _join(session, settings, make_member(), condition, NEAR)
    assert _came_true(session, waiting) == [False]
    assert not nearby_alerts.add_alert(session, AREAS, waiting.id, condition.id, HERE)
    nearby_alerts.show_news(session)
    assert _came_true(session, waiting) == [True]
    assert nearby_alerts.add_alert(session, AREAS, waiting.id, condition.id, HERE)
    assert _came_true(session, waiting) == [False]


def test_what_came_true_leaves_room_for_other_wishes(
    session: Session, settings: Settings, condition: Condition, make_member: Callable[..., Member]
) -> None:
    member = make_member(email="waiting@example.org")
    for area_id in ZONES[: nearby_alerts.MOST_WISHES]:
        nearby_alerts.add_alert(session, AREAS, member.id, condition.id, area_id)
    _join(session, settings, make_member(), condition, ZONES[0])
    nearby_alerts.show_news(session)
    assert True in _came_true(session, member)
    assert nearby_alerts.add_alert(session, AREAS, member.id, condition.id, len(AREAS) - 1)
