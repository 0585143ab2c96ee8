"""What must stay on record: acts of staff, exports, and who was erased."""

from datetime import datetime

from sqlalchemy import DateTime, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base


class AuditEntry(Base):
    """What staff did. Append-only; detail is JSON without personal data."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    # The public id of who did it, or 'shell'.
    actor: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(40), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    detail: Mapped[str] = mapped_column(Text, default="{}")


class Export(Base):
    """A stored export: asking again on the same day returns these bytes (privacy rule 7)."""

    __tablename__ = "export"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # hash of request and day
    day: Mapped[str] = mapped_column(String(10))  # '2026-11-29', UTC; older: '2026-Q4'
    filename: Mapped[str] = mapped_column(String(200))
    mimetype: Mapped[str] = mapped_column(String(100))
    # Up to hundreds of megabytes, so it is read only when it is asked for.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    codebook: Mapped[str] = mapped_column(Text)


class Erasure(Base):
    """A member who was erased, so that a backup from before cannot bring them back.

    Only a keyed hash of the random public id stands here: it leads to nobody, unless a backup that
    still holds them is laid beside it.
    """

    __tablename__ = "erasure"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), index=True)
