"""Signing in by mail: a link that works once, or the code beside it.

Asking never looks whether the address has an account: it writes the same rows for everybody, and
an account is found or made when the link or the code is used. So there is nothing that the answer
to a question, or its time, could tell.
"""

import hmac
import json
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.actions import outbox, quotas
from mapapp.actions.addresses import (
    clean_address,
    find_member,
    find_or_make_member,
    keys_of,
)
from mapapp.actions.letters import Translate, unchanged, write_letter
from mapapp.domain.keyed import keyed_hash, plain_hash
from mapapp.errors import BadInputError
from mapapp.settings import Settings
from mapapp.store.members import MemberStaffRole, StaffRole
from mapapp.store.service import SignInLink

LINK_SECONDS = 15 * 60
CODE_TRIES = 5
CODE_DIGITS = 6
LONGEST_ADDRESS = 254
STAFF_ROLES = {
    "admin": "Everything: conditions, numbers, exports.",
    "moderator": "Reports and what they are about.",
}


class UsedLinkError(BadInputError):
    """The link or the code has expired, was used, or never existed."""

    def __init__(self) -> None:
        super().__init__("This sign-in has expired or was used already. Ask for a new link.")


class WrongCodeError(BadInputError):
    """The code is not the one in the mail."""

    def __init__(self) -> None:
        super().__init__("This is not the code in the mail. Check the six digits and try again.")


@dataclass(frozen=True)
class Waiting:
    """A sign-in whose link was opened but not used."""

    email: str
    next_path: str


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, and where they were going."""

    member_id: int
    next_path: str


def ask(
    session: Session,
    settings: Settings,
    address: str,
    next_path: str,
    translate: Translate = unchanged,
) -> str:
    """Queue a mail with a link and a code, and return the handle under which the code is checked.

    Over the limit, and for what is no address, the same is done for nobody.
    """
    typed = address.strip()[:LONGEST_ADDRESS]
    email = clean_address(typed)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_DIGITS):06d}"
    subject = (email or typed).lower()
    goes_out = quotas.try_use(session, settings.secret, quotas.SIGN_IN_LINKS, subject)
    link_hash = plain_hash(token)
    # A code that nobody was sent must not be there to be guessed.
    right_code = code if goes_out and email else secrets.token_urlsafe(16)
    sealed = json.dumps({"email": subject, "next": next_path})
    session.add(
        SignInLink(
            link_hash=link_hash,
            code_hash=_code_hash(settings.secret, link_hash, right_code),
            sealed=keys_of(settings).seal(sealed),
            address_mark=keys_of(settings).mark(subject),
            expires=int(time.time()) + LINK_SECONDS,
        )
    )
    link = f"{settings.base_url}/sign-in/link/{token}"
    letter = write_letter("sign_in", translate, link=link, code=code)
    outbox.queue(session, settings, (email if goes_out else None) or outbox.NOBODY, letter)
    return link_hash


def look(session: Session, settings: Settings, token: str) -> Waiting:
    """Return whom the link is for, without using it.

    Raises:
        UsedLinkError: when it cannot be used any more.
    """
    row = _open_link(session, plain_hash(token))
    return _opened(settings, row)


def redeem_link(session: Session, settings: Settings, token: str, network: str = "") -> SignedIn:
    """Use the link and return the member, made now where there was none.

    ``network`` stands for where the visitor comes from; accounts that are made there are counted.

    Raises:
        UsedLinkError: when it cannot be used any more.
        LimitError: when too many accounts were made there today.
    """
    return _redeem(session, settings, _open_link(session, plain_hash(token)), network)


def redeem_code(
    session: Session, settings: Settings, handle: str, code: str, network: str = ""
) -> SignedIn:
    """Use the code that was mailed for ``handle``; ``network`` as for ``redeem_link``.

    Raises:
        WrongCodeError: when it is another one; the try is counted and must be committed.
        UsedLinkError: after too many tries, or when it cannot be used any more.
        LimitError: when too many accounts were made there today.
    """
    row = _open_link(session, handle)
    waiting = _opened(settings, row)
    given = _code_hash(settings.secret, handle, "".join(code.split()))
    # Many links with a few tries each would also be many tries, so they are counted by address.
    # When there were too many the right code is refused too; the link in the mail still works.
    allowed = quotas.has_left(session, settings.secret, quotas.WRONG_CODES, waiting.email)
    right = hmac.compare_digest(given, row.code_hash)
    if right and allowed and row.tries < CODE_TRIES:
        return _redeem(session, settings, row, network)
    row.tries += 1
    left = quotas.try_use(session, settings.secret, quotas.WRONG_CODES, waiting.email)
    if not left or row.tries >= CODE_TRIES:
        row.tries = CODE_TRIES
        session.flush()
        raise UsedLinkError
    session.flush()
    raise WrongCodeError


def make_staff(session: Session, settings: Settings, email: str, role: str) -> int:
    """Give the account of ``email`` (made where there is none) a staff role; return its id.

    Raises:
        BadInputError: for what is no e-mail address, and for a role that does not exist.
    """
    address = clean_address(email)
    if address is None:
        raise BadInputError("This is not an e-mail address.")
    if role not in STAFF_ROLES:
        raise BadInputError(f"There is no role “{role}”. Roles: {', '.join(STAFF_ROLES)}.")
    member_id = find_or_make_member(session, settings, address)
    role_id = session.scalar(select(StaffRole.id).where(StaffRole.name == role))
    if role_id is None:
        made = StaffRole(name=role, description=STAFF_ROLES[role])
        session.add(made)
        session.flush()
        role_id = made.id
    if session.get(MemberStaffRole, (member_id, role_id)) is None:
        session.add(MemberStaffRole(member_id=member_id, role_id=role_id))
        session.flush()
    return member_id


def _code_hash(secret: str, link_hash: str, code: str) -> str:
    return keyed_hash(secret, "sign-in-code", link_hash, code)


def _open_link(session: Session, link_hash: str) -> SignInLink:
    row = session.get(SignInLink, link_hash, populate_existing=True, with_for_update=True)
    if row is None or row.expires <= time.time():
        raise UsedLinkError
    return row


def _opened(settings: Settings, row: SignInLink) -> Waiting:
    inside = json.loads(keys_of(settings).unseal(row.sealed))
    return Waiting(inside["email"], inside["next"])


def _redeem(session: Session, settings: Settings, row: SignInLink, network: str) -> SignedIn:
    waiting = _opened(settings, row)
    used = session.execute(delete(SignInLink).where(SignInLink.link_hash == row.link_hash))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise UsedLinkError
    known = find_member(session, settings, waiting.email)
    if not known and network:
        quotas.use(session, settings.secret, quotas.ACCOUNTS_MADE, network)
    member_id = known or find_or_make_member(session, settings, waiting.email)
    if not known:
        quotas.open_window(session, settings.secret, quotas.NEW_ACCOUNT, member_id)
    return SignedIn(member_id, waiting.next_path)
