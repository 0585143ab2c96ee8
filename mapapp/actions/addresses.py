"""E-mail addresses of members: finding somebody by one, writing to one, changing the key."""

import json

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mapapp.domain.addresses import AddressKeys
from mapapp.domain.months import this_month
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.service import Outbox, SignInLink


def keys_of(settings: Settings) -> AddressKeys:
    """Return the keys under which this site keeps addresses."""
    return AddressKeys(settings.address_keys)


def clean_address(text: str) -> str | None:
    """Return the e-mail address in its usual form, or None when it is none."""
    try:
        return validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False
        ).normalized
    except EmailNotValidError:
        return None


def find_member(session: Session, settings: Settings, address: str) -> int | None:
    """Return the id of the member with ``address``, or None."""
    marks = keys_of(settings).marks(address)
    return session.scalar(select(Member.id).where(Member.address_mark.in_(marks)))


def find_or_make_member(session: Session, settings: Settings, address: str) -> int:
    """Return the id of the member with ``address``, made now where there was none."""
    found = find_member(session, settings, address)
    if found is not None:
        return found
    keys = keys_of(settings)
    made = Member(
        address_mark=keys.mark(address),
        address_sealed=keys.seal(address.lower()),
        confirmed=this_month(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # the same person, twice at once
        mark = keys.mark(address)
        return session.scalars(select(Member.id).where(Member.address_mark == mark)).one()
    member_id = made.id
    session.expunge(made)  # the web maps the same row to its own class
    return member_id


def address_of(session: Session, settings: Settings, member_id: int) -> str | None:
    """Return a member's address, or None for people without one and accounts that are closed."""
    active = session.scalar(select(Member.active).where(Member.id == member_id))
    return held_address(session, settings, member_id) if active else None


def held_address(session: Session, settings: Settings, member_id: int) -> str | None:
    """Return the address that is stored, also of an account that is closed."""
    sealed = session.scalar(select(Member.address_sealed).where(Member.id == member_id))
    return keys_of(settings).unseal(sealed) if sealed else None


def change_key(session: Session, keys: AddressKeys) -> int:
    """Seal every address anew with the first of ``keys``; return how many there are.

    Raises:
        BadInputError: when one was sealed with none of ``keys``; nothing must be committed then.
    """
    sealed = select(Member.id, Member.address_sealed).where(Member.address_sealed.is_not(None))
    rows = session.execute(sealed.with_for_update()).all()
    for member_id, text in rows:
        address = keys.unseal(text or "")
        values = {"address_mark": keys.mark(address), "address_sealed": keys.seal(address)}
        session.execute(update(Member).where(Member.id == member_id).values(**values))
    _seal_mail_anew(session, keys)
    _seal_links_anew(session, keys)
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


def _seal_mail_anew(session: Session, keys: AddressKeys) -> None:
    for mail_id, text in session.execute(select(Outbox.id, Outbox.sealed).with_for_update()).all():
        inside = keys.unseal(text)
        values = {"sealed": keys.seal(inside), "to_mark": keys.mark(json.loads(inside)["to"])}
        session.execute(update(Outbox).where(Outbox.id == mail_id).values(**values))
