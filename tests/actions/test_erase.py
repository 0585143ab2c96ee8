"""Leaving for good: nothing of the person is left, and nobody else loses anything."""

from typing import Any

import pytest
from sqlalchemy import Table, func, select

from mapapp.actions import audit, cared_for, hide, outbox, sign_in
from mapapp.actions import place as placing
from mapapp.actions.addresses import change_key, find_member, find_or_make_member, keys_of
from mapapp.actions.erase import erase_member
from mapapp.actions.letters import Letter
from mapapp.actions.place import Placement
from mapapp.actions.quotas import DAY
from mapapp.errors import LimitError, NotFoundError
from mapapp.store.connections import ContactRequest
from mapapp.store.members import Member
from mapapp.store.service import AuditEntry, Outbox, SignInLink
from mapapp.store.tables import Base
from tests import knocks as connecting
from tests.factories import ADDRESS_KEY
from tests.mail import waiting_mail
from tests.trust import AREAS, LEEDS, YORK, World, live_fully, make_request, member_columns

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
"""What the other side reads of a request from or to somebody who leaves, by its state before."""


def _erase(world: World, who: Member | int) -> None:
    world.session.flush()
    erase_member(world.session, world.settings, who if isinstance(who, int) else who.id)
    world.session.flush()
    world.session.expire_all()


def _rows(world: World, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in world.session.execute(select(table)).mappings()]


