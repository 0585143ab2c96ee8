"""What the other side of a contact request reads when one of the two has left for good."""

import pytest
from sqlalchemy import select

from mapapp.errors import NotFoundError
from mapapp.store.contact import ContactRequest
from tests import contact_requests as connecting
from tests.trust import World, make_request

TELLS = {
    ("from", "open"): "left",
    ("from", "later"): "left",
    ("from", "accepted"): None,  # the conversation tells it
    ("from", "declined"): None,
    ("from", "withdrawn"): None,
    ("from", "refused"): None,
    ("to", "open"): "left",
    ("to", "later"): "left",
    ("to", "accepted"): None,
    ("to", "declined"): "left",
    ("to", "withdrawn"): None,
    ("to", "refused"): None,
}
"""What the other side reads of a request after one side leaves, by its earlier state."""


def _requests(world: World) -> list[ContactRequest]:
    return list(world.session.scalars(select(ContactRequest)))


@pytest.mark.parametrize(("side", "state"), list(TELLS))
def test_the_other_side_reads_that_this_person_has_left(
    world: World, side: str, state: str
) -> None:
    wren, other = world.somebody(pseudonym="Wren"), world.somebody(pseudonym="Robin")
    pair = (wren, other) if side == "from" else (other, wren)
    make_request(world, *pair, state)
    world.erase(wren)
    inbox = connecting.inbox(world.session, other.id)
    theirs = inbox.received if side == "from" else inbox.sent
    assert [request.state for request in theirs] == [s for s in [TELLS[side, state]] if s]
    assert all((r.pseudonym, r.other_public_id, r.listed) == ("", "", False) for r in theirs)
    wrong_side = inbox.sent if side == "from" else inbox.received
    assert wrong_side == ()
    assert len(_requests(world)) == len(theirs)


def test_a_silent_no_reads_like_no_answer_when_somebody_leaves(world: World) -> None:
    asker = world.somebody()
    silent, declining = world.somebody(), world.somebody()
    make_request(world, asker, silent, "open")
    make_request(world, asker, declining, "declined")
    for who in (silent, declining):
        world.erase(who)
    first, second = connecting.inbox(world.session, asker.id).sent
    assert (first.state, first.reason, first.month) == (second.state, second.reason, second.month)


def test_when_both_have_left_the_request_is_gone(world: World) -> None:
    wren, robin = world.somebody(), world.somebody()
    make_request(world, wren, robin, "accepted")
    world.erase(wren)
    world.erase(robin)
    assert _requests(world) == []


def test_what_is_left_of_a_request_can_be_put_away(world: World) -> None:
    wren, robin, heron = world.somebody(), world.somebody(), world.somebody()
    for asker, asked, state in ((robin, wren, "later"), (robin, heron, "open")):
        make_request(world, asker, asked, state)
    world.erase(wren)
    found = {r.state: r.public_id for r in connecting.inbox(world.session, robin.id).sent}
    with pytest.raises(NotFoundError):
        connecting.put_away(world.session, heron.id, found["left"])
    for request_id in (found["open"], "no-such-request"):
        with pytest.raises(NotFoundError):
            connecting.put_away(world.session, robin.id, request_id)
    connecting.put_away(world.session, robin.id, found["left"])
    assert [r.state for r in connecting.inbox(world.session, robin.id).sent] == ["open"]
    with pytest.raises(NotFoundError):
        connecting.put_away(world.session, robin.id, found["left"])


def test_what_is_left_of_a_request_cannot_be_answered(world: World) -> None:
    wren, robin = world.somebody(), world.somebody()
    request = make_request(world, wren, robin, "open").public_id
    world.erase(wren)
    for yes in (True, False):
        with pytest.raises(NotFoundError):
            connecting.answer(world.session, world.settings, robin.id, request, yes=yes)
    assert world.mailed() == []
