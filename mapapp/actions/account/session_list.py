"""Where a member is signed in, and signing them out there."""

import time
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mapapp.errors import N_, NotFoundError
from mapapp.store.sign_in import WebSession


@dataclass(frozen=True)
class MySession:
    """A browser in which a member is signed in.

    Attributes:
        device: such as ``Firefox on Android``, '' where it is unknown.
        month: in which they signed in there; no finer time is kept.
        is_this: whether it is the browser that asks.
    """

    public_id: str
    device: str
    month: str
    is_this: bool


def my_sessions(session: Session, member_id: int, key_hash: str) -> list[MySession]:
    """Return the member's sessions, the one named ``key_hash`` first, then the newest month."""
    columns = (WebSession.public_id, WebSession.device, WebSession.month, WebSession.key_hash)
    open_still = WebSession.expires > int(time.time())
    mine = select(*columns).where(WebSession.member_id == member_id, open_still)
    # Inside a month the order is that of random names, and tells nothing.
    rows = session.execute(mine.order_by(WebSession.month.desc(), WebSession.public_id))
    found = [MySession(*row[:3], is_this=row.key_hash == key_hash) for row in rows]
    return sorted(found, key=lambda one: not one.is_this)


def end_one(session: Session, member_id: int, public_id: str) -> None:
    """End one session of the member.

    Raises:
        NotFoundError: when they have no such session.
    """
    mine = WebSession.member_id == member_id
    gone = session.execute(delete(WebSession).where(mine, WebSession.public_id == public_id))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError(N_("You are not signed in there any more."))


def end_others(session: Session, member_id: int, key_hash: str) -> None:
    """End every session of the member but the one named ``key_hash``."""
    mine = WebSession.member_id == member_id
    session.execute(delete(WebSession).where(mine, WebSession.key_hash != key_hash))


def end_all(session: Session, member_id: int) -> None:
    """End every session of the member."""
    session.execute(delete(WebSession).where(WebSession.member_id == member_id))
