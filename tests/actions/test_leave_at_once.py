"""Leaving, resting and hiding while another browser of the same person does something else."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions import hide
from mapapp.actions import place as placing
from mapapp.actions.erase import erase_member
from mapapp.actions.place import Placement
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store import live_counts
from mapapp.store.database import transaction
from mapapp.store.members import Member, Membership
from tests.trust import AREAS, LEEDS, World

SLUGS = ("dystonia", "als", "gout", "mumps")


@pytest.fixture
def wren(world: World) -> int:
    """Somebody on one map; the others exist."""
    member_id = world.somebody("public").id
    for slug in SLUGS:
        world.condition(slug)
    world.session.commit()
    return member_id


def _act(engine: Engine, settings: Settings, act: Callable[..., object], *given: Any) -> Any:
    def _run() -> None:
        with transaction(engine) as session:
            act(session, settings, *given)

    return _run


def _place(session: Session, settings: Settings, member_id: int, condition_id: int) -> None:
    wanted = Placement(LEEDS, AREAS.version, "public", "self")
    placing.place(session, settings, AREAS, member_id, condition_id, wanted)


def _at_once(acts: list[Callable[[], None]]) -> list[BaseException]:
    start, failures = threading.Barrier(len(acts)), []

    def _run(act: Callable[[], None]) -> None:
        start.wait()
        try:
            act()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=_run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _begun(first: Session, late: Callable[[], None]) -> threading.Thread:
    """Start ``late`` in a thread of its own, and give it time to meet what ``first`` holds."""
    first.flush()
    thread = threading.Thread(target=late)
    thread.start()
    thread.join(1)
    return thread


def _quietly(act: Callable[[], None], failures: list[BaseException]) -> Callable[[], None]:
    def _run() -> None:
        try:
            act()
        except BaseException as error:
            failures.append(error)

    return _run


def test_a_placement_that_is_under_way_when_its_member_leaves_is_not_counted(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    failures: list[BaseException] = []
    with transaction(engine) as first:
        _place(first, settings, wren, condition_id)
        late = _begun(first, _quietly(_act(engine, settings, erase_member, wren), failures))
    late.join()
    assert failures == []
    with Session(engine) as after:
        assert after.get(Member, wren) is None
        assert live_counts.differences(after) == []


def test_whoever_left_meanwhile_is_placed_nowhere(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    failures: list[BaseException] = []
    with transaction(engine) as first:
        erase_member(first, settings, wren)
        act = _act(engine, settings, _place, wren, condition_id)
        late = _begun(first, _quietly(act, failures))
    late.join()
    assert len(failures) == 1
    assert isinstance(failures[0], MapappError)
    with Session(engine) as after:
        assert after.scalar(select(func.count()).select_from(Membership)) == 0
        assert live_counts.differences(after) == []


def test_whoever_placed_themself_meanwhile_rests_there_too(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    failures: list[BaseException] = []
    with transaction(engine) as first:
        _place(first, settings, wren, condition_id)
        late = _begun(first, _quietly(_act(engine, settings, hide.pause, AREAS, wren), failures))
    late.join()
    assert failures == []
    with Session(engine) as after:
        assert set(after.scalars(select(Membership.visibility))) == {"paused"}
        assert live_counts.differences(after) == []


def test_whoever_rests_is_placed_nowhere_meanwhile(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    failures: list[BaseException] = []
    with transaction(engine) as first:
        hide.pause(first, settings, AREAS, wren)
        late = _begun(first, _quietly(_act(engine, settings, _place, wren, condition_id), failures))
    late.join()
    assert [type(failure).__name__ for failure in failures] == ["BadInputError"]
    with Session(engine) as after:
        assert set(after.scalars(select(Membership.visibility))) == {"paused"}


@pytest.mark.parametrize("others_left_before", [True, False])
def test_two_people_can_leave_at_once(
    world: World, engine: Engine, settings: Settings, others_left_before: bool
) -> None:
    """They are on no map, so there is no number whose change would make one wait."""
    heron, robin, finch = (world.member().id for _ in range(3))
    world.session.commit()
    if others_left_before:
        _act(engine, settings, erase_member, heron)()
    failures: list[BaseException] = []
    with transaction(engine) as first:
        erase_member(first, settings, robin)
        late = _begun(first, _quietly(_act(engine, settings, erase_member, finch), failures))
    late.join()
    assert failures == []
    with Session(engine) as after:
        assert not {robin, finch} & set(after.scalars(select(Member.id)))


def test_everything_at_once_keeps_the_numbers_true(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    ids = [world.condition(slug).id for slug in SLUGS]
    world.session.commit()
    acts = [_act(engine, settings, _place, wren, condition_id) for condition_id in ids]
    acts += [
        _act(engine, settings, act, AREAS, wren)
        for act in (hide.hide_everywhere, hide.pause, hide.end_pause, hide.show_again)
    ]
    acts += [_act(engine, settings, erase_member, wren)] * 2
    failures = _at_once(acts)
    assert [f for f in failures if not isinstance(f, MapappError)] == []
    with Session(engine) as after:
        assert after.get(Member, wren) is None
        assert live_counts.differences(after) == []
        assert after.scalar(select(func.count()).select_from(Membership)) == 0
