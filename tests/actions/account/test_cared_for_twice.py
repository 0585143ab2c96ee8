"""A form for somebody cared for is sent twice, and one person is counted."""

import uuid

import pytest
from sqlalchemy import select

from mapapp.actions.account import cared_for_place
from mapapp.actions.core.context import Context
from mapapp.errors import BadInputError
from mapapp.store.members import Member
from tests.trust import AREAS, LEEDS, World


def _place(world: World, carer: Member, adult_month: str, area_id: int = LEEDS, *, key: str) -> str:
    ctx = Context(world.session, world.settings, AREAS)
    who = cared_for_place.NewPerson(world.condition().id, area_id, adult_month)
    return cared_for_place.place_cared_for(ctx, carer.id, who, key)


def _members(world: World) -> int:
    return len(world.session.scalars(select(Member.id)).all())


@pytest.mark.both
def test_a_form_sent_twice_counts_one_person(world: World) -> None:
    carer = world.member(email="carer@example.org", pseudonym="Carer")
    key, before = str(uuid.uuid4()), _members(world)
    assert {_place(world, carer, "2040-01", key=key) for _ in range(2)} == {key}
    assert _members(world) == before + 1
    for month, area_id in (("2040-02", LEEDS), ("2040-01", AREAS.get(LEEDS).parent)):
        with pytest.raises(BadInputError, match="already added"):
            _place(world, carer, month, area_id, key=key)
    other = world.member(email="other@example.org")
    for somebody, taken in ((other, key), (carer, "no key"), (carer, other.account_id)):
        with pytest.raises(BadInputError, match="not complete"):
            _place(world, somebody, "2040-01", key=taken)
    assert _members(world) == before + 2  # the other carer
