"""Sessions on the server: the cookie is a random key, its hash names the row with the contents.

A visitor who only reads has no cookie and no row. A page with a form sends a cookie with the form's
CSRF token and our mark of it, and nothing is stored: asking for such pages all day fills no
table. Only when there is more to remember, after a form was sent, is there a row. Signing in takes
a new key, signing out deletes the row, so a copied cookie is worth nothing afterwards.
"""

import hmac
import secrets
import time
from copy import deepcopy
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Engine
from werkzeug.datastructures import CallbackDict

from mapapp.domain.core.keyed_hash import keyed_hash, plain_hash
from mapapp.settings import Settings
from mapapp.store.database import FOR_WRITING
from mapapp.store.sign_in import (
    Account,
    Contents,
    change_session,
    end_session,
    make_session,
    read_session,
)
from mapapp.web.core.request_session import db

DAY = 86_400
MEMBER_DAYS, VISITOR_DAYS = 30, 1
MEMBER_KEY = "member_id"
"""The entry of a session that says whose it is."""
TOKEN = "csrf_token"  # noqa: S105
"""The entry that a session has because of a form; alone it needs no row."""
KEPT = "unsent"
"""The entry with a form that waits for its writer to sign in; it outlasts that, and no more."""

_serializer = TaggedJSONSerializer()


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What a browser's session holds, with the key that the browser has."""

    def __init__(
        self,
        contents: dict[str, Any],
        key: str = "",
        expires: int = 0,
        account: Account | None = None,
    ) -> None:
        self.modified = False
        self.account = account  # as it was read with the session
        self.accessed = False
        self.key = key
        self.expires = expires
        self.renewed = False
        self.device = self.month = ""
        super().__init__(contents, ServerSession._changed)

    def _changed(self) -> None:
        self.modified = True

    def renew(self, device: str = "", month: str = "") -> None:
        """Take a new key when the session is stored: nobody who knew the old one comes along.

        ``device`` and ``month`` say to a member later which of their sessions this is.
        """
        self.modified = self.renewed = True
        self.device, self.month = device, month

    def state(self) -> dict[str, Any]:
        """Return a copy of everything in it, for ``go_back``."""
        held = {name: getattr(self, name) for name in ("modified", "renewed", "device", "month")}
        return {**held, "contents": deepcopy(dict(self))}

    def go_back(self, state: dict[str, Any]) -> None:
        """Be again what ``state`` returned."""
        self.clear()
        self.update(state["contents"])
        for name in state.keys() - {"contents"}:
            setattr(self, name, state[name])

    @property
    def key_hash(self) -> str:
        """The name of the session's row."""
        return plain_hash(self.key)

    @property
    def is_old(self) -> bool:
        """Whether a member's session has used up half of its time, and is prolonged."""
        return MEMBER_KEY in self and self.expires - time.time() < MEMBER_DAYS * DAY / 2


class ServerSessions(SessionInterface):
    """Opens and stores sessions in transactions of their own, apart from the request's."""

    def __init__(self, cookie: str, secret: str) -> None:
        self.cookie = cookie
        self.secret = secret

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Return the session of the browser; a key that we did not give out is not taken over."""
        key = request.cookies.get(self.cookie, "")
        token, dot, mark = key.partition(".")
        if dot:
            is_ours = hmac.compare_digest(mark.encode(), self._mark(token).encode())
            return ServerSession({TOKEN: token} if is_ours else {})
        if key:
            with db.engine.connect() as connection:
                found = read_session(connection, plain_hash(key), int(time.time()))
            if found:
                contents, account = found
                held = _serializer.loads(contents.data.decode())
                return ServerSession(held, key, contents.expires, account)
        return ServerSession({})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed and tell the browser its key."""
        if not isinstance(session, ServerSession):
            raise TypeError("This is a session of another kind.")
        if session.accessed:
            response.vary.add("Cookie")
        if not session.modified and not session.is_old:
            return
        if not session.key and session.keys() == {TOKEN}:
            key, expires = f"{session[TOKEN]}.{self._mark(session[TOKEN])}", 0
        else:
            key, expires = self._store(db.engine, session)
        if key:
            self._set_cookie(app, response, key, expires if MEMBER_KEY in session else None)
        elif session.key:
            response.delete_cookie(self.cookie, **self._flags(app))
        # An answer that carries a key must not be shared with others.
        response.headers["Cache-Control"] = "private, no-store"

    def _store(self, engine: Engine, session: ServerSession) -> tuple[str, int]:
        """Store the session; return its key (empty: it has ended) and its end."""
        member_id = session.get(MEMBER_KEY)
        days = MEMBER_DAYS if member_id else VISITOR_DAYS
        # Rounded up to a whole day, so that the row does not tell when the member came.
        expires = -(-(int(time.time()) + days * DAY) // DAY) * DAY
        contents = Contents(member_id, _serializer.dumps(dict(session)).encode(), expires)
        with engine.connect().execution_options(**FOR_WRITING) as connection, connection.begin():
            if session.key and not session.renewed and session:
                changed = change_session(connection, plain_hash(session.key), contents)
                return (session.key if changed else ""), expires
            if session.key:
                end_session(connection, plain_hash(session.key))
            if not session:
                return "", expires
            key = secrets.token_urlsafe(32)
            about = (session.device, session.month) if member_id else ("", "")
            make_session(connection, plain_hash(key), contents, *about)
            return key, expires

    def _mark(self, token: str) -> str:
        return keyed_hash(self.secret, "form-token", token)[:32]

    def _set_cookie(self, app: Flask, response: Response, key: str, expires: int | None) -> None:
        age = expires - int(time.time()) if expires else None
        response.set_cookie(self.cookie, key, max_age=age, **self._flags(app))

    def _flags(self, app: Flask) -> dict[str, Any]:
        secure = app.config["SESSION_COOKIE_SECURE"]
        return {"path": "/", "secure": secure, "httponly": True, "samesite": "Lax"}


def init_sessions(app: Flask, settings: Settings) -> None:
    """Keep the sessions of ``app`` on the server."""
    # Browsers accept the prefix on secure connections only; it binds the cookie to this host.
    name = "__Host-session" if settings.is_https else "session"
    app.config.update(SESSION_COOKIE_NAME=name, SESSION_COOKIE_SECURE=settings.is_https)
    app.session_interface = ServerSessions(name, settings.secret)
