"""What was reported or held, and what moderators decided."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with, outlives
from mapapp.store.members import new_public_id


class Case(Base):
    """Something for a moderator: something reported or held, or a reader who read very much."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        Index("ix_moderation_case_queue", "state", "urgency", "id"),
        Index("ix_moderation_case_piece", "kind", "piece"),
        Index(
            "ix_moderation_case_is_news",
            "is_news",
            sqlite_where=text("is_news"),
            postgresql_where=text("is_news"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    kind: Mapped[str] = mapped_column(String(12))  # domain.safety.case_rules.KINDS
    piece: Mapped[str] = mapped_column(String(36))  # public id of what it is about
    # None: has left the site; what was reported stays, and leads to nobody. Or it is a visitor.
    subject_id: Mapped[int | None] = outlives("member.id", index=True)
    # On which map; None: on none, such as a reader who read very much.
    condition_id: Mapped[int | None] = outlives("condition.id")
    # The most urgent one of domain.safety.case_rules.CATEGORIES.
    category: Mapped[str] = mapped_column(String(12))
    urgency: Mapped[int] = mapped_column(SmallInteger)  # 0 first
    state: Mapped[str] = mapped_column(String(10))  # domain.safety.case_rules
    evidence: Mapped[str] = mapped_column(Text)  # JSON: the piece as it was when it was reported
    hides: Mapped[bool] = mapped_column(Boolean, default=False)  # the piece, until it is decided
    opened: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    first_act: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_by: Mapped[str] = mapped_column(String(36), default="")  # public id of a moderator
    # Whether moderators are still to be told by mail that something waits.
    is_news: Mapped[bool] = mapped_column(Boolean, default=True, server_default=false())


class Report(Base):
    """One member's report of a case; each reports a piece once."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("case_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = goes_with("moderation_case.id")
    reporter_id: Mapped[int | None] = outlives("member.id", index=True)
    category: Mapped[str] = mapped_column(String(12))
    # Whether it helps to hide the piece: reports of accounts younger than a week do not.
    weighs: Mapped[bool] = mapped_column(Boolean)
    # Of who reported, for moderators alone; it goes with the copy of what was reported.
    words: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class CaseNote(Base):
    """What one moderator tells the others about a case; it goes with the copy, or before."""

    __tablename__ = "case_note"
    __table_args__ = (Index("ix_case_note_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = goes_with("moderation_case.id")
    by: Mapped[str] = mapped_column(String(36))  # public id of the moderator
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)


class Ruling(Base):
    """What a moderator decided about a member, why, and what the member said to it."""

    __tablename__ = "ruling"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    case_id: Mapped[int] = goes_with("moderation_case.id", index=True)
    member_id: Mapped[int | None] = outlives("member.id", index=True)
    act: Mapped[str] = mapped_column(String(10))  # domain.safety.case_rules.ACTS
    reason: Mapped[str] = mapped_column(Text)  # shown to the member
    until: Mapped[date | None] = mapped_column(Date)  # of a silence: the first day without it
    by: Mapped[str] = mapped_column(String(36))  # public id of the moderator
    day: Mapped[date] = mapped_column(Date)
    read: Mapped[bool] = mapped_column(Boolean, default=False)
    appeal: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(8), default="")  # '', 'upheld' or 'lifted'
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
