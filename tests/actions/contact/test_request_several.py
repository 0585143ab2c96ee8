"""Asking several at once: whom, how many, what each reads, and every refusal."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from mapapp.actions.contact import block_member, wish_edit
from mapapp.actions.contact.request_several import Askable, ask_several, whom_to_ask
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.members.request_ends import end_requests
from mapapp.actions.moderation.member_hide import pause
from mapapp.actions.published.listings import People
from mapapp.domain.core.choices import GREETINGS, GREETINGS_TO_SEVERAL, REASONS
from mapapp.domain.published.wishes import Wishes
from mapapp.errors import BadInputError, LimitError, NotAllowedError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.contact import ContactRequest, ContactWish
from mapapp.store.members import Member
from tests import contact_requests as connecting
from tests import factories
from tests.mail import waiting_mail
from tests.places import zone_at_band, zones_of

NOW = 1_795_000_000
HERE = zones_of("DE")[0]
NEAR = zone_at_band(HERE, 2)


@dataclass
class World:
    """A map, and a member on it who asks."""

    session: Session
    settings: Settings
    condition: Any
    me: Member

    def other(self, area: int = HERE, visibility: str = "map", **values: Any) -> Member:
        role = values.pop("role", "self")
        who = factories.make_member(self.session, **values)
        given = {"visibility": visibility, "role": role}
        factories.make_membership(self.session, self.condition, area, member=who, **given)
        return who

    def ctx(self, now: int = NOW) -> Context:
        return Context(self.session, self.settings, reader_id=self.me.id, now=now)

    def whom(self, now: int = NOW, **asked: Any) -> Askable:
        people = People(self.condition.id, self.me.id, **asked)
        return whom_to_ask(self.ctx(now), people, HERE)

    def names(self, now: int = NOW, **asked: Any) -> set[str]:
        return {near.person.pseudonym for near in self.whom(now, **asked).people}

    def ask(self, *people: Member, reason: str = "meet", now: int = NOW) -> int:
        ids = [who.public_id for who in people]
        n = ask_several(self.ctx(now), "dystonia", ids, reason, "hello-all")
        self.session.flush()
        return n

    def requests(self) -> list[ContactRequest]:
        return list(self.session.scalars(select(ContactRequest)))

    def wish(self, who: Member, **wanted: Any) -> None:
        ctx = Context(self.session, self.settings, reader_id=who.id)
        wish_edit.keep_wishes(ctx, self.condition.id, Wishes(**wanted))
        factories._publish(self.session)


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    condition = factories.make_condition(session, "dystonia")
    me = factories.make_member(session, pseudonym="Me", languages=["de"])
    factories.make_membership(session, condition, HERE, member=me, visibility="map")
    return World(session, settings, condition, me)


@pytest.mark.both
def test_each_gets_the_same_request(world: World) -> None:
    people = [world.other(pseudonym=f"Heron {n}") for n in range(3)]
    assert world.ask(*people) == 3
    assert {request.to_member_id for request in world.requests()} == {who.id for who in people}
    said = {(one.reason, one.greeting, one.state, one.unheard) for one in world.requests()}
    assert said == {("meet", "hello-all", "open", False)}
    assert len(waiting_mail(world.session, world.settings)) == 3
    for who in people:
        (received,) = connecting.inbox(world.session, who.id).received
        assert received.pseudonym == "Me"
        others = {one.pseudonym for one in people if one is not who}
        assert not [name for name in others if name in repr(received)]


def test_each_greeting_says_to_several_that_there_are_others() -> None:
    assert [f"{key}-all" for key in GREETINGS] == list(GREETINGS_TO_SEVERAL)
    for words in GREETINGS_TO_SEVERAL.values():
        assert "some others, too" in words


def test_one_who_is_left_is_told_of_no_others(world: World) -> None:
    wren, gone = world.other(), world.other(visibility="counted")
    assert world.ask(wren, gone) == 1
    assert [request.greeting for request in world.requests()] == ["hello"]


@pytest.mark.both
def test_the_nearest_who_match_and_as_many_as_the_day_leaves(world: World) -> None:
    for n in range(7):
        world.other(NEAR if n > 1 else HERE, pseudonym=f"Heron {n}", languages=["es"])
    world.other(pseudonym="Other", languages=["fr"])
    found = world.whom(languages=("es",))
    assert (len(found.people), found.refusal) == (5, "")
    assert {"Heron 0", "Heron 1"} < {near.person.pseudonym for near in found.people}
    assert [near.band for near in found.people] == [0, 0, 2, 2, 2]
    quotas.open_window(world.ctx(), quotas.NEW_ACCOUNT, world.me.id)
    assert world.names(languages=("es",)) == {"Heron 0", "Heron 1"}
    assert world.names(NOW + 8 * quotas.DAY, role="parent") == set()


def test_every_one_of_them_counts(world: World) -> None:
    people = [world.other() for _ in range(6)]
    world.ask(*people[:3])
    assert len(world.whom().people) == 2
    with pytest.raises(LimitError):
        world.ask(*people[3:])


def test_all_of_them_are_asked_or_nobody(world: World) -> None:
    people = [world.other() for _ in range(6)]
    world.ask(*people[:3])
    world.session.commit()
    with pytest.raises(LimitError):
        world.ask(*people[3:])
    world.session.rollback()
    assert world.session.scalar(select(func.count()).select_from(ContactRequest)) == 3
    assert len(world.whom().people) == 2


def test_in_the_first_week_two_a_day(world: World) -> None:
    quotas.open_window(world.ctx(), quotas.NEW_ACCOUNT, world.me.id)
    people = [world.other() for _ in range(3)]
    world.ask(*people[:2])
    found = world.whom()
    assert (found.people, found.refusal) == ((), quotas.NEW_PEOPLE_AT_FIRST.message)
    assert world.names(NOW + 2 * quotas.DAY) == {people[2].pseudonym}


def test_twenty_open_at_once(world: World) -> None:
    for day in range(6):
        people = [world.other() for _ in range(5 if day < 3 else 4 if day == 3 else 1)]
        if day < 4:
            world.ask(*people, now=NOW + 2 * day * quotas.DAY)
    later = NOW + 10 * quotas.DAY
    assert len(world.whom(later).people) == 1
    two = [world.other(), world.other()]
    with pytest.raises(LimitError, match="20 requests"):
        world.ask(*two, now=later)
    world.session.rollback()


def test_whom_no_request_can_reach_is_not_offered(world: World) -> None:
    asked, asks, touch, far = (
        world.other(pseudonym=name, languages=["fr"]) for name in ("A", "B", "C", "D")
    )
    assert world.names() == {"A", "B", "C", "D"}
    world.other(pseudonym="E")
    world.session.flush()
    settings, me = world.settings, world.me
    connecting.ask(world.session, settings, me.id, asked.public_id, "dystonia")
    connecting.ask(world.session, settings, asks.id, me.public_id, "dystonia")
    connecting.connected(world.session, settings, touch, me)
    world.wish(far, same_language=True)
    assert world.names() == {"E"}


@pytest.mark.parametrize(
    "wanted",
    [{"not_now": True}, {"carers_only": True}, {"same_language": True}, {"farthest": 1}],
)
def test_who_does_not_want_to_be_asked_by_me_is_left_out(
    world: World, wanted: dict[str, Any]
) -> None:
    wren = world.other(NEAR, pseudonym="Wren", languages=["fr"])
    robin = world.other(pseudonym="Robin")
    assert world.names() == {"Wren", "Robin"}
    world.wish(wren, **wanted)
    assert world.names() == {"Robin"}
    assert world.ask(wren, robin, world.other()) == 2


def test_who_wants_to_be_asked_about_something_else_is_left_out(world: World) -> None:
    wren, robin = world.other(pseudonym="Wren"), world.other(pseudonym="Robin")
    world.wish(wren, reasons=("treatments",))
    assert world.names() == {"Wren", "Robin"}
    assert world.ask(wren, robin, reason="meet") == 1
    with pytest.raises(BadInputError, match="None of them"):
        world.ask(wren, reason="meet")


@pytest.mark.both
def test_a_block_on_this_map_is_like_having_left(world: World) -> None:
    wren, robin, gone = world.other(), world.other(), world.other(visibility="counted")
    block_member.block(world.session, wren.id, world.me.id, world.condition.id)
    assert world.names() == {robin.pseudonym}
    assert world.ask(wren, gone, robin) == 1
    for nobody in (wren, gone):
        with pytest.raises(BadInputError, match="None of them"):
            world.ask(nobody)


def said_no(world: World, who: Member) -> None:
    """Let somebody decline a request of the member, which is over since."""
    at = ("dystonia", "meet", NOW)
    connecting.ask(world.session, world.settings, world.me.id, who.public_id, *at)
    (asked,) = world.requests()
    connecting.answer(world.session, world.settings, who.id, asked.public_id, yes=False)
    end_requests(world.ctx(), world.me.id, world.condition.id)
    world.session.expire_all()
    assert asked.state == "refused"


def test_the_map_is_worked_out_once_however_many_are_passed_over(world: World) -> None:
    with factories.published_together(world.session):
        for _ in range(41):
            who = {"condition_id": world.condition.id, "member_id": world.other().id}
            world.session.add(ContactWish(**who, not_now=True))
    found = world.other(NEAR)
    given: list[str] = []

    def _note(_connection: Any, _cursor: Any, words: str, *_rest: Any) -> None:
        given.append(words)

    bind = world.session.get_bind()
    event.listen(bind, "before_cursor_execute", _note)
    assert world.names() == {found.pseudonym}
    event.remove(bind, "before_cursor_execute", _note)
    assert sum("FROM area_numbers" in words for words in given) == 1


def test_an_earlier_no_and_a_block_elsewhere_are_silent(world: World) -> None:
    wren, robin, lark = world.other(), world.other(), world.other()
    said_no(world, robin)
    other = factories.make_condition(world.session, "als")
    for who in (wren, world.me):
        factories.make_membership(world.session, other, HERE, member=who, visibility="map")
    block_member.block(world.session, wren.id, world.me.id, other.id)
    ids = {who.id: connecting.id_on(world.session, who, "dystonia") for who in (wren, robin, lark)}
    assert len(world.whom().people) == 3
    assert ask_several(world.ctx(), "dystonia", ids.values(), "meet", "hello-all") == 3
    sent = [one for one in world.requests() if one.state != "refused"]
    assert {one.to_member_id: (one.state, one.unheard) for one in sent} == {
        wren.id: ("declined", True),
        robin.id: ("declined", True),
        lark.id: ("open", False),
    }
    for silent in (wren, robin):
        assert connecting.inbox(world.session, silent.id).received == ()
    assert {one.greeting for one in sent} == {"hello-all"}
    assert len(world.whom().people) == 0
    assert quotas.uses_left(world.ctx(), quotas.NEW_PEOPLE, world.me.id) == 1


@pytest.mark.parametrize(
    ("said", "greeting"), [("meet", "hello"), ("meet", "hey"), ("call me", "hello-all")]
)
def test_only_what_is_offered(world: World, said: str, greeting: str) -> None:
    wren, robin = world.other(), world.other()
    assert said not in REASONS or greeting not in GREETINGS_TO_SEVERAL
    ids = [wren.public_id, robin.public_id]
    with pytest.raises(BadInputError):
        ask_several(world.ctx(), "dystonia", ids, said, greeting)
    assert world.requests() == []


def test_nobody_and_too_many(world: World) -> None:
    people = [world.other() for _ in range(6)]
    for some in ((), people):
        with pytest.raises(BadInputError):
            world.ask(*some)
    with pytest.raises(NotFoundError):
        ask_several(world.ctx(), "no-such", [people[0].public_id], "meet", "hello-all")


def test_not_on_the_map_silenced_or_in_a_pause(world: World) -> None:
    wren = world.other()
    stranger = factories.make_member(world.session)
    ctx = Context(world.session, world.settings, reader_id=stranger.id)
    with pytest.raises(NotAllowedError, match="Put yourself on this map first"):
        whom_to_ask(ctx, People(world.condition.id, stranger.id), HERE)
    with pytest.raises(NotAllowedError, match="Put yourself on this map first"):
        ask_several(ctx, "dystonia", [wren.public_id], "meet", "hello-all")
    pause(world.ctx(), world.me.id)
    with pytest.raises(BadInputError):
        world.ask(wren)
