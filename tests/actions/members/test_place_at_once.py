"""Many at once, on a real database: nothing is lost, doubled or counted twice."""

from collections.abc import Callable

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.domain.areas.area_tree import ZONE, load_areas
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.database import transaction
from mapapp.store.mail import Consent
from mapapp.store.members import Member, Membership
from tests.at_once import at_once
from tests.published import wrong_numbers

AREAS = load_areas()
ZONES = [i for i in range(len(AREAS)) if AREAS.level[i] == ZONE][:3]


def _placing(
    engine: Engine, settings: Settings, member_id: int, condition_id: int, area_id: int
) -> Callable[[], None]:
    def _act() -> None:
        with transaction(engine) as session:
            wanted = Placement(area_id, AREAS.version, "members", "self", "Quiet Heron")
            placing.place(Context(session, settings, AREAS, member_id), condition_id, wanted)

    return _act


def test_sixteen_people_at_once_are_all_counted(
    session: Session,
    engine: Engine,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
) -> None:
    condition = make_condition("dystonia").id
    ids = [make_member().id for _ in range(16)]
    session.commit()
    acts = [
        _placing(engine, settings, member, condition, ZONES[n % 3]) for n, member in enumerate(ids)
    ]
    assert at_once(acts) == []
    with Session(engine) as after:
        assert wrong_numbers(after) == []
        assert after.scalar(select(Condition.listed).where(Condition.id == condition)) == 16


def test_one_person_pressing_eight_times_is_there_once(
    session: Session,
    engine: Engine,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
) -> None:
    condition, member = make_condition("dystonia").id, make_member().id
    session.commit()
    act = _placing(engine, settings, member, condition, ZONES[0])
    failures = at_once([act] * 8)
    assert all(isinstance(failure, MapappError) for failure in failures)
    with Session(engine) as after:
        assert after.scalar(select(func.count()).select_from(Membership)) == 1
        receipts = after.scalars(select(Consent.purpose).where(Consent.member_id == member)).all()
        assert len(receipts) == len(set(receipts))
        assert wrong_numbers(after) == []


def test_moving_hiding_and_leaving_at_once_keep_the_numbers_true(
    session: Session,
    engine: Engine,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
) -> None:
    condition, member = make_condition("dystonia").id, make_member().id
    session.commit()
    _placing(engine, settings, member, condition, ZONES[0])()

    def _hide() -> None:
        with transaction(engine) as own:
            set_visibility(Context(own, settings, AREAS), member, condition, "counted")

    def _leave() -> None:
        with transaction(engine) as own:
            placing.remove(Context(own, settings), member, condition)

    acts = [_placing(engine, settings, member, condition, ZONES[1]), _hide, _leave, _leave]
    failures = at_once(acts)
    assert all(isinstance(failure, MapappError) for failure in failures)
    with Session(engine) as after:
        assert wrong_numbers(after) == []
