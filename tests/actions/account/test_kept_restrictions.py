"""Erasing an account and coming back with the same address is no way around anything."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account import kept_restrictions, sign_in_link
from mapapp.actions.account.member_erase import erase_again, erase_member
from mapapp.actions.contact import request_send
from mapapp.actions.contact.block_member import block
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import DAY, Limit
from mapapp.actions.mail import consent_receipts
from mapapp.actions.mail.member_addresses import held_address
from mapapp.actions.members.visibility_change import is_hidden_by_moderators
from mapapp.actions.moderation.ruling_read import moderation_standing
from mapapp.actions.safety import reading_count
from mapapp.actions.safety.reading_count import Reader
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.mail.consent_wordings import ADULT, MAIL
from mapapp.store.contact import ContactRequest
from mapapp.store.limits import KeptRestriction, Quota
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.records import Erasure
from tests.at_once import crossing, transactions_at_once
from tests.mail import newest_mail
from tests.moments import midnight
from tests.signed_in import sign_in
from tests.trust import World, make_request

AREAS = load_areas()
TODAY = date(2026, 11, 24)
NOON = midnight(TODAY) + DAY // 2
OF_OTHERS = {
    quotas.SIGN_IN_LINKS: "an address",
    quotas.WRONG_CODES: "an address",
    quotas.SIGN_IN_ASKS: "a network",
    quotas.KEPT_TEXTS: "a network",
    quotas.PASSKEY_ASKS: "a network",
    quotas.ACCOUNTS_MADE: "a network",
    quotas.NEARBY_VISITOR: "a network",
    quotas.CHALLENGES: "a challenge",
    quotas.DONE: "a form of a browser",
    quotas.MESSAGES: "a member in a conversation, which ends with the account",
    quotas.LASTING_NO: "two numbers",
    quotas.NAMED_IN_NO: "a number",
    quotas.LOOK_UPS: "one of the staff, whose role ends with the account",
    quotas.CASE_MAIL: "the site",
}


def _at(world: World, now: int = NOON, who: int | None = None) -> Context:
    return Context(world.session, world.settings, AREAS, who, now)


def _leave(world: World, member_id: int, now: int = NOON) -> str:
    """Erase a member; return their address."""
    address = held_address(world.ctx, member_id)
    assert address
    erase_member(_at(world, now), member_id)
    world.session.expire_all()
    return address


def _return(world: World, address: str, now: int = NOON) -> int:
    """Sign in with an address that has no account any more; return the new number."""
    # How many mails an address is sent is another rule.
    links = select(Quota.subject).where(Quota.ends <= now + 3600)
    world.session.execute(delete(Quota).where(Quota.subject.in_(links), Quota.used <= 3))
    ctx = _at(world, now)
    sign_in_link.request_link(ctx, address)
    found = re.search(r"/sign-in/link/(\S+)", newest_mail(world.session, world.settings).body)
    assert found
    return sign_in_link.redeem_link(ctx, found[1])


def _kept(world: World) -> dict[str, date]:
    query = select(KeptRestriction.kind, KeptRestriction.until)
    return {kind: until for kind, until in world.session.execute(query)}


def test_every_limit_is_counted_by_somebody() -> None:
    limits = {value for value in vars(quotas).values() if isinstance(value, Limit)}
    assert limits == {*quotas.OF_MEMBERS, *quotas.OF_PLACES, *OF_OTHERS}


@pytest.mark.both
@pytest.mark.parametrize(
    "limit", [*quotas.OF_MEMBERS, *quotas.OF_PLACES], ids=lambda limit: limit.name
)
def test_no_limit_begins_anew(world: World, limit: Limit) -> None:
    wren = world.somebody()
    more = (world.condition().id,) if limit in quotas.OF_PLACES else ()
    quotas.use_up(_at(world), limit, wren.id, *more)
    new_id = _return(world, _leave(world, wren.id))
    assert new_id != wren.id
    assert not quotas.has_left(_at(world), limit, new_id, *more)
    assert quotas.is_open(_at(world), limit, new_id, *more)
    stranger = world.member().id
    assert not quotas.is_open(_at(world), limit, stranger, *more)
    # A second time, after nothing was done with the account, it is no different.
    third_id = _return(world, _leave(world, new_id))
    assert quotas.is_open(_at(world), limit, third_id, *more)
    later = limit.window_end(NOON) + 1
    assert quotas.has_left(_at(world, later), limit, third_id, *more)


def test_who_read_many_names_reads_no_more_today(world: World) -> None:
    wren = world.somebody()
    names = [f"name-{number}" for number in range(101)]
    wanted = reading_count.names_wanted(_at(world), Reader(wren.id), names)
    assert reading_count.note(world.session, wanted).over
    new_id = _return(world, _leave(world, wren.id))
    wanted = reading_count.names_wanted(_at(world), Reader(new_id), ["another"])
    assert reading_count.note(world.session, wanted).over
    tomorrow = reading_count.names_wanted(_at(world, NOON + DAY), Reader(new_id), ["another"])
    assert not reading_count.note(world.session, tomorrow).over


@pytest.mark.both
def test_a_suspension_holds_for_a_year_and_then_ends(world: World) -> None:
    wren = world.member(suspended=True, email="Wren@example.org")
    address = _leave(world, wren.id)
    assert _kept(world) == {"suspended": TODAY + timedelta(days=365)}
    new_id = _return(world, address.upper())
    assert is_hidden_by_moderators(world.session, new_id, world.condition().id)
    standing = moderation_standing(world.session, new_id, TODAY)
    assert (standing.suspended, standing.is_kept) == (True, True)
    # To leave and to return once more makes it no longer, and no shorter.
    newest_id = _return(world, _leave(world, new_id, NOON + 90 * DAY), NOON + 90 * DAY)
    member = world.session.get_one(Member, newest_id, populate_existing=True)
    assert member.suspended_until == TODAY + timedelta(days=365)
    assert kept_restrictions.end_kept(_at(world, NOON + 364 * DAY)) == 0
    assert kept_restrictions.end_kept(_at(world, NOON + 365 * DAY)) == 1
    world.session.refresh(member)
    assert (member.suspended, member.suspended_until) == (False, None)
    assert _kept(world) == {}


@pytest.mark.both
def test_a_silence_lasts_as_long_as_it_would_have(world: World) -> None:
    until = TODAY + timedelta(days=7)
    new_id = _return(world, _leave(world, world.member(silenced_until=until).id))
    assert world.session.get_one(Member, new_id).silenced_until == until
    over = world.member(silenced_until=TODAY)
    assert (
        world.session.get_one(Member, _return(world, _leave(world, over.id))).silenced_until is None
    )


def test_a_suspension_that_was_lifted_does_not_come_back(world: World) -> None:
    new_id = _return(world, _leave(world, world.member(suspended=True).id))
    values = {"suspended": False, "suspended_until": None}
    world.session.execute(update(Member).where(Member.id == new_id).values(**values))
    again_id = _return(world, _leave(world, new_id))
    assert not world.session.get_one(Member, again_id).suspended


LEAVERS = [("asker",), ("asked",), ("asker", "asked"), ("asked", "asker")]


@pytest.mark.both
@pytest.mark.parametrize("leavers", LEAVERS, ids="-".join)
@pytest.mark.parametrize("said", ["declined", "refused", "barred", "block", "nothing"])
def test_a_no_holds_whoever_of_the_two_left(
    world: World, leavers: tuple[str, ...], said: str
) -> None:
    people = {"asker": world.somebody().id, "asked": world.somebody().id}
    noise = world.somebody().id
    if said == "block":
        block(world.session, people["asked"], people["asker"], world.condition().id)
    elif said != "nothing":
        asker, asked = (world.session.get_one(Member, people[who]) for who in ("asker", "asked"))
        make_request(world, asker, asked, said)
    addresses = {who: _leave(world, people[who]) for who in leavers}
    for who, address in addresses.items():
        people[who] = _return(world, address)
        _place(world, people[who])
    states = [
        _ask(world, people["asker"], people["asked"]),
        _ask(world, people["asker"], noise),
    ]
    assert states == ["open" if said == "nothing" else "declined", "open"]
    mails = world.session.scalar(select(func.count()).where(Outbox.rests_on != "")) or 0
    assert mails == states.count("open")
    # It is no quarrel of both sides: who said no may ask.
    world.session.execute(delete(ContactRequest))
    assert _ask(world, people["asked"], people["asker"]) == "open"


def _place(world: World, member_id: int) -> None:
    for purpose in (ADULT, MAIL):
        consent_receipts.agree(world.session, member_id, purpose)
    world.place(world.session.get_one(Member, member_id), "members")


def _ask(world: World, asker_id: int, asked_id: int) -> str:
    public_id = world.on_map(world.session.get_one(Member, asked_id)).public_id
    chosen = (public_id, "dystonia", "meet", "hello")
    request_send.send_request(_at(world, who=asker_id), *chosen)
    newest = select(ContactRequest.state).where(ContactRequest.from_member_id == asker_id)
    world.session.flush()
    return world.session.scalars(newest.order_by(ContactRequest.id.desc()).limit(1)).one()


@pytest.mark.both
def test_of_others_nothing_is_kept_and_of_these_no_more(world: World) -> None:
    for who in (world.member(), world.member(silenced_until=TODAY), world.member(email=None)):
        erase_member(_at(world), who.id)
    assert _kept(world) == {}
    wren = world.member(suspended=True, email="wren@example.org", pseudonym="Zebra Plover")
    _leave(world, wren.id)
    (row,) = world.session.scalars(select(KeptRestriction))
    assert {column.name for column in KeptRestriction.__table__.columns} == {
        "mark", "kind", "until", "number",
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{64}", row.mark)
    assert row.number is None
    assert _return(world, "robin@example.org")
    assert not world.session.scalars(select(Member).where(Member.suspended)).all()


def test_another_key_for_addresses_clears_nothing(world: World) -> None:
    address = _leave(world, world.member(suspended=True).id)
    world.settings = world.settings.model_copy(update={"address_key": "another key, as long " * 2})
    new_id = _return(world, address)
    assert world.session.get_one(Member, new_id).suspended


def test_a_backup_makes_nothing_longer(world: World) -> None:
    """Who was erased, and comes back with a backup, is erased as on that day."""
    wren = world.member(suspended=True)
    address, given = wren.email, wren.account_id
    _leave(world, wren.id)
    world.session.execute(update(Erasure).values(month="2026-11"))
    world.session.execute(delete(KeptRestriction))
    world.member(suspended=True, email=address, account_id=given)
    late = replace(_at(world), now=midnight(date(2027, 3, 5)))
    assert erase_again(late) == 1
    assert _kept(world) == {"suspended": date(2027, 12, 1)}
    assert world.session.get_one(Member, _return(world, address, late.now)).suspended


@pytest.mark.both
def test_two_who_said_no_to_each_other_leave_at_once(world: World, engine: Engine) -> None:
    wren, robin = world.somebody(), world.somebody()
    make_request(world, wren, robin, "declined")
    make_request(world, robin, wren, "refused")
    world.session.commit()

    def _erase(member_id: int) -> Callable[[Session], None]:
        return lambda own: erase_member(Context(own, world.settings, now=NOON), member_id)

    with crossing(engine):
        assert transactions_at_once(engine, [_erase(wren.id), _erase(robin.id)]) == []
    query = select(func.count()).where(Quota.ends > NOON + 300 * DAY)
    assert world.session.scalar(query) == 4


@pytest.mark.parametrize(
    ("kind", "page", "words"),
    [
        ("suspended", "/account/rulings", "it ends on"),
        ("silenced_until", "/account", "Erasing the account did not end it"),
    ],
)
def test_only_who_signs_in_is_told(
    app: Flask, world: World, kind: str, page: str, words: str
) -> None:
    now = datetime.now(UTC)
    value = kind == "suspended" or now.date() + timedelta(days=9)
    moment = int(now.timestamp())
    new_id = _return(world, _leave(world, world.member(**{kind: value}).id, moment), moment)
    handle = world.session.get_one(Member, new_id).session_handle
    world.session.commit()
    browser: FlaskClient = app.test_client()
    assert "earlier account" not in browser.get("/sign-in").get_data(as_text=True)
    sign_in(browser, new_id, handle)
    text = browser.get(page).get_data(as_text=True)
    assert "earlier account" in text
    assert words in text
