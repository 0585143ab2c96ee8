"""What members write for everyone to read: answers to questions, and stories."""

from datetime import date

from sqlalchemy import (
    Boolean,
    Date,
    Float,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    TextClause,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason
from mapapp.store.base import Base, FlagSet, goes_with
from mapapp.store.members import new_public_id


def _index_of(name: str, of: str, *then: str, where: str = "", found: bool = False) -> Index:
    """Return an index of some posts, in the order of a list; ``found``: by search engines."""

    def _only(yes: str) -> TextClause:
        return text(" AND ".join(filter(None, (where, f'"indexed" IS {yes}' if found else ""))))

    columns = (of, "state", *then, "id")
    some, on_postgresql = _only("1"), _only("true")
    return Index(f"ix_post_{name}", *columns, sqlite_where=some, postgresql_where=on_postgresql)


class Post(Base):
    """An answer to a question, or a story where there is no question; it goes with its writer."""

    __tablename__ = "post"
    __table_args__ = (
        # The role behind lets a list of one role pass over others in the index; with the reasons
        # behind, the answers of a question are counted there.
        Index("ix_post_answers", "question_id", "state", "rank", "id", "role"),
        Index("ix_post_newest_answers", "question_id", "state", "id", "role", "hidden_reasons"),
        _index_of("newest", "condition_id", where="question_id IS NOT NULL"),
        Index("ix_post_stories", "condition_id", "question_id", "state", "id"),
        # Of what search engines may have, which can be little among very much, for visitors.
        _index_of("found_answers", "question_id", "rank", found=True),
        _index_of("found_newest", "condition_id", where="question_id IS NOT NULL", found=True),
        _index_of("found_stories", "condition_id", where="question_id IS NULL", found=True),
        Index("ix_post_member", "member_id", "condition_id"),
        # The number of a post that is gone is given to no other: the newest ones stand first.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    condition_id: Mapped[int] = goes_with("condition.id")
    question_id: Mapped[int | None] = goes_with("question.id")
    member_id: Mapped[int] = goes_with("member.id")
    title: Mapped[str] = mapped_column(String(120), default="")  # of a story
    text: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))  # domain.knowledge.post_rules.SPEAKERS
    years: Mapped[int | None] = mapped_column(SmallInteger)  # with the condition
    named_to: Mapped[str] = mapped_column(String(8))  # domain.knowledge.post_rules.NAME_CHOICES
    indexed: Mapped[bool] = mapped_column(Boolean, default=False)  # may search engines have it
    state: Mapped[str] = mapped_column(String(8))  # domain.core.free_text
    # Why it is not shown although it is sent.
    hidden_reasons: Mapped[HiddenReason] = mapped_column(FlagSet(HiddenReason), default=NOT_HIDDEN)
    speaks_of_cure: Mapped[bool] = mapped_column(Boolean, default=False)
    day: Mapped[date] = mapped_column(Date)
    edited: Mapped[date | None] = mapped_column(Date)
    # Kept in the transaction of each vote: how many found it helpful, of how many, and the order.
    helpful: Mapped[int] = mapped_column(Integer, default=0)
    votes: Mapped[int] = mapped_column(Integer, default=0)
    rank: Mapped[float] = mapped_column(Float, default=0.0)
    words: Mapped[str] = mapped_column(Text, default="")  # folded, to search in


class PostVersion(Base):
    """What a post said before it was changed, a day or more after it was written."""

    __tablename__ = "post_version"

    post_id: Mapped[int] = goes_with("post.id", primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # from 1, the oldest
    title: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)  # on which it was written


class PostVote(Base):
    """Whether one member found a post helpful."""

    __tablename__ = "post_vote"

    post_id: Mapped[int] = goes_with("post.id", primary_key=True)
    member_id: Mapped[int] = goes_with("member.id", primary_key=True, index=True)
    helpful: Mapped[bool] = mapped_column(Boolean)
