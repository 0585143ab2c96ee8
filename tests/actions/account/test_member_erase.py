"""Leaving for good: nothing of the person is left, and nobody else loses anything."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from mapapp.actions.account import cared_for_place, sign_in_link
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core import audit
from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY
from mapapp.actions.mail import outbox
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.member_addresses import (
    change_key,
    find_member,
    find_or_make_member,
    keys_of,
)
from mapapp.actions.members import place_set as placing
from mapapp.actions.members.place_set import Placement
from mapapp.actions.moderation import member_hide
from mapapp.errors import LimitError
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.records import AuditEntry
from mapapp.store.sign_in import SignInLink
from mapapp.store.tables import Base
from tests.factories import ADDRESS_KEY
from tests.mail import waiting_mail
from tests.trust import AREAS, LEEDS, YORK, World, live_fully, make_request, member_columns


def _mail(world: World, to: str) -> None:
    outbox.queue(world.ctx, to, MailText("News", "There are.\n"))


def _rows(world: World, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in world.session.execute(select(table)).mappings()]


def _everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """All rows, except those about the site as a whole."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "site_fact"]
    return {table.name: _rows(world, table) for table in tables}


def _naming(world: World, *ids: int) -> list[str]:
    """Return the columns that contain one of ``ids``."""
    return [
        str(c)
        for c in member_columns()
        if world.session.scalar(select(func.count()).select_from(c.table).where(c.in_(ids)))
    ]


def _there(area_id: int) -> Placement:
    return Placement(area_id, AREAS.version, "members", "self", "Quiet Heron")


@pytest.mark.both
def test_no_row_of_any_table_names_somebody_who_left(world: World) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Wren")
    live_fully(world, wren, "plover")
    ids = [wren.id, *(c.member_id for c in cared_for_place.my_cared_for(world.session, wren.id))]
    assert _naming(world, *ids) == [str(c) for c in member_columns()]  # or the test is worth little
    world.erase(wren)
    assert _naming(world, *ids) == []
    assert not {row["id"] for row in _rows(world, Member.__table__)} & set(ids)
    assert find_member(world.ctx, "wren@example.org") is None


def test_nobody_else_loses_anything(world: World) -> None:
    other = world.member(email="robin@example.org", pseudonym="Robin")
    live_fully(world, other, "robin")
    world.session.expire_all()
    before, counted = _everything(world), world.counts()
    wren = world.member(email="wren@example.org", pseudonym="Wren")
    world.place(wren, "public")
    world.child_of(wren)
    world.erase(wren)
    after = _everything(world)
    # Used limits end by themselves, versions rise, the worker is told to clear the file,
    # keyed hashes keep backups from bringing a member back, and limits from beginning anew.
    # Of numbers, those of the publication before are kept beside.
    for name in (
        "quota",
        "condition",
        "site_fact",
        "erasure",
        "kept_restriction",
        "area_numbers",
    ):
        before.pop(name, None), after.pop(name, None)
    assert after == before
    assert world.counts() == counted
    assert counted[LEEDS] > 0


@pytest.mark.parametrize("visibility", ["public", "members", "counted"])
@pytest.mark.parametrize("rests", [None, member_hide.hide_everywhere, member_hide.pause])
def test_the_numbers_stay_true(world: World, visibility: str, rests: Any) -> None:
    world.place(world.member(), "public", area_id=YORK)
    wren = world.somebody(visibility, pseudonym="Wren")
    if rests:
        rests(Context(world.session, world.settings, AREAS), wren.id)
    world.erase(wren)
    assert world.counts() == {YORK: 1}
    assert "Wren" not in world.seen()


def test_mail_and_sign_ins_of_others_stay(world: World) -> None:
    wren, robin = world.member(email="wren@example.org"), world.member(email="robin@example.org")
    for who in (wren, robin):
        _mail(world, who.email)
        sign_in_link.request_link(world.ctx, who.email)
    _mail(world, outbox.NO_RECEIVER)
    world.erase(wren)
    assert sorted(world.mailed()) == ["", robin.email, robin.email]
    assert world.session.scalar(select(func.count()).select_from(SignInLink)) == 1


def test_a_sign_in_that_was_asked_for_before_is_worthless(world: World) -> None:
    wren = world.member(email="wren@example.org")
    handle = sign_in_link.request_link(world.ctx, wren.email)
    body = waiting_mail(world.session, world.settings)[0].body
    token = body.partition("/sign-in/link/")[2].split()[0]
    world.erase(wren)
    with pytest.raises(sign_in_link.UsedLinkError):
        sign_in_link.redeem_link(world.ctx, token)
    with pytest.raises(sign_in_link.UsedLinkError):
        sign_in_link.redeem_code(world.ctx, handle, "000000")


