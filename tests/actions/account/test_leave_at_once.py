"""Leaving, pausing and hiding while another browser of the same person does something else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.moderation import member_hide
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member, Membership
from tests.at_once import Act, at_once, begun
from tests.published import wrong_numbers
from tests.trust import AREAS, LEEDS, World

SLUGS = ("dystonia", "als", "gout", "mumps")


@pytest.fixture
def wren(world: World) -> int:
    """A member on one map; the other maps exist."""
    member_id = world.somebody("public").id
    for slug in SLUGS:
        world.condition(slug)
    world.session.commit()
    return member_id


def _act(engine: Engine, settings: Settings, act: Callable[..., object], *given: Any) -> Act:
    def _run() -> None:
        with transaction(engine) as session:
            act(Context(session, settings, AREAS), *given)

    return _run


def _place(ctx: Context, member_id: int, condition_id: int) -> None:
    wanted = Placement(LEEDS, AREAS.version, "public", "self", "Quiet Heron")
    placing.place(replace(ctx, reader_id=member_id), condition_id, wanted)


def _meanwhile(first: Session, engine: Engine, late: Act) -> Act:
    """Start ``late`` while ``first`` holds the locks on its changes."""
    first.flush()
    return begun(engine, late)


def test_a_placement_that_is_under_way_when_its_member_leaves_is_not_counted(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    with transaction(engine) as first:
        _place(Context(first, settings, AREAS), wren, condition_id)
        late = _meanwhile(first, engine, _act(engine, settings, erase_member, wren))
    assert late() is None
    with Session(engine) as after:
        assert after.get(Member, wren) is None
        assert wrong_numbers(after) == []


def test_whoever_left_meanwhile_is_placed_nowhere(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    with transaction(engine) as first:
        erase_member(Context(first, settings), wren)
        act = _act(engine, settings, _place, wren, condition_id)
        late = _meanwhile(first, engine, act)
    assert isinstance(late(), MapappError)
    with Session(engine) as after:
        assert after.scalar(select(func.count()).select_from(Membership)) == 0
        assert wrong_numbers(after) == []


def test_whoever_placed_themself_meanwhile_rests_there_too(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    with transaction(engine) as first:
        _place(Context(first, settings, AREAS), wren, condition_id)
        late = _meanwhile(first, engine, _act(engine, settings, member_hide.pause, wren))
    assert late() is None
    with Session(engine) as after:
        assert set(after.scalars(select(Membership.visibility))) == {"paused"}
        assert wrong_numbers(after) == []


def test_whoever_rests_is_placed_nowhere_meanwhile(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    condition_id = world.condition("als").id
    world.session.commit()
    with transaction(engine) as first:
        member_hide.pause(Context(first, settings, AREAS), wren)
        late = _meanwhile(first, engine, _act(engine, settings, _place, wren, condition_id))
    assert type(late()).__name__ == "BadInputError"
    with Session(engine) as after:
        assert set(after.scalars(select(Membership.visibility))) == {"paused"}


@pytest.mark.parametrize("others_left_before", [True, False])
def test_two_people_can_leave_at_once(
    world: World, engine: Engine, settings: Settings, others_left_before: bool
) -> None:
    """They are on no map, so no number has to be changed that would make one wait."""
    heron, robin, finch = (world.member().id for _ in range(3))
    world.session.commit()
    if others_left_before:
        _act(engine, settings, erase_member, heron)()
    with transaction(engine) as first:
        erase_member(Context(first, settings), robin)
        late = _meanwhile(first, engine, _act(engine, settings, erase_member, finch))
    assert late() is None
    with Session(engine) as after:
        assert not {robin, finch} & set(after.scalars(select(Member.id)))


def test_everything_at_once_keeps_the_numbers_true(
    world: World, engine: Engine, settings: Settings, wren: int
) -> None:
    ids = [world.condition(slug).id for slug in SLUGS]
    world.session.commit()
    acts = [_act(engine, settings, _place, wren, condition_id) for condition_id in ids]
    acts += [
        _act(engine, settings, act, wren)
        for act in (
            member_hide.hide_everywhere,
            member_hide.pause,
            member_hide.end_pause,
            member_hide.show_again,
        )
    ]
    acts += [_act(engine, settings, erase_member, wren)] * 2
    failures = at_once(acts)
    assert [f for f in failures if not isinstance(f, MapappError)] == []
    with Session(engine) as after:
        assert after.get(Member, wren) is None
        assert wrong_numbers(after) == []
        assert after.scalar(select(func.count()).select_from(Membership)) == 0
