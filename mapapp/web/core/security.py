"""Who is there: what a session says of it, and signing in and out.

The token of a member's forms carries a mark of the member, made with the site's key and a random
number of the session. So the site can tell later whether a form was made for a given member; nobody
else learns anything by it, and the tokens of two sessions have nothing in common.
"""

import hmac
import secrets
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Flask, Response, after_this_request, current_app, g, request, session
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from mapapp.actions.core.context import Context
from mapapp.actions.core.locking import note_held
from mapapp.domain.core.dates import this_month
from mapapp.domain.core.devices import device_of
from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.errors import N_, NotAllowedError
from mapapp.settings import Settings
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from mapapp.web.core.proof import prove
from mapapp.web.core.request_session import db
from mapapp.web.core.session_store import KEPT, MEMBER_KEY, TOKEN, ServerSession

HANDLE_KEY = "_user_id"
"""The entry of a session with the handle of its account; changing that ends all its sessions."""

TOKEN_SALT = "wtf-csrf-token"  # noqa: S105
"""With which the extension for forms signs its tokens."""
BEFORE_MARK = "-"

NO_RETURN = ("//", "/sign-", "/account/second-step")
"""Beginnings of paths that nobody is sent back to: they lead elsewhere, or round in circles."""

_ACCOUNT = select(Member.id, Member.suspended, Member.discreet).where(
    Member.session_handle == bindparam("handle"), Member.active.is_(True)
)
_ACCOUNT_HELD = _ACCOUNT.with_for_update()
# Columns, not an object: reading an account costs ten times as much, on every page.


class _Account(NamedTuple):
    """Whose account it is, and what each page asks of it."""

    member_id: int
    suspended: bool
    discreet: bool


def init_security(app: Flask) -> None:
    """Tell templates who is there."""
    app.context_processor(_who)


def current_member_id() -> int | None:
    """Return the id of the member who is signed in, or None for a visitor.

    Who is suspended sees what visitors see, so they count as one.
    """
    return None if is_suspended() else owner_id()


def owner_id() -> int | None:
    """Return the id of whose account it is, also when they are suspended; None for a visitor."""
    found = _account()
    return found.member_id if found else None


def is_suspended() -> bool:
    """Whether a suspended member is signed in."""
    found = _account()
    return found is not None and found.suspended


def is_discreet() -> bool:
    """Whether who is signed in wished that tabs name the site as nobody would look twice at."""
    found = _account()
    return found is not None and found.discreet


def is_signed_in() -> bool:
    """Whether a member is signed in."""
    return current_member_id() is not None


def this_member_id() -> int:
    """Return the id of the member who is signed in; for pages behind signing in."""
    member_id = current_member_id()
    if member_id is None:
        raise NotAllowedError(N_("Sign in first."))
    return member_id


def this_owner_id() -> int:
    """Return the id of whose account it is; on pages that are open to the suspended, too."""
    found = owner_id()
    if found is None:
        raise NotAllowedError(N_("Sign in first."))
    return found


def staff_roles() -> frozenset[str]:
    """Return the staff roles of the signed-in member; empty for everyone else."""
    if "staff_roles" not in g:
        held = MemberStaffRole.role_id == StaffRole.id
        mine = MemberStaffRole.member_id == current_member_id()
        names = select(StaffRole.name).join(MemberStaffRole, held).where(mine)
        g.staff_roles = frozenset(db.session.scalars(names)) if is_signed_in() else frozenset()
    found: frozenset[str] = g.staff_roles
    return found


def sign_in_browser(member_id: int, *, strong: bool = False) -> None:
    """Sign this browser in as the member, under a new session key.

    Args:
        strong: whether they gave a second proof just now (a passkey is one by itself).

    Raises:
        NotAllowedError: when the account is closed.
    """
    mine = (Member.id == member_id, Member.active.is_(True))
    handle = db.session.scalar(select(Member.session_handle).where(*mine))
    if handle is None:
        raise NotAllowedError(N_("This account is closed."))
    unsent = session.get(KEPT)
    session.clear()
    if unsent:
        session[KEPT] = unsent
    session[HANDLE_KEY] = handle
    session[MEMBER_KEY] = member_id
    session[TOKEN] = form_token(site_settings().secret, member_id)
    if strong:
        prove()
    _renew(device_of(request.user_agent.string), this_month())


