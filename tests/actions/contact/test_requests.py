from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.contact.conversation_list import my_conversations
from mapapp.actions.contact.request_send import lapse
from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY, NEW_ACCOUNT, open_window
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.errors import BadInputError, LimitError, MapappError, NotAllowedError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership
from tests import contact_requests as connecting
from tests.mail import waiting_mail

NOW = 1_795_000_000


@dataclass
class World:
    """A condition with people on its map, and a member who asks."""

    session: Session
    settings: Settings
    condition: Condition
    me: Member
    make_member: Callable[..., Member]
    make_membership: Callable[..., Membership]

    def other(self, visibility: str = "members", **values: object) -> Member:
        member = self.make_member(**values)
        self.make_membership(self.condition, 1, member=member, visibility=visibility)
        return member

    def ask(self, other: Member, reason: str = "meet", now: int = NOW) -> None:
        connecting.ask(
            self.session,
            self.settings,
            self.me.id,
            other.public_id,
            self.condition.slug,
            reason,
            now,
        )
        self.session.flush()


@pytest.fixture
def world(
    session: Session,
    settings: Settings,
    make_condition: Callable[..., Condition],
    make_member: Callable[..., Member],
    make_membership: Callable[..., Membership],
) -> World:
    condition, me = make_condition("dystonia"), make_member(pseudonym="Me")
    make_membership(condition, 1, member=me)
    return World(session, settings, condition, me, make_member, make_membership)


def test_whom_shows_what_a_member_may_see(world: World) -> None:
    other = world.other(pseudonym="Wren", languages=["de", "fr"])
    person = connecting.whom(world.session, world.me.id, other.public_id, "dystonia")
    assert person.listing.pseudonym == "Wren"
    assert person.listing.languages == ("de", "fr")
    assert (person.is_me, person.me is not None, person.asked, person.asks_me) == (
        False,
        True,
        False,
        False,
    )
    assert connecting.whom(world.session, world.me.id, world.me.public_id, "dystonia").is_me


def test_hidden_unknown_and_elsewhere_are_the_same_nobody(
    world: World, make_condition: Callable[..., Condition]
) -> None:
    hidden, listed = world.other("counted"), world.other()
    make_condition("another")
    closed = world.other(active=False)
    refusals = set()
    for public_id, slug in (
        (hidden.public_id, "dystonia"),
        (closed.public_id, "dystonia"),
        ("00000000-0000-4000-8000-000000000000", "dystonia"),
        ("no id at all", "dystonia"),
        (listed.public_id, "another"),
    ):
        with pytest.raises(NotFoundError) as refusal:
            connecting.whom(world.session, world.me.id, public_id, slug)
        refusals.add(str(refusal.value))
    assert len(refusals) == 1


def test_a_request_is_stored_and_a_neutral_mail_queued(world: World) -> None:
    other = world.other(pseudonym="Wren")
    world.ask(other, "treatments")
    row = world.session.scalars(select(ContactRequest)).one()
    assert (row.from_member_id, row.to_member_id) == (world.me.id, other.id)
    assert (row.reason, row.state, row.month) == ("treatments", "open", "2026-11")
    (mail,) = waiting_mail(world.session, world.settings)
    assert mail.to == other.email
    for telling in ("dystonia", "wren", "me ", "treatments"):
        assert telling not in (mail.subject + mail.body[:120]).casefold()


def test_people_of_a_demo_get_no_mail(world: World) -> None:
    world.ask(world.other(email=None, source="demo"))
    assert waiting_mail(world.session, world.settings) == []


def test_what_cannot_be_asked(world: World, make_member: Callable[..., Member]) -> None:
    other = world.other()
    with pytest.raises(BadInputError):
        world.ask(world.me)
    with pytest.raises(BadInputError):
        world.ask(other, "a reason of my own")
    world.ask(other)
    with pytest.raises(BadInputError):
        world.ask(other)
    stranger = make_member()
    with pytest.raises(NotAllowedError):
        connecting.ask(
            world.session, world.settings, stranger.id, other.public_id, "dystonia", "meet"
        )


