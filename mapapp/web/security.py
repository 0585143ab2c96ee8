"""Who is there: the library's account on our member table, and what its session holds."""

from typing import Any
from urllib.parse import urlsplit

import flask_security
from flask import Flask, current_app, g, request, session
from flask_security import FSQLALiteUserDatastore, RoleMixin, Security, UserMixin
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, relationship

from mapapp.domain.devices import device_of
from mapapp.domain.keyed import keyed_hash
from mapapp.domain.months import this_month
from mapapp.errors import NotAllowedError
from mapapp.settings import Settings
from mapapp.store.members import Member, MemberStaffRole, StaffRole
from mapapp.web.database import db
from mapapp.web.proof import prove
from mapapp.web.sessions import MEMBER, ServerSession

NO_RETURN = ("//", "/sign-", "/account/second-step")
"""Beginnings of paths that nobody is sent back to: they lead elsewhere, or round in circles."""


class Role(StaffRole, RoleMixin):  # type: ignore[misc]
    """The staff role, with what the library asks of one."""


class Account(Member, UserMixin):
    """The member, with what the library asks of a user. The same table, the same rows."""

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=MemberStaffRole.__table__
    )


def init_security(app: Flask, settings: Settings) -> None:
    """Set up the library without any of its pages, and tell templates who is there."""
    secret = settings.secret
    app.config.update(
        SECURITY_PASSWORD_SALT=keyed_hash(secret, "password-salt"),
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
    )
    datastore = FSQLALiteUserDatastore(db, Account, Role)
    security = Security(app, datastore, register_blueprint=False)
    # The library would also accept a token in the URL, would keep a hash of the visitor's network
    # address in the session, and would load the account on every request. None of it is wanted.
    security.login_manager.request_loader(lambda _request: None)
    security.login_manager.session_protection = None
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.context_processor(_who)


def current_member_id() -> int | None:
    """Return the id of the member who is signed in, or None for a visitor.

    Who is suspended sees what visitors see, so they count as one.
    """
    return None if is_suspended() else owner_id()


def owner_id() -> int | None:
    """Return the id of whose account it is, also when they are suspended; None for a visitor."""
    found = _account()
    return found[0] if found else None


def is_suspended() -> bool:
    """Whether somebody is signed in whom moderators have suspended."""
    found = _account()
    return found is not None and found[1]


def is_signed_in() -> bool:
    """Whether somebody is signed in."""
    return current_member_id() is not None


def this_member_id() -> int:
    """Return the id of the member who is signed in; for pages behind signing in."""
    member_id = current_member_id()
    if member_id is None:
        raise NotAllowedError("Sign in first.")
    return member_id


def this_owner_id() -> int:
    """Return the id of whose account it is; on pages that are open to the suspended, too."""
    found = owner_id()
    if found is None:
        raise NotAllowedError("Sign in first.")
    return found


def staff_roles() -> frozenset[str]:
    """Return the staff roles of whoever is signed in; empty for everybody else."""
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
    account = db.session.get(Account, member_id)
    if account is None or not account.active:
        raise NotAllowedError("This account is closed.")
    session.clear()
    flask_security.login_user(account, remember=False)
    for name in ("fs_paa", "fs_cc", "_id"):  # the time of signing in, and a hash of the address
        session.pop(name, None)
    session[MEMBER] = member_id
    if strong:
        prove()
    _renew(device_of(request.user_agent.string), this_month())


def this_session() -> ServerSession:
    """Return the session of this request itself, with its key."""
    current = session._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(current, ServerSession):
        raise TypeError("This is a session of another kind.")
    return current


def sign_out_browser() -> None:
    """End the session; its cookie is worthless from now on."""
    flask_security.logout_user()
    session.clear()
    _renew()


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


def site_settings() -> Settings:
    """Return the settings of the site."""
    found: Settings = current_app.extensions["mapapp_settings"]
    return found


def _who() -> dict[str, bool]:
    try:
        return {
            "signed_in": is_signed_in(),
            "is_suspended": is_suspended(),
            "is_staff": bool(staff_roles()),
        }
    except SQLAlchemyError:
        # The page that says "our mistake" must not fail because the database did.
        db.session.rollback()
        return dict.fromkeys(("signed_in", "is_suspended", "is_staff"), False)


def _account() -> tuple[int, bool] | None:
    """Return whose account it is, and whether they are suspended."""
    if "account" not in g:
        g.account = _read_account()
    found: tuple[int, bool] | None = g.account
    return found


def _read_account() -> tuple[int, bool] | None:
    handle: Any = session.get("_user_id")
    if not handle:
        return None
    # Columns, not an object: reading an account costs ten times as much, on every page.
    row = db.session.execute(
        select(Member.id, Member.suspended).where(
            Member.fs_uniquifier == handle, Member.active.is_(True)
        )
    ).one_or_none()
    return (row.id, row.suspended) if row else None


def _renew(device: str = "", month: str = "") -> None:
    this_session().renew(device, month)
    g.pop("account", None)
    g.pop("staff_roles", None)
