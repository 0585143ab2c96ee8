"""Another address to sign in with: confirmed from there, told to the old one, and taken back."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account import address_change
from mapapp.actions.account.address_change import DeadLinkError, TakenError
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core import audit, quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.expiry import delete_expired
from mapapp.actions.mail import outbox
from mapapp.actions.mail.delivery import CONFIRM_SECONDS, UNDO_SECONDS
from mapapp.actions.mail.mail_text import MailText
from mapapp.actions.mail.member_addresses import (
    change_key,
    find_member,
    held_address,
    keys_of,
)
from mapapp.actions.mail.notices import IF_AGREED, warn
from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.errors import BadInputError, LimitError
from mapapp.store.limits import KeptRestriction
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.sign_in import AddressChange, Passkey, WebSession
from tests.mail import newest_mail, waiting_mail
from tests.trust import World

OLD, NEW, THIRD = "wren@example.org", "thrush@example.org", "robin@example.org"


def _token(world: World) -> str:
    found = re.search(
        r"/account/address/\w+/(\S+)", newest_mail(world.session, world.settings).body
    )
    assert found
    return found[1]


def _ask(world: World, who: Member, new: str = NEW) -> str:
    address_change.ask(world.ctx, who.id, new)
    world.session.flush()
    return _token(world)


def _change(world: World, who: Member, new: str = NEW) -> str:
    """Change the address; return the token that undoes it."""
    address_change.confirm(world.ctx, who.id, _ask(world, who, new), "none")
    world.session.flush()
    return _token(world)


def _count(world: World, table: type) -> int:
    return world.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def wren(world: World) -> Member:
    return world.member(email=OLD)


@pytest.mark.both
def test_nothing_changes_until_it_is_confirmed_and_then_the_old_one_is_told(
    world: World, wren: Member
) -> None:
    token = _ask(world, wren, " Thrush@Example.org ")
    assert newest_mail(world.session, world.settings).to == NEW
    assert address_change.to_confirm(world.ctx, wren.id, token).new == NEW
    assert held_address(world.ctx, wren.id) == OLD
    address_change.confirm(world.ctx, wren.id, token, "none")
    world.session.flush()
    assert held_address(world.ctx, wren.id) == NEW
    assert (find_member(world.ctx, NEW), find_member(world.ctx, OLD)) == (wren.id, None)
    assert newest_mail(world.session, world.settings).to == OLD
    with pytest.raises(DeadLinkError):
        address_change.confirm(world.ctx, wren.id, token, "none")


def test_only_who_asked_can_confirm(world: World, wren: Member) -> None:
    """Or one wrong letter would give the account to a stranger."""
    token, other = _ask(world, wren), world.member(email=THIRD)
    with pytest.raises(DeadLinkError):
        address_change.to_confirm(world.ctx, other.id, token)
    with pytest.raises(DeadLinkError):
        address_change.confirm(world.ctx, other.id, token, "none")
    with pytest.raises(DeadLinkError):
        address_change.undo(world.ctx, token)
    assert held_address(world.ctx, wren.id) == OLD


def test_an_address_with_an_account_is_told_and_stays(world: World, wren: Member) -> None:
    other = world.member(email=NEW)
    token = _ask(world, wren)
    mail = newest_mail(world.session, world.settings)
    assert mail.to == NEW
    assert "that account stays as it is" in mail.body
    with pytest.raises(TakenError):
        address_change.confirm(world.ctx, wren.id, token, "none")
    assert held_address(world.ctx, wren.id) == OLD
    assert find_member(world.ctx, NEW) == other.id


@pytest.mark.both
def test_what_cannot_be_asked_for(world: World, wren: Member) -> None:
    for typed in (OLD, OLD.upper(), "wren@example", ""):
        with pytest.raises(BadInputError):
            address_change.ask(world.ctx, wren.id, typed)
    for _ in range(quotas.ADDRESS_CHANGES.most):
        address_change.ask(world.ctx, wren.id, NEW)
    with pytest.raises(LimitError):
        address_change.ask(world.ctx, wren.id, THIRD)
    assert _count(world, AddressChange) == 1  # the newest alone waits


def test_over_the_limit_of_the_address_the_same_is_done_for_nobody(
    world: World, wren: Member
) -> None:
    for _ in range(quotas.SIGN_IN_LINKS.most):
        assert quotas.try_use(world.ctx, quotas.SIGN_IN_LINKS, NEW)
    _ask(world, wren)
    assert newest_mail(world.session, world.settings).to == outbox.NO_RECEIVER


def test_a_mail_that_changed_the_address_does_not_count(world: World, wren: Member) -> None:
    _change(world, wren)
    for _ in range(quotas.SIGN_IN_LINKS.most):
        assert quotas.try_use(world.ctx, quotas.SIGN_IN_LINKS, NEW)
    assert not quotas.try_use(world.ctx, quotas.SIGN_IN_LINKS, NEW)


@pytest.mark.both
def test_the_old_address_takes_the_account_back(world: World, wren: Member) -> None:
    back = _change(world, wren)
    world.session.add_all(
        (
            Passkey(
                member_id=wren.id, credential=b"c", public_key=b"k", name="Theirs", month="2026-11"
            ),
            WebSession(key_hash="theirs", member_id=wren.id, data=b"", expires=2**31 - 1),
        )
    )
    world.session.flush()
    assert address_change.to_undo(world.ctx, back).old == OLD
    address_change.undo(world.ctx, back)
    assert held_address(world.ctx, wren.id) == OLD
    assert [_count(world, table) for table in (AddressChange, Passkey, WebSession)] == [0, 0, 0]
    with pytest.raises(DeadLinkError):
        address_change.undo(world.ctx, back)


def test_a_second_factor_from_before_stays(world: World, wren: Member) -> None:
    world.session.execute(update(Member).values(totp_secret="sealed"))
    address_change.undo(world.ctx, _change(world, wren))
    assert world.session.scalar(select(Member.totp_secret)) == "sealed"


def test_a_second_change_does_not_take_away_the_way_back_from_the_first(
    world: World, wren: Member
) -> None:
    first, second = _change(world, wren), _change(world, wren, THIRD)
    address_change.undo(world.ctx, second)
    assert held_address(world.ctx, wren.id) == NEW
    again = _change(world, wren, THIRD)
    address_change.undo(world.ctx, first)
    assert held_address(world.ctx, wren.id) == OLD
    with pytest.raises(DeadLinkError):
        address_change.undo(world.ctx, again)


def test_the_old_address_that_has_another_account_by_now_takes_nothing_back(
    world: World, wren: Member
) -> None:
    back = _change(world, wren)
    world.member(email=OLD)
    with pytest.raises(TakenError):
        address_change.undo(world.ctx, back)
    assert held_address(world.ctx, wren.id) == NEW


@pytest.mark.both
def test_links_and_their_mails_end_in_time(world: World, wren: Member) -> None:
    token = _ask(world, wren)
    late = replace(world.ctx, now=world.ctx.now + CONFIRM_SECONDS + 1)
    with pytest.raises(DeadLinkError):
        address_change.confirm(late, wren.id, token, "none")
    delete_expired(world.session, world.ctx.now)
    assert (_count(world, AddressChange), _count(world, Outbox)) == (1, 1)
    delete_expired(world.session, late.now)
    assert (_count(world, AddressChange), _count(world, Outbox)) == (0, 0)


@pytest.mark.both
def test_time_runs_from_the_hand_over_and_a_dead_link_is_not_mailed(
    world: World, wren: Member
) -> None:
    back = _change(world, wren)
    world.session.commit()
    now, sent = world.ctx.now + 3 * 3600, []
    send = (lambda: Session(world.session.get_bind()), world.settings)
    outbox.send_due(*send, lambda to, *_: sent.append(to), now)
    assert sent == [OLD]  # the link that was used leaves no more
    world.session.expire_all()
    assert world.session.scalar(select(AddressChange.expires)) == now + UNDO_SECONDS
    with pytest.raises(DeadLinkError):
        address_change.to_undo(Context(world.session, world.settings, now=now + UNDO_SECONDS), back)


def test_news_follow_and_warnings_stay(world: World, wren: Member) -> None:
    """A warning that is on its way must not go to whoever it warns of."""
    outbox.queue(world.ctx, OLD, MailText("News", "There are.\n"), IF_AGREED)
    warn(world.ctx, wren.id, "sign_in_added")
    _change(world, wren)
    to = {mail.subject: mail.to for mail in waiting_mail(world.session, world.settings)}
    assert (to["News"], to["A new way to sign in"]) == (NEW, OLD)
    mark = select(Outbox.to_mark).where(Outbox.subject == "News")
    assert world.session.scalar(mark) == keys_of(world.settings).mark(NEW)


def test_sessions_end_but_the_one_that_confirms(world: World, wren: Member) -> None:
    for name in ("here", "there"):
        world.session.add(WebSession(key_hash=name, member_id=wren.id, data=b"", expires=2**31 - 1))
    address_change.confirm(world.ctx, wren.id, _ask(world, wren), "here")
    assert world.session.scalars(select(WebSession.key_hash)).all() == ["here"]


def test_limits_stay(world: World, wren: Member) -> None:
    quotas.use_up(world.ctx, quotas.NEW_PEOPLE, wren.id)
    _change(world, wren)
    assert not quotas.has_left(world.ctx, quotas.NEW_PEOPLE, find_member(world.ctx, NEW) or 0)


def test_of_staff_it_stands_in_the_log_without_an_address(world: World) -> None:
    boss = world.member(email=OLD, staff=True)
    _change(world, boss)
    (entry,) = audit.recent(world.session)
    assert (entry.actor, entry.action, entry.detail) == (boss.account_id, "address-changed", {})


@pytest.mark.both
def test_a_change_of_the_key_keeps_what_waits(world: World, wren: Member) -> None:
    back = _change(world, wren)
    new = "the next key for addresses and long enough to be one"
    change_key(world.session, AddressKeys((new, *world.settings.address_keys)))
    changed = world.settings.model_copy(update={"address_key": new, "old_address_keys": ""})
    assert address_change.to_undo(Context(world.session, changed), back).old == OLD


def test_erasing_takes_it_along(world: World, wren: Member) -> None:
    _change(world, wren)
    _ask(world, wren, THIRD)
    world.erase(wren)
    delete_expired(world.session)
    assert (_count(world, AddressChange), _count(world, Outbox)) == (0, 0)


@pytest.mark.both
def test_an_address_brings_what_was_kept_under_it_and_gives_it_back(world: World) -> None:
    """Coming to an address by a change, and leaving again, clears nothing."""
    banned = world.member(email=NEW)
    end = world.ctx.today + timedelta(days=90)
    banned.suspended, banned.silenced_until = True, end
    world.session.flush()
    erase_member(world.ctx, banned.id)
    kept = select(KeptRestriction.kind, KeptRestriction.until).order_by(KeptRestriction.kind)
    before = world.session.execute(kept).all()
    wren = world.member(email=OLD)
    _change(world, wren)
    world.session.refresh(wren)
    assert (wren.suspended, wren.silenced_until, wren.counted_as) == (True, end, None)
    erase_member(world.ctx, wren.id)
    world.session.expire_all()
    after = world.session.execute(kept).all()
    assert [row for row in after if row.kind != "number"] == [
        row for row in before if row.kind != "number"
    ]