def test_who_was_asked_answers_instead_of_asking_back(world: World) -> None:
    other = world.other()
    world.ask(other)
    with pytest.raises(BadInputError, match="inbox"):
        connecting.ask(
            world.session, world.settings, other.id, world.me.public_id, "dystonia", "meet"
        )


def test_both_sides_see_it_in_their_inbox(world: World) -> None:
    other = world.other(pseudonym="Wren")
    world.ask(other)
    mine = connecting.inbox(world.session, world.me.id)
    theirs = connecting.inbox(world.session, other.id)
    assert [(r.pseudonym, r.state) for r in mine.sent] == [("Wren", "open")]
    assert [(r.pseudonym, r.state, r.listed) for r in theirs.received] == [("Me", "open", True)]
    assert mine.received == theirs.sent == ()


def test_accepting_is_told_and_declining_is_not(world: World) -> None:
    yes, no = world.other(), world.other()
    world.ask(yes)
    world.ask(no)
    for person, answer in ((yes, True), (no, False)):
        (request,) = connecting.inbox(world.session, person.id).received
        before = len(waiting_mail(world.session, world.settings))
        connecting.answer(world.session, world.settings, person.id, request.public_id, yes=answer)
        world.session.flush()
        assert len(waiting_mail(world.session, world.settings)) - before == int(answer)
    sent = connecting.inbox(world.session, world.me.id).sent
    assert [r.state for r in sent] == ["declined"]  # the page says "no answer"
    assert [
        conversation.pseudonym for conversation in my_conversations(world.session, world.me.id)
    ] == [yes.pseudonym]
    assert connecting.inbox(world.session, no.id).received == ()
    with pytest.raises(BadInputError):  # as for an open one
        world.ask(no)


def test_only_the_receiver_answers_and_only_once(world: World) -> None:
    other, third = world.other(), world.other()
    world.ask(other)
    (request,) = connecting.inbox(world.session, other.id).received
    for person in (world.me, third):
        with pytest.raises(NotFoundError):
            connecting.answer(world.session, world.settings, person.id, request.public_id, yes=True)
    connecting.answer(world.session, world.settings, other.id, request.public_id, yes=True)
    with pytest.raises(NotFoundError):
        connecting.answer(world.session, world.settings, other.id, request.public_id, yes=False)


def test_five_new_people_a_day(world: World) -> None:
    for _ in range(5):
        world.ask(world.other())
    with pytest.raises(LimitError):
        world.ask(world.other())
    world.ask(world.other(), now=NOW + 2 * DAY)


def test_two_new_people_a_day_in_the_first_week(world: World) -> None:
    open_window(Context(world.session, world.settings, now=NOW), NEW_ACCOUNT, world.me.id)
    world.ask(world.other())
    world.ask(world.other())
    with pytest.raises(LimitError, match="first week"):
        world.ask(world.other())
    world.ask(world.other(), now=NOW + 9 * DAY)


def test_twenty_without_an_answer_are_enough_and_declined_ones_count(world: World) -> None:
    for n in range(20):
        other = world.other()
        world.ask(other, now=NOW + n // 5 * 2 * DAY)
        if n % 2:
            (request,) = connecting.inbox(world.session, other.id).received
            connecting.answer(world.session, world.settings, other.id, request.public_id, yes=False)
    with pytest.raises(LimitError, match="20"):
        world.ask(world.other(), now=NOW + 20 * DAY)


def test_hiding_ends_open_and_declined_requests_alike(world: World) -> None:
    first, second = world.other(), world.other()
    world.ask(first)
    world.ask(second)
    (request,) = connecting.inbox(world.session, second.id).received
    connecting.answer(world.session, world.settings, second.id, request.public_id, yes=False)
    for other in (first, second):
        set_visibility(
            Context(world.session, world.settings), other.id, world.condition.id, "counted"
        )
    assert connecting.inbox(world.session, world.me.id).sent == ()
    for other in (first, second):
        with pytest.raises(MapappError):
            world.ask(other)


@pytest.mark.parametrize(("days", "ended"), [(59, 0), (60, 1), (61, 1)])
def test_a_request_ends_after_sixty_days(world: World, days: int, ended: int) -> None:
    world.ask(world.other())
    asked = datetime.fromtimestamp(NOW, UTC).date()
    assert lapse(world.session, asked + timedelta(days=days)) == ended
