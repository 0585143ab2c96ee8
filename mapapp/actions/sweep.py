"""Clear away what has expired: sessions, sign-in links, limits, the notes of a day of reading."""

import time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mapapp.store.service import Quota, Reading, SignInLink, WebSession


def sweep(session: Session, now: int | None = None) -> None:
    """Delete every row that has expired."""
    moment = int(time.time()) if now is None else now
    session.execute(delete(WebSession).where(WebSession.expires <= moment))
    session.execute(delete(SignInLink).where(SignInLink.expires <= moment))
    session.execute(delete(Quota).where(Quota.ends <= moment))
    session.execute(delete(Reading).where(Reading.ends <= moment))
