"""What must stay on record: acts of staff, exports, releases, who was erased; and webhooks."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with
from mapapp.store.members import new_public_id

LONGEST_EPOCH = 7


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
    __table_args__ = (
        Index("export_asked", "asked_at", "key"),
        Index("export_kind", "mimetype", "key"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # hash of request and day
    day: Mapped[str] = mapped_column(String(10))  # '2026-11-29', UTC; older: '2026-Q4'
    filename: Mapped[str] = mapped_column(String(200))
    mimetype: Mapped[str] = mapped_column(String(100))
    # Up to hundreds of megabytes, so it is read only when it is asked for.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    codebook: Mapped[str] = mapped_column(Text)
    # Who asked first, as in the audit log, and when (Unix seconds); 0 in files of old versions.
    asked_by: Mapped[str] = mapped_column(String(36), default="", server_default=text("''"))
    asked_at: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))


class Erasure(Base):
    """A member who was erased, so that a backup from before cannot bring them back.

    Only a keyed hash of the random public id stands here: it leads to nobody, unless a backup that
    still holds them is laid beside it.
    """

    __tablename__ = "erasure"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), index=True)


class LedgerEntry(Base):
    """What was spent on one question to one map. Append-only, and committed before noise is drawn.

    A question that stands here without a release was lost in a crash: it is spent all the same.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("condition_id", "epoch", "query"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    # Without a link: what was spent stays spent, whatever becomes of the condition.
    condition_id: Mapped[int] = mapped_column(Integer)
    epoch: Mapped[str] = mapped_column(String(LONGEST_EPOCH), index=True)
    query: Mapped[str] = mapped_column(String(20))
    epsilon: Mapped[int] = mapped_column(Integer)  # thousandths
    bound: Mapped[int] = mapped_column(SmallInteger)
    mechanism: Mapped[str] = mapped_column(String(60))
    day: Mapped[str] = mapped_column(String(10))


class Release(Base):
    """The answer to one question, frozen for its epoch."""

    __tablename__ = "release"

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    query: Mapped[str] = mapped_column(String(20), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(LONGEST_EPOCH), primary_key=True)
    ledger_id: Mapped[int] = goes_with("ledger_entry.id", unique=True)
    least: Mapped[int] = mapped_column(Integer)  # what is not shown is fewer
    error: Mapped[int] = mapped_column(Integer)  # 95 of 100 numbers are nearer to the truth
    # JSON: the numbers that are shown, by cell; and the hash of that text.
    numbers: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))


class ReleaseShare(Base):
    """What a membership has spent in a year. It outlives the membership, not the member."""

    __tablename__ = "release_share"

    condition_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = goes_with("member.id", primary_key=True, index=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    spent: Mapped[int] = mapped_column(Integer)  # thousandths of epsilon
    # The last one it took part in, so that a run after a crash charges nobody twice.
    epoch: Mapped[str] = mapped_column(String(LONGEST_EPOCH))


class Webhook(Base):
    """An address outside that is told numbers of the site."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(500))
    sealed: Mapped[str] = mapped_column(Text)  # the secret, encrypted as addresses are
    events: Mapped[str] = mapped_column(String(80))  # separated by spaces
    state: Mapped[str] = mapped_column(String(8))  # domain.operations.webhook_rules
    given_up: Mapped[int] = mapped_column(SmallInteger, default=0)  # messages in a row
    case_news: Mapped[bool] = mapped_column(Boolean, default=False)  # it is still to be told


class WebhookDelivery(Base):
    """A message to a webhook: waiting, taken, or given up. Expiry deletes it after a month."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_webhook", "webhook_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    webhook_id: Mapped[int] = goes_with("webhook.id")
    # The same at each attempt, so that a receiver knows a message again.
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    event: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds
    due: Mapped[int] = mapped_column(Integer, index=True)  # of the next attempt (Unix seconds)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    state: Mapped[str] = mapped_column(String(8))  # domain.operations.webhook_rules
    outcome: Mapped[str] = mapped_column(String(20), default="")  # of the last attempt


class MapStep(Base):
    """A round number of people that a map has passed, once and for all."""

    __tablename__ = "map_step"
    __table_args__ = (
        Index(
            "ix_map_step_is_news",
            "is_news",
            sqlite_where=text("is_news"),
            postgresql_where=text("is_news"),
        ),
    )

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    people: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    is_news: Mapped[bool] = mapped_column(Boolean)
