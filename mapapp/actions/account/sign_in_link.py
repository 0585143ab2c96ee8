"""Signing in by mail: a link that works once, or the code beside it.

Asking never looks whether the address has an account: it writes the same rows for everyone, and
an account is found or made when the link or the code is used. So there is nothing that the answer
to a question, or its time, could tell.
"""

import hmac
import json
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.account import kept_restrictions
from mapapp.actions.account.waiting_place import TO_THE_START, Afterwards, open_waits, seal_waits
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.mail import outbox
from mapapp.actions.mail.delivery import UNSENT_SECONDS
from mapapp.actions.mail.mail_text import write_mail
from mapapp.actions.mail.member_addresses import (
    find_member,
    find_or_make_member,
    keys_of,
)
from mapapp.domain.core.keyed_hash import keyed_hash, plain_hash
from mapapp.domain.core.translations import ENGLISH, Language
from mapapp.domain.mail.clean_addresses import NOT_AN_ADDRESS, clean_address
from mapapp.errors import N_, BadInputError
from mapapp.settings import Settings
from mapapp.store.sign_in import SignInLink

AGAIN_SECONDS = 60
"""How long a browser that used a sign-in may repeat it: people click twice."""
CODE_TRIES = 5
CODE_DIGITS = 6


class UsedLinkError(BadInputError):
    """The link or the code has expired, was used, or never existed."""

    def __init__(self) -> None:
        super().__init__(
            N_("This sign-in has expired or has already been used. Ask for a new link.")
        )


class TooManyCodesError(BadInputError):
    """The code cannot be tried any more; the link beside it can."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "That was too many wrong codes. Open the link in the email instead, or ask for a "
                "new email."
            )
        )


class WrongCodeError(BadInputError):
    """The code is not the one in the mail, or it is over: the page says no more than that."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This is not the code in the email, or it has expired or been used. Check the six "
                "digits, or ask for a new email."
            )
        )


@dataclass(frozen=True)
class Waiting:
    """A sign-in whose link was opened.

    Attributes:
        used: whether somebody has signed in with it.
    """

    email: str
    after: Afterwards
    used: bool


def request_link(
    ctx: Context, address: str, after: Afterwards = TO_THE_START, language: Language = ENGLISH
) -> str:
    """Queue a mail with a link and a code, and return the handle under which the code is checked.

    It is written in ``language``, that of the page: whose address it is makes no difference.
    Over the limit the same is done for nobody.

    Raises:
        BadInputError: for what is no address, which the text alone decides.
    """
    email = _address(address)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_DIGITS):06d}"
    goes_out = quotas.try_use(ctx, quotas.SIGN_IN_LINKS, email)
    link_hash = plain_hash(token)
    # A code that nobody was sent must not be there to be guessed.
    right_code = code if goes_out else secrets.token_urlsafe(16)
    ctx.session.add(
        SignInLink(
            link_hash=link_hash,
            code_hash=_code_hash(ctx.settings.secret, link_hash, right_code),
            sealed=keys_of(ctx.settings).seal(json.dumps({"email": email})),
            waits=seal_waits(ctx.settings.secret, token, after),
            address_mark=keys_of(ctx.settings).mark(email),
            expires=int(time.time()) + UNSENT_SECONDS,
        )
    )
    link = f"{ctx.settings.base_url}/sign-in/link/{token}"
    letter = write_mail("sign_in", language, link=link, code=code)
    terms = outbox.Terms(sign_in=link_hash)
    outbox.queue(ctx, email if goes_out else outbox.NO_RECEIVER, letter, terms)
    return link_hash


def read_link(ctx: Context, token: str) -> Waiting:
    """Return whom the link is for, without using it; it may have been used a moment ago.

    Raises:
        UsedLinkError: when it has expired, or was used before that.
    """
    row = _open_link(ctx.session, plain_hash(token))
    inside = _opened(ctx.settings, row)
    after = open_waits(ctx.settings.secret, token, row.waits)
    # Links that were asked for before an upgrade have the page beside the address.
    after = after or Afterwards(inside.get("next", "/"))
    return Waiting(inside["email"], after, used=bool(row.used_by))


def redeem_link(ctx: Context, token: str, network: str = "", browser: str = "") -> int:
    """Use the link and return the member's id, made now where there was none.

    ``network`` stands for where the visitor comes from; accounts that are made there are counted.
    The same ``browser``, told by a secret of its own, may use the link again within a minute.

    Raises:
        UsedLinkError: when it cannot be used any more.
        LimitError: when too many accounts were made there today.
    """
    return _redeem(ctx, _open_link(ctx.session, plain_hash(token)), network, browser)


