"""A second proof of who the member is: a passkey, or the codes of an authenticator app."""

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions.account.session_list import end_all
from mapapp.actions.core import audit, quotas
from mapapp.actions.core.context import Context
from mapapp.actions.core.second_factor import has_authenticator, has_second_factor
from mapapp.actions.mail.member_addresses import find_member
from mapapp.actions.mail.notices import warn
from mapapp.domain.account import totp
from mapapp.domain.mail.clean_addresses import clean_address
from mapapp.errors import N_, BadInputError, LimitError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.sign_in import Passkey


class WrongCodeError(BadInputError):
    """The code is not the one that the app shows now, or has been used."""

    def __init__(self) -> None:
        super().__init__(
            N_("This code is wrong, or has already been used. Wait for the next one and try again.")
        )


def set_up_authenticator(ctx: Context, member_id: int, sealed: str, code: str) -> None:
    """Store an app's key after a code has proved that the app has it; tell the member by mail.

    Raises:
        WrongCodeError: when the code is wrong, or another app was set up meanwhile.
    """
    counter = totp.counter_of(ctx.settings.secret, sealed, code, 0)
    fresh = (Member.id == member_id, Member.totp_secret.is_(None))
    values = {"totp_secret": sealed, "totp_counter": counter}
    if counter is None or not _change(ctx.session, *fresh, **values):
        raise WrongCodeError
    warn(ctx, member_id, "sign_in_added")


def check_code(ctx: Context, member_id: int, code: str) -> None:
    """Accept a code of the member's app; each works once.

    Raises:
        NotFoundError: when the member has no app.
        WrongCodeError: for a wrong code; the attempt is counted and must be committed.
        LimitError: after too many wrong codes, even for a correct one.
    """
    query = select(Member.totp_secret, Member.totp_counter).where(Member.id == member_id)
    sealed, last = ctx.session.execute(query).one()
    if sealed is None:
        raise NotFoundError(N_("You have not set up an authenticator app."))
    limit = quotas.SECOND_CODES
    if not quotas.has_left(ctx, limit, member_id):
        raise LimitError(limit.message)
    counter = totp.counter_of(ctx.settings.secret, sealed, code, last)
    if counter is None or not _use_up(ctx.session, member_id, sealed, counter):
        quotas.use(ctx, limit, member_id)
        raise WrongCodeError


def remove_authenticator(ctx: Context, member_id: int) -> None:
    """Delete the key of the member's app, and tell them by mail if there was one."""
    if has_authenticator(ctx.session, member_id):
        _forget_app(ctx.session, member_id)
        warn(ctx, member_id, "sign_in_removed")


def reset(ctx: Context, email: str) -> None:
    """Remove every passkey and the app of a member who lost them, and end their sessions.

    Raises:
        NotFoundError: when nobody has this address.
    """
    address = clean_address(email)
    member_id = find_member(ctx, address) if address else None
    if member_id is None:
        raise NotFoundError(N_("Nobody here has this address."))
    who = audit.actor(ctx.session, member_id)
    audit.record(ctx.session, audit.SHELL, "second-factor-reset", member=who)
    if has_second_factor(ctx.session, member_id):
        warn(ctx, member_id, "sign_in_removed")
    forget_factors(ctx.session, member_id)
    end_all(ctx.session, member_id)


def forget_factors(session: Session, member_id: int) -> None:
    """Remove every passkey and the app of a member."""
    session.execute(delete(Passkey).where(Passkey.member_id == member_id))
    _forget_app(session, member_id)


def _forget_app(session: Session, member_id: int) -> None:
    _change(session, Member.id == member_id, totp_secret=None, totp_counter=0)


def _use_up(session: Session, member_id: int, sealed: str, counter: int) -> bool:
    # One statement looks and writes, so that of two who bring a code at once one is refused.
    mine = (Member.id == member_id, Member.totp_secret == sealed)
    return _change(session, *mine, Member.totp_counter < counter, totp_counter=counter)


def _change(session: Session, *which: ColumnElement[bool], **values: str | int | None) -> bool:
    changed = session.execute(update(Member).where(*which).values(**values))
    return bool(changed.rowcount)  # type: ignore[attr-defined]
