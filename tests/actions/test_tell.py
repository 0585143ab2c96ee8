from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions import place as placing
from mapapp.actions import tell
from mapapp.actions.place import Placement
from mapapp.actions.visibility import set_visibility
from mapapp.domain.areas import ZONE, load_areas
from mapapp.domain.distance import bands_from
from mapapp.errors import LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.connections import TellMe
from mapapp.store.members import Member
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
    assert tell.wish(session, AREAS, member.id, condition.id, HERE)
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
    wanted = Placement(area_id, AREAS.version, visibility, "self")
    placing.place(session, settings, AREAS, member.id, condition.id, wanted)
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
    assert session.scalars(select(TellMe)).all() == []
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
    assert len(session.scalars(select(TellMe)).all()) == 1


def test_showing_oneself_later_is_joining(
    session: Session,
    settings: Settings,
    condition: Condition,
    waiting: Member,
    make_member: Callable[..., Member],
) -> None:
    hidden = make_member()
    _join(session, settings, hidden, condition, HERE, "counted")
    set_visibility(session, settings, AREAS, hidden.id, condition.id, "public")
    session.flush()
    assert _receivers(session, settings) == ["waiting@example.org"]


def test_a_wish_is_kept_once_and_there_are_not_too_many(
    session: Session, condition: Condition, waiting: Member
) -> None:
    assert not tell.wish(session, AREAS, waiting.id, condition.id, HERE)
    for area_id in ZONES[1 : tell.MOST_WISHES]:
        assert tell.wish(session, AREAS, waiting.id, condition.id, area_id)
    with pytest.raises(LimitError):
        tell.wish(session, AREAS, waiting.id, condition.id, ZONES[tell.MOST_WISHES])
    with pytest.raises(NotFoundError):
        tell.wish(session, AREAS, waiting.id, condition.id, len(AREAS))
