"""Alerts: what can be waited for, when they come true, and who is told of what."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import alert_news, people_alerts
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.domain.areas.distance import bands_from
from mapapp.domain.members.alert_wishes import ANYWHERE, AREA, FAMILY, NEARBY, AlertWish
from mapapp.errors import BadInputError, LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, PeopleAlert
from tests.alerts import tell_news, wait_for_people
from tests.mail import waiting_mail
from tests.published import change_number

AREAS = load_areas()
HERE = AREAS.by_code("GB").id + 2
ZONES = [i for i in range(HERE, len(AREAS)) if AREAS.level[i] == ZONE]
HERE = ZONES[0]
BANDS = bands_from(AREAS, HERE)
NEAR_ZONE = next(i for i in ZONES if BANDS[i] == 3)
FAR_ZONE = next(i for i in ZONES if BANDS[i] == 4)
MIDNIGHT = 1_800_057_600


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def waiting(session: Session, condition: Condition, make_member: Callable[..., Member]) -> Member:
    member = make_member(email="waiting@example.org")
    assert wait_for_people(session, member.id, condition.id, HERE)
    return member


def told(session: Session, settings: Settings) -> list[str]:
    tell_news(session, settings)
    return [mail.to for mail in waiting_mail(session, settings)]


def came_true(session: Session, member: Member) -> list[bool]:
    return [alert.came_true for alert in people_alerts.my_alerts(session, AREAS, member.id)]


def wish(session: Session, member: Member, *what: object) -> bool:
    return people_alerts.add_alert(session, AREAS, member.id, AlertWish(*what))  # type: ignore[arg-type]


@pytest.mark.both
def test_three_people_near_are_told_of_once_and_fewer_never(
    session: Session, settings: Settings, condition: Condition, waiting: Member
) -> None:
    for n in (1, 2):
        change_number(session, condition, NEAR_ZONE, 1)
        assert (told(session, settings), came_true(session, waiting)) == ([], [False]), n
    change_number(session, condition, HERE, 1)
    assert told(session, settings) == ["waiting@example.org"]
    assert came_true(session, waiting) == [True]
    change_number(session, condition, HERE, 5)
    assert len(told(session, settings)) == 1
    (mail,) = waiting_mail(session, settings)
    assert "dystonia" not in (mail.subject + mail.body).casefold()


def test_people_who_are_far_or_on_other_maps_or_hidden_do_not_count(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
) -> None:
    change_number(session, condition, HERE, 2)
    change_number(session, condition, FAR_ZONE, 3)
    change_number(session, make_condition("another"), HERE, 3)
    hidden = Placement(HERE, AREAS.version, "counted", "self", "Quiet Heron")
    placing.place(Context(session, settings, AREAS, make_member().id), condition.id, hidden)
    assert told(session, settings) == []
    shown = Placement(HERE, AREAS.version, "members", "self", "Calm Heron")
    placing.place(Context(session, settings, AREAS, make_member().id), condition.id, shown)
    assert told(session, settings) == ["waiting@example.org"]


@pytest.mark.parametrize(
    ("kind", "area_id", "counts", "does_not"),
    [
        (NEARBY, HERE, NEAR_ZONE, FAR_ZONE),
        (AREA, HERE, HERE, NEAR_ZONE),
        (AREA, AREAS.by_code("GB").id, FAR_ZONE, AREAS.by_code("DE").id),
        (AREA, ANYWHERE, AREAS.by_code("DE").id, None),
    ],
)
def test_each_kind_looks_where_it_says(
    session: Session,
    settings: Settings,
    condition: Condition,
    make_member: Callable[..., Member],
    kind: str,
    area_id: int,
    counts: int,
    does_not: int | None,
) -> None:
    member = make_member()
    assert wish(session, member, condition.id, kind, area_id, 10)
    if does_not is not None:
        change_number(session, condition, does_not, 10)
    change_number(session, condition, counts, 9)
    tell_news(session, settings)
    assert came_true(session, member) == [False]
    change_number(session, condition, counts, 1)
    tell_news(session, settings)
    assert came_true(session, member) == [True]


@pytest.mark.both
def test_a_family_adds_up_its_maps(
    session: Session, settings: Settings, make_member: Callable[..., Member]
) -> None:
    def of(slug: str) -> Condition:
        return session.scalars(select(Condition).where(Condition.slug == slug)).one()

    member = make_member()
    wish(session, member, of("focal-dystonia").id, FAMILY)
    change_number(session, of("dystonia"), HERE, 5)  # the wider family
    change_number(session, of("cervical-dystonia"), HERE, 2)
    tell_news(session, settings)
    assert came_true(session, member) == [False]
    change_number(session, of("hand-dystonia"), FAR_ZONE, 1)
    tell_news(session, settings)
    assert came_true(session, member) == [True]


def test_a_mail_only_for_those_who_asked_and_one_for_all_news_of_a_day(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_member: Callable[..., Member],
) -> None:
    silent = make_member(email="silent@example.org")
    wish(session, silent, condition.id, NEARBY, HERE)
    wait_for_people(session, waiting.id, condition.id, ANYWHERE)
    change_number(session, condition, HERE, 3)
    assert told(session, settings) == ["waiting@example.org"]
    assert came_true(session, silent) == [True]
    assert came_true(session, waiting) == [True, True]


@pytest.mark.both
def test_the_worker_looks_once_a_day(
    engine: Engine,
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alert_news, "TOLD_A_PART", 1)
    wait_for_people(session, waiting.id, condition.id, ANYWHERE)
    session.commit()
    assert alert_news.tell_todays_news(engine, settings, MIDNIGHT)
    change_number(session, condition, HERE, 3)
    session.commit()
    assert not alert_news.tell_todays_news(engine, settings, MIDNIGHT + 80_000)
    assert waiting_mail(session, settings) == []
    session.rollback()
    assert alert_news.tell_todays_news(engine, settings, MIDNIGHT + 86_400)
    session.expire_all()
    assert came_true(session, waiting) == [True, True]
    assert len(waiting_mail(session, settings)) == 1


def test_what_is_told_by_two_workers_is_told_once(
    session: Session, settings: Settings, condition: Condition, waiting: Member
) -> None:
    change_number(session, condition, HERE, 3)
    found = list(alert_news.reached_alerts(session, AREAS))
    for _ in range(2):
        alert_news.tell(Context(session, settings), found, set())
    assert len(waiting_mail(session, settings)) == 1


def test_an_alert_is_kept_once_and_there_are_not_too_many(
    session: Session, condition: Condition, waiting: Member
) -> None:
    assert not wait_for_people(session, waiting.id, condition.id, HERE)
    for area_id in ZONES[1 : people_alerts.MOST_ALERTS]:
        assert wait_for_people(session, waiting.id, condition.id, area_id)
    with pytest.raises(LimitError):
        wait_for_people(session, waiting.id, condition.id, ZONES[people_alerts.MOST_ALERTS])
    with pytest.raises(NotFoundError):
        wait_for_people(session, waiting.id, condition.id, len(AREAS))


@pytest.mark.both
def test_asking_again_changes_whether_there_is_a_mail(
    session: Session, settings: Settings, condition: Condition, waiting: Member
) -> None:
    assert wish(session, waiting, condition.id, NEARBY, HERE)
    assert not wish(session, waiting, condition.id, NEARBY, HERE)
    change_number(session, condition, HERE, 3)
    assert told(session, settings) == []
    assert came_true(session, waiting) == [True]


@pytest.mark.both
def test_a_number_that_is_reached_already_is_nothing_to_wait_for(
    session: Session, settings: Settings, condition: Condition, waiting: Member
) -> None:
    change_number(session, condition, HERE, 3)
    tell_news(session, settings)
    with pytest.raises(BadInputError, match="higher number"):
        wait_for_people(session, waiting.id, condition.id, HERE)
    assert wish(session, waiting, condition.id, NEARBY, HERE, 10)
    change_number(session, condition, HERE, -1)
    assert wait_for_people(session, waiting.id, condition.id, HERE)  # they left again
    assert came_true(session, waiting) == [False, False]


@pytest.mark.parametrize(
    "what",
    [
        (NEARBY, ANYWHERE),
        (FAMILY, HERE),
        ("", HERE),
        ("town", HERE),
        (NEARBY, HERE, 1),
        (NEARBY, HERE, 2),
        (NEARBY, HERE, 4),
    ],
)
def test_nobody_waits_for_what_cannot_be_told(
    session: Session, condition: Condition, waiting: Member, what: tuple[object, ...]
) -> None:
    with pytest.raises(BadInputError):
        wish(session, waiting, condition.id, *what)
    assert len(session.scalars(select(PeopleAlert)).all()) == 1


def test_a_condition_without_forms_is_no_family(
    session: Session, waiting: Member, make_condition: Callable[..., Condition]
) -> None:
    with pytest.raises(BadInputError, match="no family"):
        wish(session, waiting, make_condition("cervical-dystonia").id, FAMILY)


def test_a_map_that_staff_hid_tells_no_news(
    session: Session, settings: Settings, condition: Condition, waiting: Member
) -> None:
    condition.shown = False
    change_number(session, condition, HERE, 3)
    assert told(session, settings) == []
    assert not wait_for_people(session, waiting.id, condition.id, HERE)  # it still waits


def test_alerts_of_a_pause_wait(
    session: Session, settings: Settings, condition: Condition, waiting: Member
) -> None:
    waiting.paused = True
    change_number(session, condition, HERE, 3)
    assert told(session, settings) == []
    waiting.paused = False
    assert told(session, settings) == ["waiting@example.org"]
