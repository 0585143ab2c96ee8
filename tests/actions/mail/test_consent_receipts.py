"""Receipts: for each thing agreed to, in which words, since which month, and until which."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import Date, DateTime, Time

from mapapp.actions.core.context import Context
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.consent_standing import agree_to_visibility
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import ADULT, COUNT, MAIL, PURPOSES
from mapapp.errors import BadInputError
from mapapp.store.mail import Consent
from mapapp.store.members import Member
from tests.trust import AREAS, World, reword

MAP, MEMBERS, PUBLIC = "map", "members", "public"


@pytest.fixture
def member(world: World, make_member: Callable[..., Member]) -> Member:
    """A member who has not agreed to anything yet."""
    return make_member(email=None)


def _agree(world: World, who: Member, *purposes: str, slug: str = "") -> None:
    condition_id = world.condition(slug).id if slug else None
    for purpose in purposes:
        consent_receipts.agree(world.session, who.id, purpose, condition_id)


def test_a_receipt_says_what_in_which_words_and_since_when(world: World, member: Member) -> None:
    with time_machine.travel("2026-11-30 23:59:59+00:00", tick=False):
        _agree(world, member, MAIL)
        _agree(world, member, COUNT, slug="dystonia")
    account, on_map = world.receipts(member)
    assert (account.purpose, account.slug, account.condition) == (MAIL, "", "")
    assert (on_map.purpose, on_map.slug, on_map.condition) == (COUNT, "dystonia", "Dystonia")
    for receipt in (account, on_map):
        assert receipt.version == PURPOSES[receipt.purpose].now.version
        assert (receipt.given, receipt.withdrawn) == ("2026-11", "")
        assert receipt.stands
        assert not receipt.is_old


def test_agreeing_twice_is_agreeing_once(world: World, member: Member) -> None:
    with time_machine.travel("2026-11-15", tick=False) as clock:
        _agree(world, member, MAIL)
        clock.shift(90 * 86_400)
        _agree(world, member, MAIL)
    (receipt,) = world.receipts(member)
    assert receipt.given == "2026-11"


def test_taking_back_is_noted_and_agreeing_again_is_a_new_receipt(
    world: World, member: Member
) -> None:
    with time_machine.travel("2026-11-15", tick=False) as clock:
        _agree(world, member, MAIL)
        clock.move_to("2027-02-10")
        consent_receipts.take_back(world.session, member.id, MAIL)
        assert not consent_receipts.has_agreed(world.session, member.id, MAIL)
        (gone,) = world.receipts(member)
        assert (gone.given, gone.withdrawn, gone.stands) == ("2026-11", "2027-02", False)
        clock.move_to("2027-03-10")
        _agree(world, member, MAIL)
        consent_receipts.take_back(world.session, member.id, ADULT)  # never given: nothing happens
    newest, oldest = world.receipts(member)
    assert (newest.given, newest.withdrawn) == ("2027-03", "")
    assert (oldest.given, oldest.withdrawn) == ("2026-11", "2027-02")
    assert consent_receipts.has_agreed(world.session, member.id, MAIL)


def test_one_thing_taken_back_leaves_all_others(world: World, member: Member) -> None:
    other = world.member(email=None)
    for who in (member, other):
        _agree(world, who, MAIL, ADULT)
        for slug in ("dystonia", "als"):
            _agree(world, who, COUNT, MEMBERS, slug=slug)
    consent_receipts.take_back(world.session, member.id, COUNT, world.condition("als").id)
    consent_receipts.take_back(world.session, member.id, MAIL)
    assert world.agreed(member) == {ADULT}
    assert world.agreed(member, "dystonia") == {COUNT, MEMBERS}
    assert world.agreed(member, "als") == {MEMBERS}
    assert world.agreed(other) == {MAIL, ADULT}
    assert world.agreed(other, "als") == {COUNT, MEMBERS}


@pytest.mark.parametrize("before", ["", "counted", "map", "members", "public"])
@pytest.mark.parametrize(
    ("visibility", "purposes"),
    [
        ("", set()),
        ("counted", {COUNT}),
        ("map", {COUNT, MAP}),
        ("members", {COUNT, MAP, MEMBERS}),
        ("public", {COUNT, MAP, MEMBERS, PUBLIC}),
    ],
)
def test_a_visibility_brings_exactly_what_it_rests_on(
    world: World, member: Member, before: str, visibility: str, purposes: set[str]
) -> None:
    condition_id = world.condition("dystonia").id
    for wanted in (before, visibility):
        agree_to_visibility(world.session, member.id, condition_id, wanted)
    assert world.agreed(member, "dystonia") == purposes
    assert world.agreed(member) == set()


def test_placing_oneself_leaves_the_receipts(world: World) -> None:
    member = world.somebody("members")
    assert world.agreed(member, "dystonia") == {COUNT, MAP, MEMBERS}
    world.place(member, "public")
    assert world.agreed(member, "dystonia") == {COUNT, MAP, MEMBERS, PUBLIC}
    assert consent_receipts.to_ask(world.session, member.id) == []


def test_new_words_are_asked_about_and_the_old_agreement_holds_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.somebody("members")
    before = PURPOSES[MEMBERS].now.version
    reword(monkeypatch, MEMBERS)
    reword(monkeypatch, PUBLIC)  # which nobody here has agreed to
    (asked,) = consent_receipts.to_ask(world.session, member.id)
    assert (asked.purpose, asked.slug, asked.before) == (MEMBERS, "dystonia", before)
    assert asked.member_id == member.id
    assert [r.purpose for r in world.receipts(member) if r.is_old] == [MEMBERS]
    assert world.agreed(member, "dystonia") == {COUNT, MAP, MEMBERS}


def test_agreeing_to_new_words_marks_the_old_receipt_as_withdrawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel("2026-11-15", tick=False) as clock:
        member = world.somebody("members")
        reword(monkeypatch, MAIL)
        clock.move_to("2027-01-03")
        _agree(world, member, MAIL)
    mail = [r for r in world.receipts(member) if r.purpose == MAIL]
    assert [(r.version, r.withdrawn) for r in mail] == [
        (PURPOSES[MAIL].now.version, ""),
        (PURPOSES[MAIL].wordings[0].version, "2027-01"),
    ]
    assert consent_receipts.to_ask(world.session, member.id) == []


@pytest.mark.parametrize("purpose", [MAIL, ADULT])
def test_new_words_for_the_account_are_asked_of_those_who_agreed(
    world: World, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    member = world.member()
    consent_receipts.take_back(world.session, member.id, ADULT if purpose == MAIL else MAIL)
    for reworded in (MAIL, ADULT):
        reword(monkeypatch, reworded)
    (asked,) = consent_receipts.to_ask(world.session, member.id)
    assert (asked.purpose, asked.condition_id) == (purpose, None)


def test_people_who_are_hidden_or_paused_are_asked_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.somebody("public")
    reword(monkeypatch, PUBLIC)
    for act in (member_hide.hide_everywhere, member_hide.show_again, member_hide.pause):
        act(Context(world.session, world.settings, AREAS), member.id)
        assert [a.purpose for a in consent_receipts.to_ask(world.session, member.id)] == [PUBLIC]


def test_a_carer_is_asked_about_whom_they_care_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carer, stranger = world.member(), world.somebody("counted")
    child = world.child_of(carer)
    standing = world.agreed(child, "dystonia")
    assert len(standing) == 1
    reword(monkeypatch, standing.pop())
    assert [a.member_id for a in consent_receipts.to_ask(world.session, carer.id)] == [child.id]
    assert all(
        a.member_id == stranger.id for a in consent_receipts.to_ask(world.session, stranger.id)
    )


def test_somebody_on_a_map_without_a_receipt_is_asked(
    world: World, member: Member, make_membership: Callable[..., object]
) -> None:
    """Such as people who joined a map before there were receipts."""
    make_membership(world.condition(), 1, member=member, visibility="members")
    asked = consent_receipts.to_ask(world.session, member.id)
    assert {(a.purpose, a.before) for a in asked} == {(COUNT, ""), (MEMBERS, "")}


@pytest.mark.parametrize("visibility", ["members", "public"])
def test_who_agreed_to_be_shown_to_members_is_not_asked_for_the_narrower_one(
    world: World, member: Member, visibility: str, make_membership: Callable[..., object]
) -> None:
    """They agreed before there was a purpose of its own for people on the map."""
    make_membership(world.condition(), 1, member=member, visibility=visibility)
    _agree(world, member, COUNT, MEMBERS, PUBLIC, slug="dystonia")
    assert consent_receipts.to_ask(world.session, member.id) == []


def test_who_agreed_to_the_narrower_one_is_asked_when_its_words_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.somebody("members")
    reword(monkeypatch, MAP)
    assert [a.purpose for a in consent_receipts.to_ask(world.session, member.id)] == [MAP]


def test_old_receipts_are_forgotten_and_those_that_stand_are_not(
    world: World, member: Member
) -> None:
    with time_machine.travel("2026-01-15", tick=False) as clock:
        _agree(world, member, MAIL, ADULT)
        consent_receipts.take_back(world.session, member.id, MAIL)
        clock.move_to("2026-02-15")
        _agree(world, member, MAIL)
        consent_receipts.take_back(world.session, member.id, MAIL)
    consent_receipts.forget_old(world.session, "2026-01")
    assert len(world.receipts(member)) == 3
    consent_receipts.forget_old(world.session, "2026-02")
    assert [(r.purpose, r.withdrawn) for r in world.receipts(member)] == [
        (ADULT, ""),
        (MAIL, "2026-02"),
    ]


def test_what_is_no_purpose_cannot_be_agreed_to(world: World, member: Member) -> None:
    with pytest.raises(BadInputError, match="nothing of this kind"):
        _agree(world, member, "everything")
    assert world.receipts(member) == []


def test_whoever_did_not_say_that_they_are_18_is_refused(world: World, member: Member) -> None:
    with pytest.raises(BadInputError, match="18 or over"):
        consent_receipts.require_adult(world.session, member.id)
    with pytest.raises(BadInputError, match="18 or over"):
        world.place(member, "counted")
    assert world.stands(member) == {}
    _agree(world, member, ADULT)
    world.place(member, "counted")
    consent_receipts.take_back(world.session, member.id, ADULT)
    with pytest.raises(BadInputError, match="18 or over"):
        world.place(member, "public")


def test_a_receipt_has_no_column_for_a_time() -> None:
    kinds = (Date, DateTime, Time)
    assert not [c.name for c in Consent.__table__.columns if isinstance(c.type, kinds)]
    assert {c.name for c in Consent.__table__.columns} == {
        "id",
        "member_id",
        "condition_id",
        "purpose",
        "version",
        "given",
        "withdrawn",
    }