def _everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """All rows, but those that say something of the site as a whole."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "site_fact"]
    return {table.name: _rows(world, table) for table in tables}


def _naming(world: World, *ids: int) -> list[str]:
    """Return the columns in which one of ``ids`` stands."""
    return [
        str(c)
        for c in member_columns()
        if world.session.scalar(select(func.count()).select_from(c.table).where(c.in_(ids)))
    ]


def _there(area_id: int) -> Placement:
    return Placement(area_id, AREAS.version, "members", "self")


def test_no_row_of_any_table_names_somebody_who_left(world: World) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Wren")
    live_fully(world, wren, "plover")
    ids = [wren.id, *(c.member_id for c in cared_for.my_cared_for(world.session, wren.id))]
    assert _naming(world, *ids) == [str(c) for c in member_columns()]  # or the test is worth little
    _erase(world, wren)
    assert _naming(world, *ids) == []
    assert not {row["id"] for row in _rows(world, Member.__table__)} & set(ids)
    assert find_member(world.session, world.settings, "wren@example.org") is None


def test_nobody_else_loses_anything(world: World) -> None:
    other = world.member(email="robin@example.org", pseudonym="Robin")
    live_fully(world, other, "robin")
    world.session.expire_all()
    before = _everything(world)
    wren = world.member(email="wren@example.org", pseudonym="Wren")
    world.place(wren, "public")
    world.child_of(wren)
    _erase(world, wren)
    after = _everything(world)
    # Used limits end by themselves, versions rise, the worker is told to clear the file, and a
    # keyed hash keeps backups from bringing somebody back.
    for name in ("quota", "condition", "site_fact", "erasure"):
        before.pop(name, None), after.pop(name, None)
    assert after == before
    assert world.counts()[LEEDS] > 0


@pytest.mark.parametrize("visibility", ["public", "members", "counted"])
@pytest.mark.parametrize("rests", [None, hide.hide_everywhere, hide.pause])
def test_the_numbers_stay_true(world: World, visibility: str, rests: Any) -> None:
    world.place(world.member(), "public", area_id=YORK)
    wren = world.somebody(visibility, pseudonym="Wren")
    if rests:
        rests(world.session, world.settings, AREAS, wren.id)
    _erase(world, wren)
    assert world.counts() == {YORK: 1}
    assert "Wren" not in world.seen()


@pytest.mark.parametrize(("side", "state"), list(TELLS))
def test_the_other_side_reads_that_this_person_has_left(
    world: World, side: str, state: str
) -> None:
    wren, other = world.somebody(pseudonym="Wren"), world.somebody(pseudonym="Robin")
    pair = (wren, other) if side == "from" else (other, wren)
    make_request(world, *pair, state)
    _erase(world, wren)
    inbox = connecting.inbox(world.session, other.id)
    theirs = inbox.received if side == "from" else inbox.sent
    assert [request.state for request in theirs] == [s for s in [TELLS[side, state]] if s]
    assert all((r.pseudonym, r.other_public_id, r.listed) == ("", "", False) for r in theirs)
    wrong_side = inbox.sent if side == "from" else inbox.received
    assert wrong_side == ()
    assert len(_rows(world, ContactRequest.__table__)) == len(theirs)


def test_a_silent_no_reads_like_no_answer_when_somebody_leaves(world: World) -> None:
    asker = world.somebody()
    silent, declining = world.somebody(), world.somebody()
    make_request(world, asker, silent, "open")
    make_request(world, asker, declining, "declined")
    for who in (silent, declining):
        _erase(world, who)
    first, second = connecting.inbox(world.session, asker.id).sent
    assert (first.state, first.reason, first.month) == (second.state, second.reason, second.month)


def test_when_both_have_left_the_request_is_gone(world: World) -> None:
    wren, robin = world.somebody(), world.somebody()
    make_request(world, wren, robin, "accepted")
    _erase(world, wren)
    _erase(world, robin)
    assert _rows(world, ContactRequest.__table__) == []


def test_what_is_left_of_a_request_can_be_put_away(world: World) -> None:
    wren, robin, heron = world.somebody(), world.somebody(), world.somebody()
    for asker, asked, state in ((robin, wren, "later"), (robin, heron, "open")):
        make_request(world, asker, asked, state)
    _erase(world, wren)
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
    _erase(world, wren)
    for yes in (True, False):
        with pytest.raises(NotFoundError):
            connecting.answer(world.session, world.settings, robin.id, request, yes=yes)
    assert world.mailed() == []


def test_mail_and_sign_ins_of_others_stay(world: World) -> None:
    wren, robin = world.member(email="wren@example.org"), world.member(email="robin@example.org")
    for who in (wren, robin):
        outbox.queue(world.session, world.settings, who.email, Letter("News", "There are.\n"))
        sign_in.ask(world.session, world.settings, who.email, "/places")
    outbox.queue(world.session, world.settings, outbox.NOBODY, Letter("News", "There are.\n"))
    _erase(world, wren)
    assert sorted(world.mailed()) == ["", robin.email, robin.email]
    assert world.session.scalar(select(func.count()).select_from(SignInLink)) == 1


def test_a_sign_in_that_was_asked_for_before_is_worthless(world: World) -> None:
    wren = world.member(email="wren@example.org")
    handle = sign_in.ask(world.session, world.settings, wren.email, "/places")
    body = waiting_mail(world.session, world.settings)[0].body
    token = body.partition("/sign-in/link/")[2].split()[0]
    _erase(world, wren)
    with pytest.raises(sign_in.UsedLinkError):
        sign_in.redeem_link(world.session, world.settings, token)
    with pytest.raises(sign_in.UsedLinkError):
        sign_in.redeem_code(world.session, world.settings, handle, "000000")


def test_mail_that_was_marked_with_an_older_key_goes_too(world: World) -> None:
    wren = world.member(email="wren@example.org")
    outbox.queue(world.session, world.settings, wren.email, Letter("News", "There are.\n"))
    sign_in.ask(world.session, world.settings, wren.email, "/places")
    new = {"address_key": "the key after this one and long enough", "old_address_keys": ADDRESS_KEY}
    erase_member(world.session, world.settings.model_copy(update=new), wren.id)
    assert world.session.scalars(select(Outbox)).all() == []
    assert world.session.scalars(select(SignInLink)).all() == []


def test_a_sign_in_asked_for_before_a_change_of_key_goes_too(world: World) -> None:
    wren = world.member(email="wren@example.org")
    sign_in.ask(world.session, world.settings, wren.email, "/places")
    new = {"address_key": "the key after this one and long enough"}
    both = world.settings.model_copy(update={**new, "old_address_keys": ADDRESS_KEY})
    change_key(world.session, keys_of(both))
    erase_member(world.session, world.settings.model_copy(update=new), wren.id)
    assert world.session.scalars(select(SignInLink)).all() == []


def test_an_account_that_was_closed_can_be_erased(world: World) -> None:
    wren = world.member(email="wren@example.org", active=False)
    outbox.queue(world.session, world.settings, wren.email, Letter("News", "There are.\n"))
    _erase(world, wren)
    assert (world.mailed(), _rows(world, Member.__table__)) == ([], [])


def test_people_who_are_cared_for_go_with_their_carer_alone(world: World) -> None:
    wren, robin = world.member(), world.member()
    theirs = [world.child_of(wren) for _ in range(2)]
    kept = world.child_of(robin)
    gone = [child.id for child in theirs]
    _erase(world, wren)
    assert _naming(world, *gone) == []
    assert world.stands(kept) == {"dystonia": ("counted", "")}


def test_somebody_who_comes_back_is_somebody_new(world: World) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Wren")
    live_fully(world, wren, "plover")
    before = wren.public_id
    _erase(world, wren)
    member_id = find_or_make_member(world.session, world.settings, "wren@example.org")
    again = world.session.get_one(Member, member_id)
    assert again.public_id != before
    assert (again.pseudonym, again.paused, again.birth_decade) == ("", False, None)
    assert _naming(world, member_id) == []


def test_the_next_person_is_not_held_to_limits_of_somebody_who_left(world: World) -> None:
    """A number of a row may be given out again; what stands under it belongs to nobody then."""
    condition_id, now = world.condition().id, 1_795_000_000
    for _ in range(2):
        given = (world.session, world.settings, AREAS, world.member().id, condition_id)
        for n, area_id in enumerate((LEEDS, YORK, LEEDS, YORK, LEEDS)):
            placing.place(*given, _there(area_id), now + n)
        with pytest.raises(LimitError):
            placing.place(*given, _there(YORK), now + DAY // 2)
        _erase(world, given[3])


def test_what_staff_did_stays_in_the_log_without_a_name(world: World) -> None:
    wren = world.member(email="wren@example.org", pseudonym="Wren", staff=True)
    who = audit.actor(world.session, wren.id)
    audit.record(world.session, who, "condition.rename", "It was wrong", slug="als")
    _erase(world, wren)
    (entry,) = world.session.scalars(select(AuditEntry))
    assert (entry.action, entry.reason) == ("condition.rename", "It was wrong")
    assert "wren" not in f"{entry.actor} {entry.detail}".casefold()


def test_erasing_nobody_changes_nothing(world: World) -> None:
    wren = world.somebody("public")
    make_request(world, wren, world.somebody(), "open")
    before = _everything(world)
    _erase(world, max(row["id"] for row in before["member"]) + 1)
    assert _everything(world) == before


def test_nothing_of_a_member_is_found_by_its_address(world: World) -> None:
    """Mail and sign-ins name nobody, but stand under the keyed hash of the address."""
    wren = world.member(email="wren@example.org")
    live_fully(world, wren, "plover")
    here = (
        select(Outbox.id).where(Outbox.to_mark == wren.address_mark),
        select(SignInLink.link_hash).where(SignInLink.address_mark == wren.address_mark),
    )
    assert all(world.session.scalars(query).all() for query in here)
    _erase(world, wren)
    assert not any(world.session.scalars(query).all() for query in here)