def just_redeemed(session: Session, browser: str) -> str:
    """Return the handle with which this very ``browser`` signed in a moment ago, '' if none."""
    row = _of(session, browser)
    return row.link_hash if row else ""


def redeem_again(ctx: Context, browser: str) -> int:
    """Return who signed in with this very ``browser`` a moment ago.

    Raises:
        UsedLinkError: if nobody did.
    """
    row = _of(ctx.session, browser)
    if row is None:
        raise UsedLinkError
    return _redeem(ctx, row, "", browser)


def _of(session: Session, browser: str) -> SignInLink | None:
    if not browser:
        return None  # a link that nobody used has no browser
    used = (SignInLink.used_by == browser, SignInLink.expires > time.time())
    return session.scalars(select(SignInLink).where(*used).limit(1)).first()


def redeem_code(ctx: Context, handle: str, code: str, network: str = "", browser: str = "") -> int:
    """Use a code that was mailed to the address of ``handle``; the rest as for ``redeem_link``.

    Mails overtake each other, so the code of each that has not expired will do.

    Raises:
        WrongCodeError: when it is another one; the try is counted and must be committed.
        TooManyCodesError: after too many tries; this is to be committed as well.
        UsedLinkError: when it cannot be used any more.
        LimitError: when too many accounts were made there today.
    """
    row = _open_link(ctx.session, handle)
    email = _opened(ctx.settings, row)["email"]
    # Many links with a few tries each would also be many tries, so they are counted by address.
    # When there were too many the right code is refused too; the link in the mail still works.
    allowed = quotas.has_left(ctx, quotas.WRONG_CODES, email)
    right = _row_of_code(ctx, row, "".join(code.split()))
    if right and allowed and row.tries < CODE_TRIES:
        return _redeem(ctx, right, network, browser)
    row.tries += 1
    left = quotas.try_use(ctx, quotas.WRONG_CODES, email)
    over = not left or row.tries >= CODE_TRIES or bool(row.used_by)
    row.tries = CODE_TRIES if over else row.tries
    ctx.session.flush()
    if row.used_by:
        raise UsedLinkError
    raise TooManyCodesError if over else WrongCodeError


def _address(text: str) -> str:
    found = clean_address(text)
    if found is None:
        raise BadInputError(NOT_AN_ADDRESS)
    return found


def _code_hash(secret: str, link_hash: str, code: str) -> str:
    return keyed_hash(secret, "sign-in-code", link_hash, code)


def _row_of_code(ctx: Context, asked: SignInLink, code: str) -> SignInLink | None:
    """Return the sign-in of the address that asked whose mail has this code."""
    alive = (SignInLink.used_by == "", SignInLink.expires > time.time())
    same = SignInLink.address_mark == asked.address_mark
    rows = ctx.session.scalars(select(SignInLink).where(same, *alive).order_by(SignInLink.expires))
    secret = ctx.settings.secret
    right = [
        row
        for row in rows  # all are compared, so that the time tells nothing
        if hmac.compare_digest(_code_hash(secret, row.link_hash, code), row.code_hash)
    ]
    return right[0] if right else None


def _open_link(session: Session, link_hash: str) -> SignInLink:
    row = session.get(SignInLink, link_hash, populate_existing=True, with_for_update=True)
    if row is None or row.expires <= time.time():
        raise UsedLinkError
    return row


def _opened(settings: Settings, row: SignInLink) -> dict[str, str]:
    inside: dict[str, str] = json.loads(keys_of(settings).unseal(row.sealed))
    return inside


def _redeem(ctx: Context, row: SignInLink, network: str, browser: str) -> int:
    email = _opened(ctx.settings, row)["email"]
    browser = browser or secrets.token_hex(32)  # nobody's: it works once
    unused = (SignInLink.link_hash == row.link_hash, SignInLink.used_by == "")
    values = {"used_by": browser, "expires": int(time.time()) + AGAIN_SECONDS}
    found = update(SignInLink).where(*unused).values(**values).returning(SignInLink.link_hash)
    is_first = ctx.session.scalar(found) is not None
    ctx.session.refresh(row)
    if row.used_by != browser:
        raise UsedLinkError
    if is_first:  # a mail that did what it was for molests nobody
        quotas.give_back(ctx, quotas.SIGN_IN_LINKS, email)
    known = find_member(ctx, email)
    if not known and network:
        quotas.use(ctx, quotas.ACCOUNTS_MADE, network)
    member_id = known or find_or_make_member(ctx, email)
    if not known:
        kept_restrictions.take_up(ctx, member_id, email)
        quotas.open_window(ctx, quotas.NEW_ACCOUNT, member_id)
    return member_id
