"""The live numbers: updated with each change, recounted, and compared."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.store import live_counts
from mapapp.store.conditions import AreaCount, Condition
from mapapp.store.live_counts import Difference, change, differences, recount
from mapapp.store.members import Membership

Make = Callable[..., Any]


@pytest.fixture
def als(make_condition: Make) -> Condition:
    condition: Condition = make_condition("als")
    return condition


def stored(session: Session, condition: Condition) -> tuple[int, int, dict[int, int]]:
    """Return total, version and the number of each area."""
    row = select(Condition.listed, Condition.version).where(Condition.id == condition.id)
    listed, version = session.execute(row).one()
    areas = select(AreaCount.area_id, AreaCount.n).where(AreaCount.condition_id == condition.id)
    return listed, version, {area: n for area, n in session.execute(areas)}


def test_each_change_raises_the_version(session: Session, als: Condition, make_noise: Make) -> None:
    make_noise(5)
    change(session, als.id, 5, 1)
    change(session, als.id, 5, 1)
    change(session, als.id, 7, 1)
    assert stored(session, als) == (3, 3, {5: 2, 7: 1})
    change(session, als.id, 5, -1)
    change(session, als.id, 7, -1)
    assert stored(session, als) == (1, 5, {5: 1})


def test_the_last_to_leave_takes_the_row_along(session: Session, als: Condition) -> None:
    change(session, als.id, 5, 1)
    change(session, als.id, 5, -1)
    assert stored(session, als) == (0, 2, {})


def test_a_recount_makes_every_number_true(
    session: Session, als: Condition, make_membership: Make, make_condition: Make
) -> None:
    for area, visibility in ((5, "members"), (5, "public"), (7, "members")):
        make_membership(als, area, visibility=visibility)
    for visibility in ("counted", "paused"):
        make_membership(als, 9, visibility=visibility)
    gone, empty = make_condition("lupus"), make_condition("narcolepsy")
    version = stored(session, als)[1]
    session.execute(update(AreaCount).values(n=40))
    session.execute(update(Condition).where(Condition.id == als.id).values(listed=40))
    change(session, gone.id, 5, 1)  # nobody stands behind this one
    recount(session)
    assert stored(session, als) == (3, version + 1, {5: 2, 7: 1})
    assert stored(session, gone) == (0, 2, {})
    assert stored(session, empty) == (0, 0, {})
    assert differences(session) == []


def test_a_recount_that_moves_people_raises_the_version(
    session: Session, als: Condition, make_membership: Make
) -> None:
    make_membership(als, 5)
    before = stored(session, als)[1]
    session.execute(update(Membership).values(area_id=7))
    recount(session)
    assert stored(session, als) == (1, before + 1, {7: 1})


def test_hidden_people_change_no_number_and_no_version(
    session: Session, als: Condition, make_membership: Make
) -> None:
    make_membership(als, 5)
    before = stored(session, als)
    make_membership(als, 5, visibility="counted")
    assert stored(session, als) == before
    assert differences(session) == []


def test_differences_say_what_is_wrong(
    session: Session, als: Condition, make_membership: Make
) -> None:
    make_membership(als, 5)
    make_membership(als, 7)
    assert differences(session) == []
    session.execute(update(AreaCount).where(AreaCount.area_id == 5).values(n=3))
    session.execute(delete(AreaCount).where(AreaCount.area_id == 7))
    session.add(AreaCount(condition_id=als.id, area_id=9, n=1))
    session.execute(update(Condition).where(Condition.id == als.id).values(listed=4))
    session.flush()
    assert differences(session) == [
        Difference(als.id, 5, stored=3, true=1),
        Difference(als.id, 7, stored=0, true=1),
        Difference(als.id, 9, stored=1, true=0),
        Difference(als.id, None, stored=4, true=2),
    ]
    live_counts.recount(session)
    assert differences(session) == []
