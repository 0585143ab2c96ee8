"""Hiding everywhere at once and pausing, and what comes back afterwards."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from mapapp.actions.account import cared_for_place
from mapapp.actions.core.context import Context
from mapapp.actions.mail.notices import notify
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.visibility_change import is_paused, set_visibility
from mapapp.actions.moderation import member_hide
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, Membership
from tests import contact_requests as connecting
from tests.alerts import tell_news, wait_for_people
from tests.trust import AREAS, LEEDS, YORK, World

SLUG = "dystonia"
AS_IT_WAS = {SLUG: ("public", ""), "als": ("members", ""), "gout": ("counted", "")}
HIDDEN = {SLUG: ("counted", "public"), "als": ("counted", "members"), "gout": ("counted", "")}
PAUSED = {SLUG: ("paused", "public"), "als": ("paused", "members"), "gout": ("paused", "counted")}


@pytest.fixture
def wren(world: World) -> Member:
    """On three maps, each with another visibility; another member is on the first one, too."""
    member = world.member(pseudonym="Wren")
    for slug, (visibility, _before) in AS_IT_WAS.items():
        world.place(member, visibility, slug)
    world.place(world.member(pseudonym="Robin"), "members", area_id=YORK)
    return member


def _do(world: World, who: Member, *acts: Callable[..., object]) -> list[object]:
    given = (Context(world.session, world.settings, AREAS), who.id)
    return [act(*given) for act in acts]


def _rows(world: World, who: Member) -> list[tuple[object, ...]]:
    """All of a member's memberships, in every column."""
    query = select(*Membership.__table__.columns).where(Membership.member_id == who.id)
    return sorted(tuple(row) for row in world.session.execute(query))


def _ask(world: World, who: Member, whom: Member) -> None:
    given = (world.session, world.settings, who.id, world.on_map(whom).public_id, SLUG, "meet")
    connecting.ask(*given)
    world.session.flush()


def _set(world: World, who: Member, visibility: str, slug: str = SLUG) -> None:
    given = (Context(world.session, world.settings, AREAS), who.id, world.condition(slug).id)
    set_visibility(*given, visibility)


def test_hiding_takes_every_listing_away_at_once(world: World, wren: Member) -> None:
    assert _do(world, wren, member_hide.hide_everywhere) == [2]
    assert world.stands(wren) == HIDDEN
    assert (world.seen(), world.seen(signed_in=False), world.seen("als")) == (
        {"Robin"},
        set(),
        set(),
    )
    assert world.counts() == {YORK: 1}
    assert member_hide.is_hidden(world.session, wren.id)


def test_undo_brings_back_exactly_what_was_listed(world: World, wren: Member) -> None:
    before, numbers = _rows(world, wren), world.counts()
    assert _do(world, wren, member_hide.hide_everywhere, member_hide.show_again) == [2, 2]
    assert world.stands(wren) == AS_IT_WAS
    assert _rows(world, wren) == before
    assert world.counts() == numbers
    assert world.seen(signed_in=False) == {"Wren"}
    assert not member_hide.is_hidden(world.session, wren.id)


def test_a_double_tap_keeps_the_undo(world: World, wren: Member) -> None:
    numbers = world.counts()
    assert _do(world, wren, member_hide.hide_everywhere, member_hide.hide_everywhere) == [2, 0]
    assert world.stands(wren) == HIDDEN
    assert _do(world, wren, member_hide.show_again, member_hide.show_again) == [2, 0]
    assert world.stands(wren) == AS_IT_WAS
    assert world.counts() == numbers


def test_hiding_touches_nobody_else(world: World, wren: Member) -> None:
    other = world.somebody("public", pseudonym="Heron")
    child = world.child_of(wren)
    _do(world, wren, member_hide.hide_everywhere)
    assert world.stands(other) == {SLUG: ("public", "")}
    assert world.stands(child) == {SLUG: ("counted", "")}
    _do(world, wren, member_hide.show_again)
    assert world.stands(child) == {SLUG: ("counted", "")}
    assert _do(world, other, member_hide.show_again) == [0]
    assert world.stands(other) == {SLUG: ("public", "")}


def test_what_was_chosen_while_hidden_is_not_undone(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.hide_everywhere)
    _set(world, wren, "counted", SLUG)
    _set(world, wren, "members", "gout")
    _do(world, wren, member_hide.show_again)
    assert world.stands(wren) == {**AS_IT_WAS, SLUG: ("counted", ""), "gout": ("members", "")}
    assert world.seen() == {"Robin"}


def test_a_place_that_was_left_while_hidden_does_not_come_back(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.hide_everywhere)
    placing.remove(Context(world.session, world.settings), wren.id, world.condition().id)
    _do(world, wren, member_hide.show_again)
    assert world.stands(wren) == {k: v for k, v in AS_IT_WAS.items() if k != SLUG}
    assert world.seen() == {"Robin"}


def test_a_place_made_while_hidden_does_not_lose_the_undo(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.hide_everywhere)
    world.place(wren, "members", "mumps")
    _do(world, wren, member_hide.show_again)
    assert world.stands(wren) == {**AS_IT_WAS, "mumps": ("members", "")}