def test_mail_that_was_marked_with_an_older_key_goes_too(world: World) -> None:
    wren = world.member(email="wren@example.org")
    _mail(world, wren.email)
    sign_in_link.request_link(world.ctx, wren.email)
    new = {"address_key": "the key after this one and long enough", "old_address_keys": ADDRESS_KEY}
    erase_member(Context(world.session, world.settings.model_copy(update=new)), wren.id)
    assert world.session.scalars(select(Outbox)).all() == []
    assert world.session.scalars(select(SignInLink)).all() == []


@pytest.mark.both
def test_a_sign_in_asked_for_before_a_change_of_key_goes_too(world: World) -> None:
    wren = world.member(email="wren@example.org")
    sign_in_link.request_link(world.ctx, wren.email)
    new = {"address_key": "the key after this one and long enough"}
    both = world.settings.model_copy(update={**new, "old_address_keys": ADDRESS_KEY})
    change_key(world.session, keys_of(both))
    erase_member(Context(world.session, world.settings.model_copy(update=new)), wren.id)
    assert world.session.scalars(select(SignInLink)).all() == []


def test_an_account_that_was_closed_can_be_erased(world: World) -> None:
    wren = world.member(email="wren@example.org", active=False)
    _mail(world, wren.email)
    world.erase(wren)
    assert (world.mailed(), _rows(world, Member.__table__)) == ([], [])


def test_people_who_are_cared_for_go_with_their_carer_alone(world: World) -> None:
    wren, robin = world.member(), world.member()
    theirs = [world.child_of(wren) for _ in range(2)]
    kept = world.child_of(robin)
    gone = [child.id for child in theirs]
    world.erase(wren)
    assert _naming(world, *gone) == []
    assert world.stands(kept) == {"dystonia": ("counted", "")}


def test_somebody_who_comes_back_is_somebody_new(world: World) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Wren")
    live_fully(world, wren, "plover")
    before = wren.account_id
    world.erase(wren)
    member_id = find_or_make_member(world.ctx, "wren@example.org")
    again = world.session.get_one(Member, member_id)
    assert again.account_id != before
    assert (again.staff_name, again.paused) == ("", False)
    assert _naming(world, member_id) == []


def test_the_next_person_is_not_held_to_limits_of_somebody_who_left(world: World) -> None:
    """A row's number can be reused; what is stored under it must belong to nobody."""
    condition_id, now = world.condition().id, 1_795_000_000
    for _ in range(2):
        ctx = Context(world.session, world.settings, AREAS, world.member().id)
        for n, area_id in enumerate((LEEDS, YORK, LEEDS, YORK, LEEDS)):
            placing.place(replace(ctx, now=now + n), condition_id, _there(area_id))
        with pytest.raises(LimitError):
            placing.place(replace(ctx, now=now + DAY // 2), condition_id, _there(YORK))
        world.erase(world.session.get_one(Member, ctx.member_id))


def test_what_staff_did_stays_in_the_log_without_a_name(world: World) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Wren", staff=True)
    who = audit.actor(world.session, wren.id)
    audit.record(world.session, who, "condition.rename", "It was wrong", slug="als")
    world.erase(wren)
    (entry,) = world.session.scalars(select(AuditEntry))
    assert (entry.action, entry.reason) == ("condition.rename", "It was wrong")
    assert "wren" not in f"{entry.actor} {entry.detail}".casefold()


def test_erasing_nobody_changes_nothing(world: World) -> None:
    wren = world.somebody("public")
    make_request(world, wren, world.somebody(), "open")
    before = _everything(world)
    erase_member(world.ctx, max(row["id"] for row in before["member"]) + 1)
    assert _everything(world) == before


def test_nothing_of_a_member_is_found_by_its_address(world: World) -> None:
    """Mail and sign-ins name nobody, but are stored under the keyed hash of the address."""
    wren = world.member(email="wren@example.org")
    live_fully(world, wren, "plover")
    here = (
        select(Outbox.id).where(Outbox.to_mark == wren.address_mark),
        select(SignInLink.link_hash).where(SignInLink.address_mark == wren.address_mark),
    )
    assert all(world.session.scalars(query).all() for query in here)
    world.erase(wren)
    assert not any(world.session.scalars(query).all() for query in here)
