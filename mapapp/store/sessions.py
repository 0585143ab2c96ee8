"""Rows of browser sessions. Keys are random; only their hashes are stored."""

from sqlalchemy import Connection, delete, insert, select, update

from mapapp.store.service import WebSession


def read_session(connection: Connection, key_hash: str, now: int) -> tuple[bytes, int] | None:
    """Return what is stored under the key and when it ends, or None where it has ended."""
    row = connection.execute(
        select(WebSession.data, WebSession.expires).where(
            WebSession.key_hash == key_hash, WebSession.expires > now
        )
    ).first()
    return (row.data, row.expires) if row else None


def make_session(
    connection: Connection,
    key_hash: str,
    member_id: int | None,
    data: bytes,
    expires: int,
    device: str = "",
    month: str = "",
) -> None:
    """Store a new session; of a member's, also in which browser and month it was begun."""
    values = {"member_id": member_id, "data": data, "expires": expires}
    connection.execute(
        insert(WebSession).values(key_hash=key_hash, device=device, month=month, **values)
    )


def change_session(
    connection: Connection, key_hash: str, member_id: int | None, data: bytes, expires: int
) -> bool:
    """Store new contents; False when the session was ended meanwhile, which then stays ended."""
    changed = connection.execute(
        update(WebSession)
        .where(WebSession.key_hash == key_hash)
        .values(member_id=member_id, data=data, expires=expires)
    )
    return bool(changed.rowcount)


def end_session(connection: Connection, key_hash: str) -> None:
    """Delete a session; its cookie is worthless from now on."""
    connection.execute(delete(WebSession).where(WebSession.key_hash == key_hash))
