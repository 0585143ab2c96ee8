"""What keeps the site running: mail to be sent, sessions, quotas, staff acts, exports, facts."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base
from mapapp.store.members import new_public_id


class Outbox(Base):
    """A mail waiting for ``mapapp worker``; deleted when it was handed over.

    Receiver and text are sealed with the address key; ``to_mark`` finds the mails of somebody who
    leaves.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    to_mark: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(200))  # tells nothing, so that staff may see it
    due: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds of the next attempt
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    # What it rests on and is asked once more before it leaves (``actions.delivery``); '' for mail
    # that leaves in any case.
    rests_on: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    # The ``mail`` of the open question that counts from when this was handed over.
    question: Mapped[str | None] = mapped_column(String(36))


class WebSession(Base):
    """A signed-in browser. The cookie holds the key; only its hash is stored."""

    __tablename__ = "web_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # What the account page calls it by: a key's hash is nothing to put on a page.
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    device: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    month: Mapped[str] = mapped_column(String(7), default="", server_default=text("''"))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


class SignInLink(Base):
    """A sign-in that was asked for and not used yet; deleted at its use.

    There is one for every address that asks, so a row does not tell whether an account exists.
    The link's secret and the code stand here as hashes, the address sealed with the site's key.
    """

    __tablename__ = "sign_in_link"

    link_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)  # the address, and the page to go to afterwards
    address_mark: Mapped[str] = mapped_column(String(64), index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)  # wrong codes so far
    expires: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


class Quota(Base):
    """How much of a limit (PRIVACY rule 6) was used in a window.

    ``subject`` is a keyed hash of limit, person and thing, so that the row links to nobody
    without the site's key; rows are deleted when their window has ended.
    """

    __tablename__ = "quota"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int] = mapped_column(Integer, default=0)
    ends: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


class Reading(Base):
    """Which people and areas somebody read of in a day, as keyed hashes of eight bytes each.

    ``domain.reading.Marks`` knows the shape of the two. ``subject`` is a keyed hash too; rows are
    deleted when their day is over (PRIVACY rule 6).
    """

    __tablename__ = "reading"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    people: Mapped[bytes] = mapped_column(LargeBinary)
    areas: Mapped[bytes] = mapped_column(LargeBinary)
    ends: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


class AuditEntry(Base):
    """What staff did. Append-only; detail is JSON without personal data."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor: Mapped[str] = mapped_column(String(64))  # staff member's public id, or 'shell'
    action: Mapped[str] = mapped_column(String(40), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    detail: Mapped[str] = mapped_column(Text, default="{}")


class Export(Base):
    """A stored export: asking again inside the epoch returns these bytes (PRIVACY rule 7)."""

    __tablename__ = "export"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # hash of request and epoch
    epoch: Mapped[str] = mapped_column(String(7))  # '2026-Q4'
    filename: Mapped[str] = mapped_column(String(200))
    mimetype: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    codebook: Mapped[str] = mapped_column(Text)


class Erasure(Base):
    """Somebody who was erased, so that a backup from before cannot bring them back.

    Only a keyed hash of the random public id stands here: it leads to nobody, unless a backup that
    still holds them is laid beside it.
    """

    __tablename__ = "erasure"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), index=True)


class SiteFact(Base):
    """A fact about this site as a whole: ``area_version``, ``has_demo``, ``conditions_version``."""

    __tablename__ = "site_fact"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
