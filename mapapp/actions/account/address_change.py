"""Another address to sign in with: asked for here, confirmed from there, told to the old one.

Asking never looks whether the new address has an account: the same rows are written and the same
mail is sent for every address, and only whoever opens that mail learns what became of it. It is
confirmed by the member, signed in, and not by whoever has the mail: one wrong letter in an address
would give the account away.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from mapapp.actions.account import kept_restrictions
from mapapp.actions.account.second_proof import forget_factors
from mapapp.actions.account.session_list import end_all, end_others
from mapapp.actions.core import audit, quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import lock_members
from mapapp.actions.core.second_factor import has_second_factor
from mapapp.actions.mail import outbox
from mapapp.actions.mail.delivery import CONFIRM_SECONDS, UNDO_SECONDS
from mapapp.actions.mail.mail_text import language_for, write_mail
from mapapp.actions.mail.member_addresses import find_member, held_address, keys_of
from mapapp.domain.core.keyed_hash import plain_hash
from mapapp.domain.mail.clean_addresses import NOT_AN_ADDRESS, clean_address
from mapapp.errors import N_, BadInputError, NotAllowedError
from mapapp.store.mail import Outbox
from mapapp.store.members import Member, MemberStaffRole
from mapapp.store.sign_in import AddressChange


class DeadLinkError(BadInputError):
    """The link has expired, was used, never existed, or is of another account."""

    def __init__(self) -> None:
        super().__init__(
            N_("This link has expired, has already been used, or belongs to another account.")
        )


class TakenError(NotAllowedError):
    """The address has an account of its own; only whoever reads its mail is told."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This address already has another account here. If you want to use it for this "
                "one, sign in with it, erase that account, and open the link again."
            )
        )


@dataclass(frozen=True)
class Addresses:
    """The address before and the one after a change."""

    old: str
    new: str


def ask(ctx: Context, member_id: int, typed: str) -> None:
    """Mail a link to the new address; over the limit of its mails the same is done for nobody.

    Raises:
        BadInputError: for what is no address, or is the member's own.
        LimitError: when too many changes were asked for today.
    """
    new, old = clean_address(typed), held_address(ctx, member_id)
    if new is None or old is None:
        raise BadInputError(NOT_AN_ADDRESS)
    if new == old:
        raise BadInputError(N_("You already sign in with this address."))
    lock_members(ctx.session, member_id)
    quotas.use(ctx, quotas.ADDRESS_CHANGES, member_id)
    goes_out = quotas.try_use(ctx, quotas.SIGN_IN_LINKS, new)
    waiting = (AddressChange.member_id == member_id, AddressChange.confirmed.is_(False))
    ctx.session.execute(delete(AddressChange).where(*waiting))
    values = {"member_id": member_id, "expires": ctx.now + CONFIRM_SECONDS}
    token = _add(ctx, Addresses(old, new), **values)
    to = new if goes_out else outbox.NO_RECEIVER
    _mail(ctx, member_id, to, "address_confirm", ("confirm", token))


def to_confirm(ctx: Context, member_id: int, token: str) -> Addresses:
    """Return what a link would change for the member.

    Raises:
        DeadLinkError: when it cannot be used, or not by them.
    """
    return _opened(ctx, _waiting(ctx, member_id, token))


def to_undo(ctx: Context, token: str) -> Addresses:
    """Return what a link would take back.

    Raises:
        DeadLinkError: when it cannot be used any more.
    """
    return _opened(ctx, _changed(ctx, token))


def confirm(ctx: Context, member_id: int, token: str, key_hash: str) -> None:
    """Take the new address, tell the old one, and end all sessions but that named ``key_hash``.

    Raises:
        DeadLinkError: when the link cannot be used, or not by this member.
        TakenError: when the new address has an account.
    """
    lock_members(ctx.session, member_id)
    row = _waiting(ctx, member_id, token)
    addresses = _opened(ctx, row)
    _move(ctx, member_id, addresses)
    quotas.give_back(ctx, quotas.SIGN_IN_LINKS, addresses.new)  # as the mail had its use
    kept_restrictions.take_up(ctx, member_id, addresses.new, is_new=False)
    ctx.session.execute(delete(AddressChange).where(AddressChange.id == row.id))
    end_others(ctx.session, member_id, key_hash)
    values = {"member_id": member_id, "expires": ctx.now + UNDO_SECONDS, "confirmed": True}
    had = has_second_factor(ctx.session, member_id)
    back = _add(ctx, addresses, had_factor=had, **values)
    _mail(ctx, member_id, addresses.old, "address_changed", ("undo", back))


