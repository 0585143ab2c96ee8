"""During a pause nobody is asked, and nothing waits to be answered."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mapapp.actions.core.context import Context
from mapapp.actions.moderation import member_hide
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member
from tests import contact_requests
from tests.forms import actions
from tests.trust import AREAS, World

SLUG = "dystonia"


@pytest.fixture
def wren(world: World, login: Callable[..., FlaskClient]) -> Member:
    """A signed-in member who pauses."""
    member = world.somebody("counted")
    member_hide.pause(Context(world.session, world.settings, AREAS), member.id)
    login(member)
    return member


def test_who_pauses_asks_nobody(world: World, wren: Member) -> None:
    robin = world.somebody("members")
    given = (world.session, world.settings, wren.id, robin.public_id, SLUG)
    with pytest.raises(BadInputError, match="End the pause first, on your account page"):
        contact_requests.ask(*given)
    assert world.session.scalars(select(ContactRequest)).all() == []
    member_hide.end_pause(Context(world.session, world.settings, AREAS), wren.id)
    contact_requests.ask(*given)


def test_the_page_says_so_and_ends_the_pause(
    client: FlaskClient, world: World, wren: Member
) -> None:
    robin = world.somebody("members")
    world.session.commit()
    path = f"/members/{robin.public_id}/connect?condition={SLUG}"
    page = client.get(path)
    assert "Your account is paused" in page.text
    assert "/account/end-pause" in actions(page.text)
    assert path not in actions(page.text)
    refused = client.post(path, data={"reason": "meet", "greeting": "hello"})
    assert refused.status_code == 400
    assert "End the pause first" in refused.text
    client.post("/account/end-pause")
    assert client.post(path, data={"reason": "meet", "greeting": "hello"}).status_code == 303


def test_a_pause_leaves_nothing_to_answer(world: World) -> None:
    robin, asker = world.somebody("members"), world.somebody("members")
    contact_requests.ask(world.session, world.settings, asker.id, robin.public_id, SLUG)
    (request,) = contact_requests.inbox(world.session, robin.id).received
    member_hide.pause(Context(world.session, world.settings, AREAS), robin.id)
    world.session.expire_all()
    inbox = contact_requests.inbox(world.session, robin.id)
    assert (inbox.received, inbox.put_off) == ((), ())
    with pytest.raises(NotFoundError):
        contact_requests.answer(
            world.session, world.settings, robin.id, request.public_id, yes=True
        )
