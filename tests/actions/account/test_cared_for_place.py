"""A parent or carer can have a person counted, who is never listed."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from mapapp.actions.account import cared_for_place
from mapapp.actions.account.yearly_check import confirm, run_yearly_check
from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.visibility_change import set_visibility
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import ADULT
from mapapp.errors import BadInputError, LimitError, MapappError, NotFoundError
from mapapp.store.mail import Consent, OpenQuestion
from mapapp.store.members import Member, Membership
from tests import contact_requests as connecting
from tests.mail import newest_mail
from tests.moments import midnight
from tests.trust import AREAS, LEEDS, YORK, World

SLUG = "dystonia"
COUNTED = {SLUG: ("counted", "")}
GONE, TOO_FAR = ("2026-11", "2026-10", "1999-01"), ("2044-12", "2100-01")
MISWRITTEN = ("soon", "2031", "2031-", "2031-13", "2031-00", "2031-4", "2031-04-05", " 2031-04")
NO_MONTHS = (*GONE, *TOO_FAR, *MISWRITTEN)


@pytest.fixture
def carer(world: World) -> Member:
    return world.member(email="carer@example.org", pseudonym="Carer")


def _place(world: World, carer: Member, adult_month: str, area_id: int = LEEDS) -> str:
    ctx = Context(world.session, world.settings, AREAS)
    who = cared_for_place.NewPerson(world.condition().id, area_id, adult_month)
    return cared_for_place.place_cared_for(ctx, carer.id, who, str(uuid.uuid4()))


def _members(world: World) -> int:
    return len(world.session.scalars(select(Member.id)).all())


def test_a_child_is_counted_and_nothing_more_is_known(world: World, carer: Member) -> None:
    with time_machine.travel("2026-11-22", tick=False):
        public_id = _place(world, carer, "2031-04")
    child = world.session.scalars(select(Member).where(Member.account_id == public_id)).one()
    assert (child.carer_id, child.adult_month) == (carer.id, "2031-04")
    assert (child.address_mark, child.address_sealed) == (None, None)
    row = world.session.scalars(select(Membership)).one()
    assert (row.area_id, row.month, row.pseudonym) == (LEEDS, "2026-11", "")
    assert (row.visibility, row.chosen_visibility) == ("counted", "")
    assert world.counts() == {}
    assert (world.seen(), world.mailed()) == (set(), [])


def test_there_is_a_receipt_for_the_child(world: World, carer: Member) -> None:
    child = world.child_of(carer)
    (receipt,) = world.receipts(child)
    assert (receipt.slug, receipt.stands) == (SLUG, True)
    assert receipt.purpose not in {"members", "public", ADULT}
    assert world.agreed(carer, SLUG) == set()


def test_the_carer_sees_whom_they_placed_and_nobody_else_does(world: World, carer: Member) -> None:
    other = world.member()
    theirs = world.child_of(other)
    child, grown = _place(world, carer, "2031-04"), _place(world, carer, "", YORK)
    mine = {c.public_id: c for c in cared_for_place.my_cared_for(world.session, carer.id)}
    assert set(mine) == {child, grown}
    assert (mine[child].adult_month, mine[grown].adult_month) == ("2031-04", "")
    assert [p.area_id for p in mine[grown].places] == [YORK]
    assert not mine[child].asked
    found = cared_for_place.my_cared_for(world.session, other.id)
    assert [c.public_id for c in found] == [theirs.account_id]


def test_carers_need_not_be_on_a_map_but_18(world: World) -> None:
    young = world.member(email=None)
    with pytest.raises(BadInputError, match="18 or over"):
        _place(world, young, "2031-04")
    assert _members(world) == 1
    consent_receipts.agree(world.session, young.id, ADULT)
    assert _place(world, young, "2031-04")


@pytest.mark.parametrize("month", NO_MONTHS)
def test_a_month_that_cannot_be_is_refused(world: World, carer: Member, month: str) -> None:
    with time_machine.travel("2026-11-22", tick=False), pytest.raises(BadInputError, match="month"):
        _place(world, carer, month)
    assert _members(world) == 1


@pytest.mark.parametrize("month", ["2026-12", "2044-11"])
def test_a_child_may_be_of_any_age_under_18(world: World, carer: Member, month: str) -> None:
    with time_machine.travel("2026-11-22", tick=False):
        assert _place(world, carer, month)


def test_a_place_that_is_none_is_refused(world: World, carer: Member) -> None:
    for area_id in (0, -1, len(AREAS)):
        with pytest.raises(MapappError):
            _place(world, carer, "2040-01", area_id)
    assert world.session.scalars(select(Membership)).all() == []


def test_there_are_not_very_many(world: World, carer: Member) -> None:
    for _ in range(cared_for_place.MOST_CARED_FOR):
        _place(world, carer, "2040-01")
    with pytest.raises(LimitError):
        _place(world, carer, "2040-01")
    assert _members(world) == cared_for_place.MOST_CARED_FOR + 1
    assert _place(world, world.member(), "2040-01")  # each carer has their own


def test_removing_erases_them(world: World, carer: Member) -> None:
    child, kept = world.child_of(carer), world.child_of(carer)
    cared_for_place.remove_cared_for(
        Context(world.session, world.settings), carer.id, child.account_id
    )
    world.session.expire_all()
    assert world.session.scalars(select(Membership.member_id)).all() == [kept.id]
    assert set(world.session.scalars(select(Consent.member_id))) == {carer.id, kept.id}
    assert world.counts() == {}


def _remove(world: World, carer_id: int, public_id: str) -> None:
    cared_for_place.remove_cared_for(Context(world.session, world.settings), carer_id, public_id)


def _keep(world: World, carer_id: int, public_id: str) -> None:
    cared_for_place.keep_grown_up(world.session, carer_id, public_id)


@pytest.mark.parametrize("act", [_remove, _keep])
def test_only_the_carer_can_act_for_them(
    world: World, carer: Member, act: Callable[[World, int, str], None]
) -> None:
    child, stranger = world.child_of(carer), world.member()
    theirs = world.child_of(stranger)
    for who, public_id in (
        (stranger.id, child.account_id),
        (carer.id, theirs.account_id),
        (carer.id, carer.account_id),
        (child.id, child.account_id),
        (carer.id, "no-such-person"),
        (carer.id, ""),
    ):
        with pytest.raises(NotFoundError):
            act(world, who, public_id)
    assert world.stands(child) == world.stands(theirs) == COUNTED


@pytest.mark.parametrize("visibility", ["members", "public"])
def test_no_act_lists_somebody_who_is_cared_for(
    world: World, carer: Member, visibility: str
) -> None:
    child = world.child_of(carer)
    then = midnight(date(2027, 1, 1))
    ctx = Context(world.session, world.settings, AREAS, child.id)
    for act in (
        member_hide.hide_everywhere,
        member_hide.show_again,
        member_hide.pause,
        member_hide.end_pause,
    ):
        act(ctx, child.id)
    confirm(replace(ctx, now=then), child.id)
    wanted = placing.Placement(LEEDS, AREAS.version, visibility, "self")
    with pytest.raises(BadInputError):
        placing.place(ctx, world.condition().id, wanted)
    with pytest.raises(MapappError):
        set_visibility(ctx, child.id, world.condition().id, visibility)
    assert world.stands(child) == COUNTED
    assert (world.seen(), world.counts()) == (set(), {})


def test_what_the_carer_does_with_their_own_place_changes_nothing(
    world: World, carer: Member
) -> None:
    child = world.child_of(carer)
    world.place(carer, "public")
    own = (Context(world.session, world.settings, AREAS), carer.id)
    set_visibility(*own, world.condition().id, "members")
    for act in (member_hide.hide_everywhere, member_hide.show_again):
        act(*own)
        assert world.stands(child) == COUNTED
    placing.remove(Context(world.session, world.settings), carer.id, world.condition().id)
    assert world.stands(child) == COUNTED


def test_a_pause_of_the_carer_is_one_for_whom_they_care_for(world: World, carer: Member) -> None:
    """They are left out of later releases, and return as they were."""
    child, theirs = world.child_of(carer), world.child_of(world.member())
    own = (Context(world.session, world.settings, AREAS), carer.id)
    for _ in range(2):
        member_hide.pause(*own)
        assert world.stands(child) == {SLUG: ("paused", "counted")}
        assert world.stands(theirs) == COUNTED
    with pytest.raises(BadInputError, match="End the pause first"):
        _place(world, carer, "2040-01")
    member_hide.end_pause(*own)
    assert world.stands(child) == world.stands(theirs) == COUNTED
    _place(world, carer, "2040-01")


def test_nobody_can_be_asked_for_contact_through_a_childs_number(
    world: World, carer: Member
) -> None:
    child, reader = world.child_of(carer), world.somebody()
    with pytest.raises(NotFoundError):
        connecting.whom(world.session, reader.id, child.account_id, SLUG)
    given = (world.session, world.settings, reader.id, child.account_id, SLUG, "meet")
    with pytest.raises(NotFoundError):
        connecting.ask(*given)


def _ask(world: World, today: date) -> None:
    run_yearly_check(Context(world.session, world.settings, AREAS, now=midnight(today)))
    world.hand_over(today)


def _asked(world: World, carer: Member) -> list[bool]:
    return [c.asked for c in cared_for_place.my_cared_for(world.session, carer.id)]


def test_the_question_comes_when_a_child_turns_18(world: World, carer: Member) -> None:
    world.child_of(carer, "2027-03")
    world.child_of(carer, "2031-01")
    _place(world, carer, "")
    _ask(world, date(2027, 2, 28))
    assert (world.mailed(), _asked(world, carer)) == ([], [False] * 3)
    _ask(world, date(2027, 4, 1))
    assert (world.mailed(), sorted(_asked(world, carer))) == ([carer.email], [False, False, True])
    _ask(world, date(2027, 4, 2))
    assert len(world.mailed()) == 1
    mail = newest_mail(world.session, world.settings)
    for telling in ("dystonia", "leeds", "carer", "child", "18"):
        assert telling not in (mail.subject + mail.body.partition("http")[0]).casefold()


def test_nobody_is_asked_before_the_child_can_be_18(world: World, carer: Member) -> None:
    """Only the month is known: on its first day most children are still 17."""
    world.child_of(carer, "2027-03")
    _ask(world, date(2027, 3, 1))
    assert _asked(world, carer) == [False]


def test_a_yes_keeps_them_counted_and_is_not_asked_for_again(world: World, carer: Member) -> None:
    child = world.child_of(carer, "2027-03")
    _ask(world, date(2027, 4, 1))
    cared_for_place.keep_grown_up(world.session, carer.id, child.account_id)
    assert _asked(world, carer) == [False]
    for day in (date(2027, 4, 2), date(2027, 6, 30), date(2028, 4, 1)):
        _ask(world, day)
    assert world.stands(child) == COUNTED
    assert len(world.mailed()) == 1


def test_the_question_cannot_be_answered_before_it_comes(world: World, carer: Member) -> None:
    """Whether a person of 18 stays is their own decision, not a parent's years before."""
    child = world.child_of(carer, "2027-03")
    with pytest.raises(MapappError):
        cared_for_place.keep_grown_up(world.session, carer.id, child.account_id)
    _ask(world, date(2027, 4, 1))
    assert _asked(world, carer) == [True]


def test_silence_erases_them_after_a_second_mail(world: World, carer: Member) -> None:
    child, other = world.child_of(carer, "2027-03").id, world.child_of(carer, "2031-01")
    _ask(world, date(2027, 4, 1))
    for day, mails, left in (
        (date(2027, 5, 15), 1, 2),
        (date(2027, 5, 16), 2, 2),
        (date(2027, 5, 30), 2, 2),
        (date(2027, 5, 31), 2, 1),
    ):
        _ask(world, day)
        assert (len(world.mailed()), len(_asked(world, carer))) == (mails, left), day
    assert world.session.get(Member, child) is None
    assert world.session.scalars(select(OpenQuestion)).all() == []
    assert world.stands(other) == COUNTED
    assert world.session.get(Member, carer.id) is not None


def test_removing_them_ends_the_question(world: World, carer: Member) -> None:
    child = world.child_of(carer, "2027-03")
    _ask(world, date(2027, 4, 1))
    cared_for_place.remove_cared_for(
        Context(world.session, world.settings), carer.id, child.account_id
    )
    _ask(world, date(2027, 12, 1))
    assert len(world.mailed()) == 1
    assert world.session.scalars(select(OpenQuestion)).all() == []
