"""Sessions on the server: the cookie is a random key, its hash names the row with the contents.

A visitor who only reads has no cookie and no row; a form makes one, for its CSRF token. Signing in
takes a new key, signing out deletes the row, so a copied cookie is worth nothing afterwards.
"""

import secrets
import time
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Engine
from werkzeug.datastructures import CallbackDict

from mapapp.domain.keyed import plain_hash
from mapapp.settings import Settings
from mapapp.store.database import WRITE
from mapapp.store.sessions import change_session, end_session, make_session, read_session
from mapapp.web.database import db

DAY = 86_400
MEMBER_DAYS, VISITOR_DAYS = 30, 1
MEMBER = "member_id"
"""The entry of a session that says whose it is."""

_serializer = TaggedJSONSerializer()


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What a browser's session holds, with the key that the browser has."""

    def __init__(self, contents: dict[str, Any], key: str = "", expires: int = 0) -> None:
        self.modified = False
        self.accessed = False
        self.key = key
        self.expires = expires
        self.renewed = False
        super().__init__(contents, ServerSession._changed)

    def _changed(self) -> None:
        self.modified = True

    def renew(self) -> None:
        """Take a new key when the session is stored: nobody who knew the old one comes along."""
        self.modified = self.renewed = True

    @property
    def is_old(self) -> bool:
        """Whether a member's session has used up half of its time, and is prolonged."""
        return MEMBER in self and self.expires - time.time() < MEMBER_DAYS * DAY / 2


class ServerSessions(SessionInterface):
    """Opens and stores sessions in transactions of their own, apart from the request's."""

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Return the session of the browser; a key that we did not give out is not taken over."""
        key = request.cookies.get(self.cookie, "")
        if key:
            with db.engine.connect() as connection:
                found = read_session(connection, plain_hash(key), int(time.time()))
            if found:
                return ServerSession(_serializer.loads(found[0].decode()), key, found[1])
        return ServerSession({})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed and tell the browser its key."""
        if not isinstance(session, ServerSession):
            raise TypeError("This is a session of another kind.")
        if session.accessed:
            response.vary.add("Cookie")
        if not session.modified and not session.is_old:
            return
        key, expires = self._store(db.engine, session)
        if key:
            self._set_cookie(app, response, key, expires if MEMBER in session else None)
        elif session.key:
            response.delete_cookie(self.cookie, **self._flags(app))
        # Whoever gets a key must not share this answer with others.
        response.headers["Cache-Control"] = "private, no-store"

    def _store(self, engine: Engine, session: ServerSession) -> tuple[str, int]:
        """Store the session; return its key (empty: it has ended) and its end."""
        member_id = session.get(MEMBER)
        days = MEMBER_DAYS if member_id else VISITOR_DAYS
        # Rounded up to a whole day, so that the row does not tell when somebody came.
        expires = -(-(int(time.time()) + days * DAY) // DAY) * DAY
        data = _serializer.dumps(dict(session)).encode()
        with engine.connect().execution_options(**WRITE) as connection, connection.begin():
            if session.key and not session.renewed and session:
                values = (plain_hash(session.key), member_id, data, expires)
                return (session.key if change_session(connection, *values) else ""), expires
            if session.key:
                end_session(connection, plain_hash(session.key))
            if not session:
                return "", expires
            key = secrets.token_urlsafe(32)
            make_session(connection, plain_hash(key), member_id, data, expires)
            return key, expires

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
    app.session_interface = ServerSessions(name)
