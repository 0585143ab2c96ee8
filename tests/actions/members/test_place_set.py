from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.my_places import my_places
from mapapp.actions.members.place_set import Placement
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.domain.areas.area_tree import WORLD, ZONE, load_areas
from mapapp.errors import BadInputError, LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership
from tests.published import numbers_of_areas, wrong_numbers

AREAS = load_areas()
ZONES = [i for i in range(len(AREAS)) if AREAS.level[i] == ZONE][:8]
NOW = 1_795_000_000  # 18 November 2026


@pytest.fixture
def condition(make_condition: Callable[..., Condition]) -> Condition:
    return make_condition("dystonia")


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    return make_member()


@pytest.fixture
def put(
    session: Session, settings: Settings, condition: Condition, member: Member
) -> Callable[..., bool]:
    """Place ``member`` at ``area_id``, ``later`` seconds after the start of the test."""

    def _put(area_id: int, later: int = 0, **choices: Any) -> bool:
        given = {
            "visibility": "members",
            "role": "self",
            "area_version": AREAS.version,
            "pseudonym": "Quiet Heron",
        }
        wanted = Placement(area_id, **{**given, **choices})
        ctx = Context(session, settings, AREAS, member.id, now=NOW + later)
        return placing.place(ctx, condition.id, wanted).is_new

    return _put


def _counts(session: Session) -> dict[int, int]:
    assert wrong_numbers(session) == []
    return numbers_of_areas(session)


def _listed(session: Session) -> tuple[int, int]:
    mine = Condition.slug == "dystonia"
    listed, version = session.execute(select(Condition.listed, Condition.version).where(mine)).one()
    return listed, version


def test_placing_makes_one_row_and_its_count(
    session: Session, put: Callable[..., bool], member: Member
) -> None:
    assert put(ZONES[0])
    row = session.scalars(select(Membership)).one()
    assert (row.area_id, row.area_version, row.month) == (ZONES[0], AREAS.version, "2026-11")
    assert (row.visibility, row.role) == ("members", "self")
    assert _counts(session) == {ZONES[0]: 1}
    assert _listed(session)[0] == 1
    (mine,) = my_places(session, member.id)
    assert (mine.slug, mine.area_id) == ("dystonia", ZONES[0])


def test_sending_it_twice_changes_nothing(session: Session, put: Callable[..., bool]) -> None:
    assert put(ZONES[0])
    before = _listed(session)
    assert not put(ZONES[0])
    assert _counts(session) == {ZONES[0]: 1}
    assert _listed(session) == before
    assert not put(ZONES[1], 60)  # and it used nothing up: three corrections are left
    assert not put(ZONES[2], 60)
    assert not put(ZONES[3], 60)


def test_moving_moves_the_count(session: Session, put: Callable[..., bool]) -> None:
    put(ZONES[0])
    put(ZONES[1], 60)
    assert _counts(session) == {ZONES[1]: 1}
    assert _listed(session)[0] == 1


def test_three_corrections_on_the_first_day_then_one_move_in_thirty(
    session: Session, put: Callable[..., bool]
) -> None:
    put(ZONES[0])
    for n in (1, 2, 3):
        put(ZONES[n], 3600)
    put(ZONES[4], 7200)  # the move
    with pytest.raises(LimitError):
        put(ZONES[5], 7300)
    with pytest.raises(LimitError):
        put(ZONES[5], 29 * DAY)
    assert _counts(session) == {ZONES[4]: 1}
    put(ZONES[5], 32 * DAY)


def test_after_the_first_day_there_are_no_corrections(put: Callable[..., bool]) -> None:
    put(ZONES[0])
    put(ZONES[1], 2 * DAY)
    with pytest.raises(LimitError):
        put(ZONES[2], 2 * DAY)


def test_leaving_and_coming_back_is_no_way_around_the_limit(
    session: Session,
    settings: Settings,
    put: Callable[..., bool],
    member: Member,
    condition: Condition,
) -> None:
    put(ZONES[0])
    for n in range(4):
        placing.remove(Context(session, settings), member.id, condition.id)
        put(ZONES[n], 60)
    placing.remove(Context(session, settings), member.id, condition.id)
    with pytest.raises(LimitError):
        put(ZONES[5], 60)


