"""Giving and withdrawing consent, one purpose at a time, and what follows at once."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from mapapp.actions.account import consent_change
from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import ADULT, COUNT, MAIL, PURPOSES, words_version
from mapapp.errors import BadInputError, MapappError, NotFoundError
from mapapp.store.contact import ContactRequest
from mapapp.store.members import Member, PeopleAlert
from tests import contact_requests as connecting
from tests.alerts import wait_for_people
from tests.trust import AREAS, LEEDS, World, reword

MAP, MEMBERS, PUBLIC = "map", "members", "public"
SLUG = "dystonia"


def _agree(world: World, who: Member, purpose: str, slug: str = SLUG) -> None:
    given = (Context(world.session, world.settings, AREAS), who.id, purpose, slug)
    consent_change.agree(*given, words_version())


def _take_back(world: World, who: Member, purpose: str, slug: str = SLUG) -> None:
    consent_change.take_back(Context(world.session, world.settings, AREAS), who.id, purpose, slug)


def _act(act: Callable[..., object], world: World, who: Member) -> None:
    act(Context(world.session, world.settings, AREAS), who.id)


def test_taking_back_goes_down_step_by_step_and_at_once(world: World) -> None:
    member = world.somebody("public", pseudonym="Wren")
    assert world.seen(signed_in=False) == {"Wren"}
    _take_back(world, member, PUBLIC)
    assert (world.seen(signed_in=False), world.seen()) == (set(), {"Wren"})
    assert world.counts() == {LEEDS: 1}
    _take_back(world, member, MEMBERS)
    assert (world.seen(), world.counts()) == (set(), {LEEDS: 1})
    assert world.stands(member) == {SLUG: ("map", "")}
    _take_back(world, member, MAP)
    assert (world.seen(), world.counts()) == (set(), {})
    assert world.stands(member) == {SLUG: ("counted", "")}
    _take_back(world, member, COUNT)
    assert world.stands(member) == {}
    assert world.agreed(member, SLUG) == set()


@pytest.mark.parametrize(
    ("purpose", "left", "agreed"),
    [
        (PUBLIC, {SLUG: ("members", "")}, {COUNT, MAP, MEMBERS}),
        (MEMBERS, {SLUG: ("map", "")}, {COUNT, MAP}),
        (MAP, {SLUG: ("counted", "")}, {COUNT}),
        (COUNT, {}, set()),
    ],
)
def test_what_rests_on_a_purpose_goes_with_it(
    world: World, purpose: str, left: dict[str, tuple[str, str]], agreed: set[str]
) -> None:
    member, other = world.somebody("public"), world.somebody("public")
    world.place(member, "public", "als")
    _take_back(world, member, purpose)
    assert world.stands(member) == {**left, "als": ("public", "")}
    assert world.agreed(member, SLUG) == agreed
    assert world.agreed(member, "als") == {COUNT, MAP, MEMBERS, PUBLIC}
    assert world.stands(other) == {SLUG: ("public", "")}


def test_agreeing_shows_at_once(world: World) -> None:
    member = world.somebody("counted", pseudonym="Wren")
    _agree(world, member, MAP)
    assert (world.seen(), world.counts()) == (set(), {LEEDS: 1})
    _agree(world, member, MEMBERS)
    assert (world.seen(), world.counts()) == ({"Wren"}, {LEEDS: 1})
    _agree(world, member, PUBLIC)
    assert world.seen(signed_in=False) == {"Wren"}
    assert world.agreed(member, SLUG) == {COUNT, MAP, MEMBERS, PUBLIC}
    _agree(world, member, COUNT)
    assert world.stands(member) == {SLUG: ("public", "")}


def test_agreeing_to_one_thing_takes_no_other_back(world: World) -> None:
    """Each is a separate choice: a tab that was left open must not change another choice."""
    member = world.somebody("public")
    _agree(world, member, MEMBERS)
    assert world.stands(member) == {SLUG: ("public", "")}
    assert world.agreed(member, SLUG) == {COUNT, MAP, MEMBERS, PUBLIC}


def _joined_long_ago(world: World, visibility: str) -> Member:
    """Return a member who agreed before people on the map were an audience of their own."""
    member = world.somebody(visibility, pseudonym="Wren")
    consent_receipts.take_back(world.session, member.id, MAP, world.condition(SLUG).id)
    return member


def test_nobody_agrees_to_anything_by_taking_something_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = _joined_long_ago(world, "public")
    reword(monkeypatch, MEMBERS)
    before = {r.purpose: r.version for r in world.receipts(member) if r.stands and r.slug}
    _take_back(world, member, PUBLIC)
    del before[PUBLIC]
    assert before == {r.purpose: r.version for r in world.receipts(member) if r.stands and r.slug}
    assert world.stands(member) == {SLUG: ("members", "")}


def test_taking_back_leaves_nobody_where_they_never_agreed_to_be(world: World) -> None:
    member = _joined_long_ago(world, "members")
    _take_back(world, member, MEMBERS)
    assert world.stands(member) == {SLUG: ("counted", "")}
    assert world.agreed(member, SLUG) == {COUNT}


def test_agreeing_to_the_narrower_one_as_well_changes_nothing_else(world: World) -> None:
    member = _joined_long_ago(world, "members")
    _agree(world, member, MAP)
    assert world.stands(member) == {SLUG: ("members", "")}
    _take_back(world, member, MEMBERS)
    assert world.stands(member) == {SLUG: ("map", "")}


def test_taking_back_twice_does_nothing_more(world: World) -> None:
    member = world.somebody("public")
    for _ in range(2):
        _take_back(world, member, PUBLIC)
        assert world.stands(member) == {SLUG: ("members", "")}


def test_taking_the_first_one_back_ends_requests_and_wishes(world: World) -> None:
    member, other = world.somebody("members"), world.somebody("members")
    ask = partial(connecting.ask, world.session, world.settings)
    ask(other.id, member.public_id, SLUG, "meet")
    wait_for_people(world.session, member.id, world.condition().id, LEEDS)
    _take_back(world, member, COUNT)
    assert connecting.inbox(world.session, other.id).sent == ()
    assert world.session.scalars(select(PeopleAlert)).all() == []
    assert world.session.scalars(select(ContactRequest.state)).all() == ["withdrawn"]


def test_mail_is_a_choice_of_the_account(world: World) -> None:
    member = world.somebody("members")
    _take_back(world, member, MAIL, "")
    assert world.agreed(member) == {ADULT}
    _agree(world, member, MAIL, "")
    assert world.agreed(member) == {ADULT, MAIL}
    assert world.stands(member) == {SLUG: ("members", "")}


def test_ones_age_is_not_taken_back_while_on_a_map(world: World) -> None:
    member = world.somebody("counted")
    with pytest.raises(BadInputError, match="Remove yourself"):
        _take_back(world, member, ADULT, "")
    _take_back(world, member, COUNT)
    _take_back(world, member, ADULT, "")
    assert ADULT not in world.agreed(member)


def test_ones_age_is_not_taken_back_while_somebody_one_cares_for_is_counted(world: World) -> None:
    """Only a member aged 18 or over may have them counted."""
    carer = world.member()
    world.child_of(carer)
    with pytest.raises(BadInputError):
        _take_back(world, carer, ADULT, "")


@pytest.mark.parametrize("purpose", [PUBLIC, MEMBERS])
@pytest.mark.parametrize("before", ["public", "members"])
def test_who_is_hidden_is_never_shown_by_taking_something_back(
    world: World, purpose: str, before: str
) -> None:
    member = world.somebody(before, pseudonym="Wren")
    _act(member_hide.hide_everywhere, world, member)
    _take_back(world, member, purpose)
    assert (world.seen(), world.counts()) == (set(), {})
    assert world.stands(member)[SLUG][0] == "counted"
    assert purpose not in world.agreed(member, SLUG)
    _act(member_hide.show_again, world, member)
    assert world.seen(signed_in=False) == set()


@pytest.mark.parametrize("purpose", [PUBLIC, MEMBERS])
def test_what_was_hidden_before_a_pause_can_still_be_taken_back(world: World, purpose: str) -> None:
    member = world.somebody("public")
    for act in (member_hide.hide_everywhere, member_hide.pause, member_hide.end_pause):
        _act(act, world, member)
    assert world.stands(member)[SLUG][0] == "counted"
    _take_back(world, member, purpose)
    assert purpose not in world.agreed(member, SLUG)
    _act(member_hide.show_again, world, member)
    assert world.seen(signed_in=False) == set()


def test_during_a_pause_nothing_is_shown_by_agreeing(world: World) -> None:
    member = world.somebody("counted")
    _act(member_hide.pause, world, member)
    for purpose in (MEMBERS, PUBLIC):
        with pytest.raises(BadInputError, match="paused"):
            _agree(world, member, purpose)
    assert world.stands(member) == {SLUG: ("paused", "counted")}
    assert world.agreed(member, SLUG) == {COUNT}


def test_a_place_can_be_taken_back_during_a_pause(world: World) -> None:
    member = world.somebody("public")
    _act(member_hide.pause, world, member)
    _take_back(world, member, COUNT)
    assert world.stands(member) == {}
    assert world.counts() == {}
    _act(member_hide.end_pause, world, member)
    assert world.counts() == {}


@pytest.mark.parametrize("act", [_agree, _take_back])
def test_a_purpose_of_a_map_needs_ones_own_place_there(
    world: World, act: Callable[..., None]
) -> None:
    member, other = world.somebody("public"), world.member()
    for who, slug in ((other, SLUG), (member, "als"), (member, "no-such"), (member, "")):
        for purpose in (COUNT, MEMBERS, PUBLIC):
            with pytest.raises(NotFoundError):
                act(world, who, purpose, slug)
    assert world.stands(member) == {SLUG: ("public", "")}


@pytest.mark.parametrize("act", [_agree, _take_back])
@pytest.mark.parametrize("purpose", ["everything", "", "counted", "paused", "COUNT"])
def test_what_is_no_purpose_is_refused(
    world: World, act: Callable[..., None], purpose: str
) -> None:
    member = world.somebody("members")
    before = world.receipts(member)
    with pytest.raises(MapappError):
        act(world, member, purpose)
    assert world.receipts(member) == before


def test_states_show_each_map_or_the_account(world: World) -> None:
    member = world.somebody("members")
    world.place(member, "counted", "als")
    shown = {
        s.slug: bool(s.since) for s in consent_change.states(world.session, member.id, MEMBERS)
    }
    assert shown == {SLUG: True, "als": False}
    (account,) = consent_change.states(world.session, member.id, MAIL)
    assert (account.slug, bool(account.since)) == ("", True)
    assert consent_change.states(world.session, world.member().id, COUNT) == []


def test_everything_reworded_is_agreed_to_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.somebody("members")
    child = world.child_of(member)
    for purpose in PURPOSES:
        reword(monkeypatch, purpose)
    assert consent_receipts.to_ask(world.session, member.id)
    before = world.stands(member), world.stands(child), world.counts()
    consent_change.agree_to_asked(world.session, member.id, words_version())
    assert consent_receipts.to_ask(world.session, member.id) == []
    assert (world.stands(member), world.stands(child), world.counts()) == before
    assert PUBLIC not in world.agreed(member, SLUG)
    assert all(not r.is_old for who in (member, child) for r in world.receipts(who))


def test_words_that_changed_once_more_are_not_agreed_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.somebody("members")
    reword(monkeypatch, MEMBERS)
    shown = words_version()
    reword(monkeypatch, MEMBERS, "And again others.")
    before = world.receipts(member)
    for words in (shown, ""):
        with pytest.raises(BadInputError, match="reworded"):
            consent_change.agree_to_asked(world.session, member.id, words)
    assert world.receipts(member) == before