def test_hiding_ends_requests_without_an_answer_and_keeps_accepted_ones(
    world: World, wren: Member
) -> None:
    heron, finch = world.somebody(), world.somebody()
    for who in (heron, finch):
        _ask(world, who, wren)
    first = connecting.inbox(world.session, wren.id).received[0]
    connecting.answer(world.session, world.settings, wren.id, first.public_id, yes=True)
    _do(world, wren, member_hide.hide_everywhere)
    states = world.session.scalars(select(ContactRequest.state)).all()
    assert sorted(states) == ["accepted", "withdrawn"]
    with pytest.raises(NotFoundError):
        _ask(world, heron, wren)


def test_a_pause_leaves_no_number_and_no_list(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.pause)
    assert world.stands(wren) == PAUSED
    assert is_paused(world.session, wren.id)
    assert (world.seen(), world.seen(signed_in=False)) == ({"Robin"}, set())
    assert world.counts() == {YORK: 1}
    counted = select(func.count()).where(Membership.visibility == "counted")
    assert world.session.scalar(counted) == 0  # nor in the numbers that are released later


def test_ending_a_pause_restores_everything(world: World, wren: Member) -> None:
    before, numbers = _rows(world, wren), world.counts()
    _do(world, wren, member_hide.pause, member_hide.pause)
    assert world.stands(wren) == PAUSED
    _do(world, wren, member_hide.end_pause, member_hide.end_pause)
    assert _rows(world, wren) == before
    assert world.counts() == numbers
    assert not is_paused(world.session, wren.id)


def test_ending_a_pause_that_never_began_changes_nothing(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.end_pause)
    assert world.stands(wren) == AS_IT_WAS
    _do(world, wren, member_hide.hide_everywhere, member_hide.end_pause)
    assert world.stands(wren) == HIDDEN


def test_what_was_hidden_stays_hidden_after_a_pause(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.hide_everywhere, member_hide.pause, member_hide.end_pause)
    assert {visibility for visibility, _ in world.stands(wren).values()} == {"counted"}
    assert world.counts() == {YORK: 1}


def test_place_and_visibility_cannot_be_changed_during_a_pause(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.pause)
    for visibility in ("public", "members", "counted"):
        with pytest.raises(BadInputError, match="paused"):
            _set(world, wren, visibility)
        with pytest.raises(BadInputError, match="paused"):
            world.place(wren, visibility, "mumps")
    with pytest.raises(BadInputError, match="paused"):
        world.place(wren, "public", area_id=YORK)
    with pytest.raises(BadInputError, match="paused"):
        _do(world, wren, member_hide.show_again)
    assert world.stands(wren) == PAUSED


def test_a_place_can_be_left_during_a_pause(world: World, wren: Member) -> None:
    _do(world, wren, member_hide.pause)
    placing.remove(Context(world.session, world.settings), wren.id, world.condition().id)
    assert world.counts() == {YORK: 1}
    _do(world, wren, member_hide.end_pause)
    assert world.stands(wren) == {k: v for k, v in AS_IT_WAS.items() if k != SLUG}
    assert world.counts()[YORK] == 1


def test_hiding_during_a_pause_lasts_beyond_it(world: World, wren: Member) -> None:
    """A member who taps "hide me everywhere" is told that nobody sees them, and relies on it."""
    _do(world, wren, member_hide.pause, member_hide.hide_everywhere, member_hide.end_pause)
    assert (world.seen(), world.seen("als")) == ({"Robin"}, set())


def test_no_mail_about_requests_during_a_pause(world: World, wren: Member) -> None:
    heron = world.somebody()
    _ask(world, wren, heron)
    (request,) = connecting.inbox(world.session, heron.id).received
    already = world.mailed()
    _do(world, wren, member_hide.pause)
    notify(Context(world.session, world.settings), wren.id, "request")
    with pytest.raises(NotFoundError):  # it ended with the pause
        connecting.answer(world.session, world.settings, heron.id, request.public_id, yes=True)
    with pytest.raises(NotFoundError):
        _ask(world, heron, wren)
    assert world.mailed() == already == [heron.email]
    _do(world, wren, member_hide.end_pause)
    _ask(world, heron, wren)
    assert world.mailed() == [*already, wren.email]


def test_news_of_a_pause_are_not_lost(world: World, wren: Member) -> None:
    """A request for news stays open until answered, even if a pause comes in between."""
    wait_for_people(world.session, wren.id, world.condition().id, LEEDS)
    _do(world, wren, member_hide.pause)
    for _ in range(3):
        world.somebody("members")
    tell_news(world.session, world.settings)
    assert world.mailed() == []
    _do(world, wren, member_hide.end_pause)
    tell_news(world.session, world.settings)
    assert world.mailed() == [wren.email]


def test_a_pause_does_not_list_the_people_one_cares_for(world: World, wren: Member) -> None:
    child = world.child_of(wren)
    _do(world, wren, member_hide.pause, member_hide.end_pause)
    assert world.stands(child) == {SLUG: ("counted", "")}
    assert [c.public_id for c in cared_for_place.my_cared_for(world.session, wren.id)] == [
        child.account_id
    ]