def undo(ctx: Context, token: str) -> None:
    """Take the old address back, and end every session and each change that came after.

    Passkeys and the app go where there were none before the change, because then whoever changed
    the address may have added them.

    Raises:
        DeadLinkError: when the link cannot be used any more.
        TakenError: when the old address has another account by now.
    """
    member_id = _changed(ctx, token).member_id
    lock_members(ctx.session, member_id)
    row = _changed(ctx, token)  # of two who press the button at once, one finds it gone
    had_factor = row.had_factor
    _move(ctx, member_id, Addresses(held_address(ctx, member_id) or "", _opened(ctx, row).old))
    # Not those before: whoever changed it twice could take the second back, and with it the way
    # back from the first.
    later = or_(AddressChange.id >= row.id, AddressChange.confirmed.is_(False))
    mine = AddressChange.member_id == member_id
    ctx.session.execute(delete(AddressChange).where(mine, later))
    end_all(ctx.session, member_id)
    if not had_factor:
        forget_factors(ctx.session, member_id)


def my_changes(ctx: Context, member_id: int) -> list[dict[str, Any]]:
    """Return the changes that wait or can still be undone, as plain values."""
    mine = select(AddressChange).where(AddressChange.member_id == member_id)
    rows = ctx.session.scalars(mine.order_by(AddressChange.id))
    return [
        {"from": of.old, "to": of.new, "confirmed": row.confirmed}
        for row in rows
        for of in [_opened(ctx, row)]
    ]


def _add(ctx: Context, addresses: Addresses, **values: Any) -> str:
    token = secrets.token_urlsafe(32)
    sealed = keys_of(ctx.settings).seal(json.dumps([addresses.old, addresses.new]))
    ctx.session.add(AddressChange(link_hash=plain_hash(token), sealed=sealed, **values))
    return token


def _waiting(ctx: Context, member_id: int, token: str) -> AddressChange:
    mine = (AddressChange.member_id == member_id, AddressChange.confirmed.is_(False))
    return _row(ctx, token, *mine)


def _changed(ctx: Context, token: str) -> AddressChange:
    return _row(ctx, token, AddressChange.confirmed.is_(True))


def _row(ctx: Context, token: str, *which: Any) -> AddressChange:
    alive = (AddressChange.link_hash == plain_hash(token), AddressChange.expires > ctx.now)
    query = select(AddressChange).join(Member).where(*alive, Member.active.is_(True), *which)
    row = ctx.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise DeadLinkError
    return row


def _opened(ctx: Context, row: AddressChange) -> Addresses:
    return Addresses(*json.loads(keys_of(ctx.settings).unseal(row.sealed)))


def _move(ctx: Context, member_id: int, addresses: Addresses) -> None:
    """Give the member, whose row is locked, the new address, and the news that wait for them."""
    keys = keys_of(ctx.settings)
    if find_member(ctx, addresses.new) not in {None, member_id}:
        raise TakenError
    mark = keys.mark(addresses.new)
    values = {"address_mark": mark, "address_sealed": keys.seal(addresses.new)}
    try:
        with ctx.session.begin_nested():
            ctx.session.execute(update(Member).where(Member.id == member_id).values(**values))
    except IntegrityError:  # an account was made with it at this moment
        raise TakenError from None
    # Mails about the account's safety and for signing in stay with the address they were sent to.
    news = or_(Outbox.rests_on != "", Outbox.question.is_not(None))
    waiting = select(Outbox.id, Outbox.sealed).where(
        Outbox.to_mark.in_(keys.marks(addresses.old)), news
    )
    for mail_id, sealed in ctx.session.execute(waiting).all():
        inside = json.loads(keys.unseal(sealed)) | {"to": addresses.new}
        moved = {"sealed": keys.seal(json.dumps(inside)), "to_mark": mark}
        ctx.session.execute(update(Outbox).where(Outbox.id == mail_id).values(**moved))
    staff = select(MemberStaffRole.role_id).where(MemberStaffRole.member_id == member_id)
    if ctx.session.scalar(staff.limit(1)) is not None:
        audit.record(ctx.session, audit.actor(ctx.session, member_id), "address-changed")


def _mail(ctx: Context, member_id: int, to: str, letter: str, page: tuple[str, str]) -> None:
    link = f"{ctx.settings.base_url}/account/address/{page[0]}/{page[1]}"
    # It leaves while its link works, however long the mail server puts it off.
    terms = outbox.Terms(sign_in=plain_hash(page[1]))
    outbox.queue(ctx, to, write_mail(letter, language_for(ctx, member_id), link=link), terms)
