"""How members sign in and stay signed in: links, passkeys, sessions.

Keys and secrets are random; only their hashes are stored.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with
from mapapp.store.members import Member, new_public_id


class SignInLink(Base):
    """A sign-in that was requested; once used, it is kept for another minute.

    Every address that asks gets one, so a row does not reveal whether an account exists. The
    link's secret and the code are stored as hashes, the address encrypted with the site's key, and
    what follows with a key from the link's secret.
    """

    __tablename__ = "sign_in_link"

    link_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)  # the address
    # The page that follows, and a place that was chosen before; '' in rows from before an upgrade.
    waits: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    address_mark: Mapped[str] = mapped_column(String(64), index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)  # wrong codes so far
    expires: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds
    # The hash of the cookie of the browser that used it, which may click twice; '' until then.
    used_by: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))


class AddressChange(Base):
    """A change of address that was asked for, or was made and can still be undone."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)  # the order of changes
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = goes_with("member.id", index=True)
    sealed: Mapped[str] = mapped_column(Text)  # the addresses before and after
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    # Whether there was a second factor when it was confirmed.
    had_factor: Mapped[bool] = mapped_column(Boolean, default=False)
    expires: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


class Passkey(Base):
    """The public half of a key on a member's device or in their password manager."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    member_id: Mapped[int] = goes_with("member.id", index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))  # of the device it was made on
    month: Mapped[str] = mapped_column(String(7))


class WebSession(Base):
    """A signed-in browser. The cookie holds the key; only its hash is stored."""

    __tablename__ = "web_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Identifies the session on the account page, where a key's hash does not belong.
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    member_id: Mapped[int | None] = goes_with("member.id", index=True)
    device: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    month: Mapped[str] = mapped_column(String(7), default="", server_default=text("''"))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


@dataclass(frozen=True)
class Account:
    """Whose session it is, where the account is open, and what each page asks of the account."""

    member_id: int
    handle: str
    suspended: bool
    discreet: bool


@dataclass(frozen=True)
class Contents:
    """A session's contents, its member, and when it ends (Unix seconds)."""

    member_id: int | None
    data: bytes
    expires: int


def read_session(
    connection: Connection, key_hash: str, now: int
) -> tuple[Contents, Account | None] | None:
    """Return what is stored under the key and whose it is, or None if it has ended."""
    row = connection.execute(_SESSION, {"key": key_hash, "now": now}).first()
    if row is None:
        return None
    contents = Contents(row.whose, row.data, row.expires)
    of = (row.id, row.session_handle, row.suspended, row.discreet)
    return contents, Account(*of) if row.id else None


def _session() -> Select[tuple[object, ...]]:
    held: Table = WebSession.__table__  # type: ignore[assignment]
    of: Table = Member.__table__  # type: ignore[assignment]
    is_open = (of.c.id == held.c.member_id) & of.c.active
    return (
        select(
            held.c.member_id.label("whose"),
            held.c.data,
            held.c.expires,
            of.c.id,
            of.c.session_handle,
            of.c.suspended,
            of.c.discreet,
        )
        .select_from(held.outerjoin(of, is_open))
        .where(held.c.key_hash == bindparam("key"), held.c.expires > bindparam("now"))
    )


_SESSION = _session()
_CHANGE = (
    update(WebSession)
    .where(WebSession.key_hash == bindparam("key"))
    .values({name: bindparam(name) for name in ("member_id", "data", "expires")})
)


def make_session(
    connection: Connection, key_hash: str, contents: Contents, device: str = "", month: str = ""
) -> None:
    """Store a new session; for a member, also the browser and the month."""
    connection.execute(
        insert(WebSession).values(key_hash=key_hash, device=device, month=month, **asdict(contents))
    )


def change_session(connection: Connection, key_hash: str, contents: Contents) -> bool:
    """Store new contents; return False if the session was ended meanwhile, and stays ended."""
    changed = connection.execute(_CHANGE, {"key": key_hash, **asdict(contents)})
    return bool(changed.rowcount)


def end_session(connection: Connection, key_hash: str) -> None:
    """Delete a session; its cookie becomes useless."""
    connection.execute(delete(WebSession).where(WebSession.key_hash == key_hash))
