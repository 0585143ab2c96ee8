"""Email addresses of members: finding a member by one, writing to one, changing the key."""

import json

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.actions.core.context import Context
from mapapp.domain.core.dates import this_month
from mapapp.domain.mail.sealed_addresses import AddressKeys
from mapapp.settings import Settings
from mapapp.store.mail import Outbox
from mapapp.store.members import Member
from mapapp.store.records import Webhook
from mapapp.store.sign_in import AddressChange, SignInLink


def keys_of(settings: Settings) -> AddressKeys:
    """Return the keys that encrypt this site's addresses."""
    return AddressKeys(settings.address_keys)


def find_member(ctx: Context, address: str) -> int | None:
    """Return the id of the member with the clean ``address``, or None."""
    marks = keys_of(ctx.settings).marks(address)
    return ctx.session.scalar(select(Member.id).where(Member.address_mark.in_(marks)))


def find_or_make_member(ctx: Context, address: str) -> int:
    """Return the id of the member with the clean ``address``, who is created if there is none."""
    found = find_member(ctx, address)
    if found is not None:
        return found
    keys = keys_of(ctx.settings)
    made = Member(
        address_mark=keys.mark(address),
        address_sealed=keys.seal(address.lower()),
        confirmed=this_month(),
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(made)
    except IntegrityError:  # the same person, twice at once
        mark = keys.mark(address)
        return ctx.session.scalars(select(Member.id).where(Member.address_mark == mark)).one()
    member_id = made.id
    ctx.session.expunge(made)  # the web maps the same row to its own class
    return member_id


def address_of(ctx: Context, member_id: int) -> str | None:
    """Return a member's address, or None for people without one and for closed accounts."""
    active = ctx.session.scalar(select(Member.active).where(Member.id == member_id))
    return held_address(ctx, member_id) if active else None


def held_address(ctx: Context, member_id: int) -> str | None:
    """Return the stored address, even of a closed account."""
    sealed = ctx.session.scalar(select(Member.address_sealed).where(Member.id == member_id))
    return keys_of(ctx.settings).unseal(sealed) if sealed else None


def change_key(session: Session, keys: AddressKeys) -> int:
    """Encrypt every address again with the first of ``keys``; return how many there are.

    Raises:
        BadInputError: when none of ``keys`` fits an address; then nothing must be committed.
    """
    sealed = select(Member.id, Member.address_sealed).where(Member.address_sealed.is_not(None))
    rows = session.execute(sealed.with_for_update()).all()
    for member_id, text in rows:
        address = keys.unseal(text or "")
        values = {"address_mark": keys.mark(address), "address_sealed": keys.seal(address)}
        session.execute(update(Member).where(Member.id == member_id).values(**values))
    _seal_mail_anew(session, keys)
    _seal_links_anew(session, keys)
    _seal_changes_anew(session, keys)
    _seal_webhooks_anew(session, keys)
    return len(rows)


def _seal_links_anew(session: Session, keys: AddressKeys) -> None:
    links = select(SignInLink.link_hash, SignInLink.sealed).with_for_update()
    for link_hash, text in session.execute(links).all():
        inside = keys.unseal(text)
        mark = keys.mark(json.loads(inside)["email"])
        values = {"sealed": keys.seal(inside), "address_mark": mark}
        session.execute(
            update(SignInLink).where(SignInLink.link_hash == link_hash).values(**values)
        )


def _seal_changes_anew(session: Session, keys: AddressKeys) -> None:
    changes = select(AddressChange.link_hash, AddressChange.sealed).with_for_update()
    for link_hash, text in session.execute(changes).all():
        row = update(AddressChange).where(AddressChange.link_hash == link_hash)
        session.execute(row.values(sealed=keys.seal(keys.unseal(text))))


def _seal_webhooks_anew(session: Session, keys: AddressKeys) -> None:
    for hook_id, text in session.execute(
        select(Webhook.id, Webhook.sealed).with_for_update()
    ).all():
        row = update(Webhook).where(Webhook.id == hook_id)
        session.execute(row.values(sealed=keys.seal(keys.unseal(text))))


def _seal_mail_anew(session: Session, keys: AddressKeys) -> None:
    for mail_id, text in session.execute(select(Outbox.id, Outbox.sealed).with_for_update()).all():
        inside = keys.unseal(text)
        values = {"sealed": keys.seal(inside), "to_mark": keys.mark(json.loads(inside)["to"])}
        session.execute(update(Outbox).where(Outbox.id == mail_id).values(**values))
