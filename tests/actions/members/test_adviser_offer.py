"""Offering to help newcomers: who may, how often, and that it stays between them and the team."""

import pytest
from sqlalchemy import func, select

from mapapp.actions.core.context import Context
from mapapp.actions.members import place_set
from mapapp.actions.members.adviser_offer import make_offer, my_offer, take_offer_back
from mapapp.domain.published.adviser_rules import REFUSED, WAITS_FOR_STAFF
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.store.members import AdviserOffer, Member
from tests.advisers import OFFER, offer_of
from tests.trust import World


def _ctx(world: World, who: Member) -> Context:
    return Context(world.session, world.settings, reader_id=who.id)


def _offers(world: World) -> int:
    return world.session.scalar(select(func.count()).select_from(AdviserOffer)) or 0


@pytest.mark.both
def test_an_offer_is_kept_once(world: World) -> None:
    wren, here = world.somebody("map"), world.condition().id
    make_offer(_ctx(world, wren), here, f"  {OFFER}\r\n")
    make_offer(_ctx(world, wren), here, "Something else altogether.")
    mine = my_offer(world.session, wren.id, here)
    assert mine is not None
    assert (mine.words, mine.state, mine.reason, _offers(world)) == (OFFER, WAITS_FOR_STAFF, "", 1)


@pytest.mark.parametrize("text", ["", "Too short", "x" * 301])
def test_an_offer_says_something(world: World, text: str) -> None:
    wren = world.somebody()
    with pytest.raises(BadInputError):
        make_offer(_ctx(world, wren), world.condition().id, text)


def test_who_is_not_shown_cannot_offer(world: World) -> None:
    hidden, elsewhere = world.somebody("counted"), world.member()
    with pytest.raises(NotAllowedError):
        make_offer(_ctx(world, hidden), world.condition().id, OFFER)
    with pytest.raises(NotFoundError):
        make_offer(_ctx(world, elsewhere), world.condition().id, OFFER)


def test_after_a_no_one_can_offer_again_three_times_in_thirty_days(world: World) -> None:
    wren, here = world.somebody(), world.condition().id
    for _ in range(3):
        make_offer(_ctx(world, wren), here, OFFER)
        offer_of(world.session, wren.id).state = REFUSED
        world.session.flush()
    with pytest.raises(LimitError):
        make_offer(_ctx(world, wren), here, OFFER)
    assert offer_of(world.session, wren.id).state == REFUSED


def test_it_goes_with_the_place_and_with_the_account(world: World) -> None:
    wren, robin, here = world.somebody(), world.somebody(), world.condition().id
    for who in (wren, robin):
        make_offer(_ctx(world, who), here, OFFER)
    place_set.remove(_ctx(world, wren), wren.id, here)
    assert _offers(world) == 1
    world.erase(robin)
    assert _offers(world) == 0


def test_taking_it_back_deletes_it(world: World) -> None:
    wren, here = world.somebody(), world.condition().id
    make_offer(_ctx(world, wren), here, OFFER)
    take_offer_back(_ctx(world, wren), here)
    assert _offers(world) == 0