def left_meanwhile() -> bool:
    """Whether the account with which this request began has been erased since.

    Called after a rollback; who is there is looked up anew from then on.
    """
    began_with = g.get("account")
    look_up_anew()
    if began_with is None:
        return False
    return db.session.scalar(select(Member.id).where(Member.id == began_with[0])) is None


def this_session() -> ServerSession:
    """Return the session of this request itself, with its key."""
    current = session._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(current, ServerSession):
        raise TypeError("This is a session of another kind.")
    return current


def sign_out_browser() -> None:
    """End the session; its cookie is worthless from now on.

    The browser also throws away the pages that it keeps of this site. What it has stored and typed
    stays: a text that was begun in another tab can still be saved.
    """
    session.clear()
    _renew()
    after_this_request(_clear_cache)


def form_token(secret: str, member_id: int) -> str:
    """Return a new token for the forms of one session of the member."""
    number = secrets.token_hex(20)
    return f"{number}{BEFORE_MARK}{_mark(secret, number, member_id)}"


def sent_token() -> str:
    """Return the token of the form that was sent, '' if it has none that this site made."""
    serializer = URLSafeTimedSerializer(str(current_app.secret_key), salt=TOKEN_SALT)
    try:
        return str(serializer.loads(request.form.get(TOKEN, "")))
    except (BadData, RequestEntityTooLarge):
        return ""


def is_of_member(token: str) -> bool:
    """Whether a form was made for somebody who was signed in."""
    return BEFORE_MARK in token


def is_of_another(token: str) -> bool:
    """Whether a form was made for another member than the one who is signed in now."""
    member_id = owner_id()
    if member_id is None or not is_of_member(token):
        return False
    number, _between, mark = token.partition(BEFORE_MARK)
    mine = _mark(site_settings().secret, number, member_id)
    return not hmac.compare_digest(mark.encode(), mine.encode())


def local_path(target: str | None) -> str:
    """Return ``target`` where it is a page of this site, otherwise the start page.

    Browsers take ``//host``, ``/\\host`` and control characters for the way to another site.
    """
    text = target or ""
    odd = "\\" in text or any(ord(letter) <= 32 or ord(letter) == 127 for letter in text)
    if odd or not text.startswith("/") or text.startswith("//"):
        return "/"
    parts = urlsplit(text)  # cannot fail: only what follows "//" at the start can be a bad host
    if parts.scheme or parts.netloc or parts.path.startswith(NO_RETURN):
        return "/"
    return text


def this_context() -> Context:
    """Return who acts here, where and when, for what people do."""
    return Context(db.session, site_settings(), reader_id=current_member_id())


def site_settings() -> Settings:
    """Return the settings of the site."""
    found: Settings = current_app.extensions["mapapp_settings"]
    return found


def _clear_cache(response: Response) -> Response:
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _mark(secret: str, number: str, member_id: int) -> str:
    return keyed_hash(secret, "form-of", number, member_id)[:32]


def _who() -> dict[str, bool]:
    try:
        return {
            "signed_in": is_signed_in(),
            "is_suspended": is_suspended(),
            "discreet": is_discreet(),
            "is_staff": bool(staff_roles()),
        }
    except SQLAlchemyError:
        # The page that says "our mistake" must not fail because the database did.
        db.session.rollback()
        return dict.fromkeys(("signed_in", "is_suspended", "discreet", "is_staff"), False)


def hold_account() -> None:
    """Look up anew who acts, and lock them until the transaction ends."""
    look_up_anew()
    given = {"handle": session.get(HANDLE_KEY)}
    row = db.session.connection().execute(_ACCOUNT_HELD, given).one_or_none()
    g.account = _Account(*row) if row else None
    if row:
        note_held(db.session, row.id)


def look_up_anew() -> None:
    """Forget who is there: who acts is looked up again when it is their turn."""
    this_session().account = None
    g.pop("account", None)
    g.pop("staff_roles", None)


def _account() -> _Account | None:
    if "account" not in g:
        g.account = _read_account()
    found: _Account | None = g.account
    return found


def _read_account() -> _Account | None:
    handle: Any = session.get(HANDLE_KEY)
    if not handle:
        return None
    known, this_session().account = this_session().account, None
    if known and known.handle == handle:
        return _Account(known.member_id, known.suspended, known.discreet)
    row = db.session.connection().execute(_ACCOUNT, {"handle": handle}).one_or_none()
    return _Account(*row) if row else None


def _renew(device: str = "", month: str = "") -> None:
    this_session().renew(device, month)
    look_up_anew()
    g.pop(TOKEN, None)  # a form on the same answer needs a token of the new session
