"""What the other side of a contact request reads when one of the two has left for good."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from mapapp.actions.account.my_data import my_data
from mapapp.actions.contact.request_inbox import Inbox
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.domain.core.visibilities import COUNTED
from mapapp.domain.members.request_states import (
    ACCEPTED,
    DECLINED,
    LATER,
    LEFT,
    OPEN,
    REFUSED,
    WITHDRAWN,
)
from mapapp.errors import NotFoundError
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member
from tests import contact_requests as connecting
from tests.trust import World, make_request

STATES = (OPEN, LATER, ACCEPTED, DECLINED, WITHDRAWN, REFUSED)


def _requests(world: World) -> list[ContactRequest]:
    return list(world.session.scalars(select(ContactRequest)))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("side", ["from", "to"])
def test_the_inbox_of_the_other_side_shows_nothing_of_it(
    world: World, side: str, state: str
) -> None:
    wren, other = world.somebody(pseudonym="Wren"), world.somebody(pseudonym="Robin")
    make_request(world, *((wren, other) if side == "from" else (other, wren)), state)
    world.erase(wren)
    assert connecting.inbox(world.session, other.id) == Inbox((), (), ())
    assert "Wren" not in str(my_data(replace(world.ctx, reader_id=other.id), other.id))


@pytest.mark.parametrize("block", [False, True])
@pytest.mark.parametrize("state", [OPEN, LATER, DECLINED, WITHDRAWN, REFUSED])
def test_whoever_asked_cannot_tell_erasing_from_hiding(
    world: World, state: str, block: bool
) -> None:
    """Or they would know of a member who hides that they are still here."""
    told = []
    for hides in (True, False):
        asked, asker = world.somebody(), world.somebody()
        make_request(world, asker, asked, state)
        if hides:
            _hide(world, asked)
        elif block:
            world.block(asked, asker)
        else:
            world.erase(asked)
        data = my_data(replace(world.ctx, reader_id=asker.id), asker.id)
        told.append((connecting.inbox(world.session, asker.id), data["contact_requests"]))
    assert told[0] == told[1]


@pytest.mark.parametrize("state", [OPEN, LATER, WITHDRAWN])
def test_who_was_asked_cannot_tell_it_either(world: World, state: str) -> None:
    told = []
    for act in (_hide, World.erase):
        asker, asked = world.somebody(), world.somebody()
        make_request(world, asker, asked, state)
        act(world, asker)
        data = my_data(replace(world.ctx, reader_id=asked.id), asked.id)
        told.append((connecting.inbox(world.session, asked.id), data["contact_requests"]))
    assert told[0] == told[1]


def _hide(world: World, who: Member) -> None:
    ctx = replace(world.ctx, reader_id=who.id)
    set_visibility(ctx, who.id, world.condition().id, COUNTED)


def test_when_both_have_left_the_request_is_gone(world: World) -> None:
    wren, robin = world.somebody(), world.somebody()
    make_request(world, wren, robin, "accepted")
    world.erase(wren)
    world.erase(robin)
    assert _requests(world) == []


def test_what_earlier_versions_left_of_a_request_can_be_put_away(world: World) -> None:
    wren, robin, heron = world.somebody(), world.somebody(), world.somebody()
    for asker, asked, state in ((robin, wren, LEFT), (robin, heron, OPEN)):
        make_request(world, asker, asked, state)
    found = {r.state: r.public_id for r in connecting.inbox(world.session, robin.id).sent}
    with pytest.raises(NotFoundError):
        connecting.put_away(world.session, heron.id, found[LEFT])
    for request_id in (found[OPEN], "no-such-request"):
        with pytest.raises(NotFoundError):
            connecting.put_away(world.session, robin.id, request_id)
    connecting.put_away(world.session, robin.id, found[LEFT])
    assert [r.state for r in connecting.inbox(world.session, robin.id).sent] == ["open"]
    with pytest.raises(NotFoundError):
        connecting.put_away(world.session, robin.id, found[LEFT])


def test_what_is_left_of_a_request_cannot_be_answered(world: World) -> None:
    wren, robin = world.somebody(), world.somebody()
    request = make_request(world, wren, robin, "open").public_id
    world.erase(wren)
    for yes in (True, False):
        with pytest.raises(NotFoundError):
            connecting.answer(world.session, world.settings, robin.id, request, yes=yes)
    assert world.mailed() == []
