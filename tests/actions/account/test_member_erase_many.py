"""Many members leave at once: what is left is what is left when each leaves alone."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from mapapp.actions.account import member_erase_many
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.account.member_erase_many import erase_members
from mapapp.actions.core.context import Context
from mapapp.store.members import Member, MemberLanguage, Membership
from mapapp.store.published import NumberChange
from mapapp.store.records import Erasure
from mapapp.store.tables import Base
from tests import factories
from tests.trust import AREAS, LEEDS, YORK, World, live_fully, make_request

Acts = Callable[[Context, list[int]], None]


def _one_by_one(ctx: Context, ids: list[int]) -> None:
    for member_id in ids:
        erase_member(ctx, member_id)


def _left(world: World, erase: Acts, ids: list[int]) -> dict[str, Any]:
    """Return all rows after an erasure that is then taken back; noted numbers are added up."""
    settings = world.settings.model_copy(update={"publish": "daily@04:00"})
    with world.session.begin_nested() as tried:
        erase(Context(world.session, settings, AREAS, now=world.ctx.now), ids)
        world.session.flush()
        found: dict[str, Any] = {
            table.name: sorted(map(str, world.session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name != NumberChange.__tablename__
        }
        noted: Counter[tuple[Any, ...]] = Counter()
        for row in world.session.scalars(select(NumberChange)):
            noted[row.condition_id, row.key, row.area_id, row.visibility] += row.n
        tried.rollback()
    world.session.expire_all()
    return {**found, "noted": noted}


def _imported(world: World, seen: str = "map") -> Member:
    """Return a member without an address, on the map of dystonia."""
    who = Member(source="import")
    world.session.add(who)
    world.session.flush()
    world.session.add(MemberLanguage(member_id=who.id, language="en"))
    factories.make_membership(
        world.session, world.condition(), LEEDS, member=who, visibility=seen, pseudonym="Calm Wren"
    )
    return who


@pytest.mark.both
@pytest.mark.parametrize("a_part", [2, 2_000])
def test_it_leaves_what_erasing_one_by_one_leaves(
    world: World, monkeypatch: pytest.MonkeyPatch, a_part: int
) -> None:
    monkeypatch.setattr(member_erase_many, "MEMBERS_A_PART", a_part)
    full = world.member(email="wren@example.org")
    live_fully(world, full, "plover")
    asked, plain, counted = (_imported(world, seen) for seen in ("public", "map", "counted"))
    factories.make_membership(world.session, world.condition("als"), YORK, member=plain)
    make_request(world, world.somebody(), asked, "open")
    stays = world.somebody("public")
    world.session.flush()
    leaving = sorted(who.id for who in (full, asked, plain, counted))
    alone = _left(world, _one_by_one, leaving)
    together = _left(world, erase_members, leaving)
    assert together == alone
    assert len(alone[Erasure.__tablename__]) == len(leaving) + 1  # and the child
    left = world.session.scalars(select(Member.id).where(Member.id.in_(leaving)))
    assert set(left) == set(leaving)  # taken back: the two were compared on the same rows
    assert stays.id not in leaving


@pytest.mark.both
def test_statements_do_not_grow_with_members(world: World) -> None:
    people = [_imported(world).id for _ in range(20)]
    settings = world.settings.model_copy(update={"publish": "daily@04:00"})
    ctx = Context(world.session, settings, AREAS)

    def _statements(ids: list[int]) -> int:
        seen: list[str] = []

        def _note(_connection: Any, _cursor: Any, words: str, *_given: Any) -> None:
            seen.append(words)

        event.listen(Engine, "before_cursor_execute", _note)
        try:
            erase_members(ctx, ids)
        finally:
            event.remove(Engine, "before_cursor_execute", _note)
        return len(seen)

    assert _statements(people[:2]) == _statements(people[2:])
    here = select(Membership.member_id).where(Membership.member_id.in_(people))
    assert world.session.scalars(here).all() == []