def test_a_larger_area_around_the_old_one_can_always_be_chosen(
    session: Session, put: Callable[..., bool]
) -> None:
    country, region, zone = AREAS.ancestors(ZONES[0])
    put(zone)
    for n in (1, 2, 3, 4, 0):
        try:
            put(ZONES[n], 60)
        except LimitError:
            break
    here = placing_area(session)
    country, region, _zone = AREAS.ancestors(here)
    put(region, 60)
    put(country, 60)
    assert _counts(session) == {country: 1}
    with pytest.raises(LimitError):  # but not finer again
        put(here, 60)


def placing_area(session: Session) -> int:
    return session.scalars(select(Membership.area_id)).one()


def test_visibility_changes_the_numbers_at_once(
    session: Session,
    settings: Settings,
    put: Callable[..., bool],
    member: Member,
    condition: Condition,
) -> None:
    put(ZONES[0])
    for visibility, number in (("public", 1), ("counted", 0), ("counted", 0), ("members", 1)):
        set_visibility(Context(session, settings, AREAS), member.id, condition.id, visibility)
        assert sum(_counts(session).values()) == number
        assert _listed(session)[0] == number
    with pytest.raises(BadInputError):
        set_visibility(Context(session, settings, AREAS), member.id, condition.id, "friends")


def test_counted_only_touches_no_number_and_no_version(
    session: Session,
    settings: Settings,
    put: Callable[..., bool],
    member: Member,
    condition: Condition,
) -> None:
    before = _listed(session)
    put(ZONES[0], visibility="counted")
    put(ZONES[1], 60, visibility="counted")
    placing.remove(Context(session, settings), member.id, condition.id)
    assert _listed(session) == before
    assert _counts(session) == {}


@pytest.mark.both
def test_removing_takes_the_row_the_count_and_open_requests(
    session: Session,
    settings: Settings,
    put: Callable[..., bool],
    member: Member,
    condition: Condition,
    make_member: Callable[..., Member],
) -> None:
    put(ZONES[0])
    other = make_member()
    for state in ("open", "declined", "accepted"):
        session.add(
            ContactRequest(
                condition_id=condition.id,
                from_member_id=other.id,
                to_member_id=member.id,
                reason="meet",
                state=state,
                month="2026-11",
                expires=date(2027, 1, 21),
            )
        )
    placing.remove(Context(session, settings), member.id, condition.id)
    assert _counts(session) == {}
    assert session.scalar(select(func.count()).select_from(Membership)) == 0
    states = session.scalars(select(ContactRequest.state).order_by(ContactRequest.id)).all()
    assert states == ["withdrawn", "refused", "accepted"]
    with pytest.raises(NotFoundError):
        placing.remove(Context(session, settings), member.id, condition.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"area_version": "of another table"},
        {"visibility": "friends"},
        {"role": "king"},
    ],
)
def test_choices_that_do_not_exist_are_refused(
    session: Session, put: Callable[..., bool], wrong: dict[str, Any]
) -> None:
    with pytest.raises(BadInputError):
        put(ZONES[0], **wrong)
    assert _counts(session) == {}


def test_areas_that_are_no_place_are_refused(put: Callable[..., bool]) -> None:
    with pytest.raises(BadInputError):
        put(WORLD)
    for area_id in (-1, len(AREAS)):
        with pytest.raises(NotFoundError):
            put(area_id)


def test_ties_are_set_and_differ(
    session: Session,
    put: Callable[..., bool],
    make_condition: Callable[..., Condition],
    settings: Settings,
    member: Member,
) -> None:
    put(ZONES[0])
    other = make_condition("another")
    wanted = Placement(ZONES[0], AREAS.version, "public", "self", "Quiet Heron")
    placing.place(Context(session, settings, AREAS, member.id, now=NOW), other.id, wanted)
    ties = session.scalars(select(Membership.listing_order)).all()
    assert len(set(ties)) == 2


def test_no_column_can_hold_a_point_or_a_time(session: Session) -> None:
    names = set(Membership.__table__.columns.keys())
    assert names == {
        "condition_id",
        "member_id",
        "public_id",
        "pseudonym",
        "area_id",
        "area_version",
        "visibility",
        "hidden_reasons",
        "chosen_visibility",
        "role",
        "birth_decade",
        "birth_shown",
        "diagnosis_decade",
        "diagnosis_shown",
        "month",
        "listing_order",
        # Until it is published, and then empty: the moment of a publication, not of an act.
        "due",
    }
