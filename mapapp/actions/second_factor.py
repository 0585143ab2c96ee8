"""A second proof of who somebody is: a passkey, or the changing codes of an authenticator app."""

from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mapapp.actions import audit, quotas
from mapapp.actions.addresses import find_member
from mapapp.actions.notices import warn
from mapapp.actions.passkeys import has_passkey
from mapapp.actions.sessions import end_all
from mapapp.errors import BadInputError, LimitError, NotFoundError
from mapapp.settings import Settings
from mapapp.store.members import Member
from mapapp.store.trust import Passkey


class WrongCodeError(BadInputError):
    """The code is not the one that the app shows now, or was used before."""

    def __init__(self) -> None:
        super().__init__(
            "This code is not right, or was used already. Wait for the next one and try again."
        )


class Codes(Protocol):
    """Codes of authenticator apps; the web hands in the sign-in library's."""

    def counter_of(self, code: str, sealed: str, last: int) -> int | None:
        """Return the number of a right ``code``, None for a wrong one or one up to ``last``."""


def has_authenticator(session: Session, member_id: int) -> bool:
    """Whether the member has set up an authenticator app."""
    query = select(Member.totp_secret.is_not(None)).where(Member.id == member_id)
    return bool(session.scalar(query))


def has_second_factor(session: Session, member_id: int) -> bool:
    """Whether the member can prove who they are in a second way."""
    return has_authenticator(session, member_id) or has_passkey(session, member_id)


def set_up_authenticator(
    session: Session, settings: Settings, member_id: int, codes: Codes, sealed: str, code: str
) -> None:
    """Keep an app's secret, once the app has shown with a code that it has it too; mail so.

    Raises:
        WrongCodeError: when the code is another one.
    """
    counter = codes.counter_of(code, sealed, 0)
    if counter is None:
        raise WrongCodeError
    _keep(session, member_id, totp_secret=sealed, totp_counter=counter)
    warn(session, settings, member_id, "sign_in_added")


def check_code(
    session: Session, settings: Settings, member_id: int, codes: Codes, code: str
) -> None:
    """Take a code of the member's app; each works once.

    Raises:
        NotFoundError: when the member has no app.
        WrongCodeError: for a wrong code; the try is counted and must be committed.
        LimitError: after too many of them, for right codes too.
    """
    query = select(Member.totp_secret, Member.totp_counter).where(Member.id == member_id)
    sealed, last = session.execute(query.with_for_update()).one()
    if sealed is None:
        raise NotFoundError("You have not set up an authenticator app.")
    limit = quotas.SECOND_CODES
    if not quotas.has_left(session, settings.secret, limit, member_id):
        raise LimitError(limit.message)
    counter = codes.counter_of(code, sealed, last)
    if counter is None:
        quotas.use(session, settings.secret, limit, member_id)
        raise WrongCodeError
    _keep(session, member_id, totp_counter=counter)


def remove_authenticator(session: Session, settings: Settings, member_id: int) -> None:
    """Forget the secret of the member's app, and tell them by mail if there was one."""
    if has_authenticator(session, member_id):
        _forget_app(session, member_id)
        warn(session, settings, member_id, "sign_in_removed")


def reset(session: Session, settings: Settings, email: str) -> None:
    """Take away every passkey and the app of somebody who lost them, and end their sessions.

    Raises:
        NotFoundError: when nobody has this address.
    """
    member_id = find_member(session, settings, email)
    if member_id is None:
        raise NotFoundError("Nobody here has this address.")
    who = audit.actor(session, member_id)
    audit.record(session, audit.SHELL, "second-factor-reset", member=who)
    if has_second_factor(session, member_id):
        warn(session, settings, member_id, "sign_in_removed")
    session.execute(delete(Passkey).where(Passkey.member_id == member_id))
    _forget_app(session, member_id)
    end_all(session, member_id)


def _forget_app(session: Session, member_id: int) -> None:
    _keep(session, member_id, totp_secret=None, totp_counter=0)


def _keep(session: Session, member_id: int, **values: str | int | None) -> None:
    session.execute(update(Member).where(Member.id == member_id).values(**values))
