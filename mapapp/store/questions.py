"""Questions about a condition, and the answers that the site's editors wrote to them."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with, outlives
from mapapp.store.members import new_public_id


class Question(Base):
    """A question of one condition: taken from the set that ships, or asked by a member."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("condition_id", "slug"),
        Index("ix_question_top", "condition_id", "state", "answers", "reads"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    condition_id: Mapped[int] = goes_with("condition.id")
    slug: Mapped[str] = mapped_column(String(120))  # the key of one from the set
    title: Mapped[str] = mapped_column(String(200), default="")  # '': one from the set
    state: Mapped[str] = mapped_column(String(8))  # domain.knowledge.question_set
    # Who asked, until a moderator has decided; afterwards nobody did.
    proposed_by: Mapped[int | None] = outlives("member.id", index=True)
    # How many answers of members are shown, kept in the transaction that shows or hides one.
    answers: Mapped[int] = mapped_column(Integer, default=0)
    reads: Mapped[int] = mapped_column(Integer, default=0)  # about; counted in parts
    words: Mapped[str] = mapped_column(Text, default="")  # folded title and answer, to search in


class Editorial(Base):
    """A version of the editors' answer to a question; the newest published one is shown."""

    __tablename__ = "editorial"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    question_id: Mapped[int] = goes_with("question.id")
    number: Mapped[int] = mapped_column(Integer)  # of the version, from 1
    state: Mapped[str] = mapped_column(String(10))  # 'draft' or 'published'
    # One of domain.knowledge.editorial_rules.AUTHOR_ROLES.
    author_role: Mapped[str] = mapped_column(String(16))
    reviewer: Mapped[str] = mapped_column(String(120), default="")  # '': nobody yet
    reviewed: Mapped[date | None] = mapped_column(Date)
    review_due: Mapped[date | None] = mapped_column(Date)
    body: Mapped[str] = mapped_column(Text)  # Markdown
    sources: Mapped[str] = mapped_column(Text)  # JSON, domain.knowledge.editorial_rules.Source
    day: Mapped[date] = mapped_column(Date)
    by: Mapped[str] = mapped_column(String(36), default="")  # public id of staff, or FROM_FILES
