"""The public side as the last publication left it: cards of people, and numbers.

The publisher (``actions.published.publisher``) writes these tables, and an act that takes a card
away deletes it. Each publication has a number, one higher than the one before; which of them stands
is the fact ``PUBLICATION``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    ScalarSelect,
    SmallInteger,
    SQLColumnExpression,
    String,
    cast,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base, goes_with
from mapapp.store.facts import PUBLICATION, SiteFact

NOT_REPLACED = 2**31 - 1
"""Until which publication a card stands that none has replaced."""
THE_SITE = 0
"""Instead of a condition's id: all shown conditions together."""


def standing() -> ScalarSelect[int]:
    """Return the number of the publication that stands, for use inside a statement."""
    stated = select(cast(SiteFact.value, Integer)).where(SiteFact.key == PUBLICATION)
    return stated.scalar_subquery()


def _index_of_replaced(table: str) -> Index:
    """Return the index of the rows that a publication replaced: few, or none."""
    some = text(f"until < {NOT_REPLACED}")
    return Index(f"ix_{table}_until", "until", sqlite_where=some, postgresql_where=some)


class ListingRow(Base):
    """A card: a member as others may read about them on one map.

    A row is read in the publications from ``since`` to the one before ``until``. The key keeps the
    cards of an area beside each other, in the order in which lists show them.
    """

    __tablename__ = "listing"
    __table_args__ = (
        Index("ix_listing_world", "condition_id", "visibility", "listing_order", "public_id"),
        Index("ix_listing_member", "member_id", "condition_id"),
        Index(
            "ix_listing_adviser",
            "condition_id",
            "visibility",
            "listing_order",
            "public_id",
            sqlite_where=text("adviser"),
            postgresql_where=text("adviser"),
        ),
        Index(
            "ix_listing_born",
            "condition_id",
            "birth_decade",
            "visibility",
            "listing_order",
            "public_id",
            sqlite_where=text("birth_decade IS NOT NULL"),
            postgresql_where=text("birth_decade IS NOT NULL"),
        ),
        _index_of_replaced("listing"),
        {"sqlite_with_rowid": False},
    )

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    visibility: Mapped[str] = mapped_column(String(8), primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    listing_order: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    since: Mapped[int] = mapped_column(Integer, primary_key=True)
    until: Mapped[int] = mapped_column(Integer)
    member_id: Mapped[int] = goes_with("member.id")
    pseudonym: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(16))
    languages: Mapped[str] = mapped_column(String(60))  # tags, sorted, with spaces
    month: Mapped[str] = mapped_column(String(7))
    # What they would like to be asked, as in ``ContactWish``.
    reasons: Mapped[str] = mapped_column(String(120))
    not_now: Mapped[bool] = mapped_column(Boolean)
    carers_only: Mapped[bool] = mapped_column(Boolean)
    same_language: Mapped[bool] = mapped_column(Boolean)
    farthest: Mapped[int | None] = mapped_column(SmallInteger)
    # Offers to help newcomers, as staff confirmed (``AdviserOffer``).
    adviser: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # Only what the member shows, and only people on this map read it.
    birth_decade: Mapped[int | None] = mapped_column(SmallInteger)
    diagnosis_decade: Mapped[int | None] = mapped_column(SmallInteger)


class ListingLanguage(Base):
    """A language on a card, so that the few who speak a rare one are found among very many."""

    __tablename__ = "listing_language"
    __table_args__ = (
        _index_of_replaced("listing_language"),
        {"sqlite_with_rowid": False},
    )

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    visibility: Mapped[str] = mapped_column(String(8), primary_key=True)
    listing_order: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    since: Mapped[int] = mapped_column(Integer, primary_key=True)
    until: Mapped[int] = mapped_column(Integer)


def of_membership(
    condition_id: SQLColumnExpression[int], member_id: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Return the term that joins a membership, or what else names both, to its cards."""
    # The zero keeps databases that do not know how many cards a map has from the key of the map:
    # a member has few cards, a map may have millions.
    return (ListingRow.member_id == member_id) & (ListingRow.condition_id + 0 == condition_id)


def stands() -> ColumnElement[bool]:
    """Return the term that lets through the cards of the publication that stands."""
    return (ListingRow.since <= standing()) & (ListingRow.until > standing())


class NumberChange(Base):
    """By how much a number will change with the next publication.

    ``key`` is '' for the number of an area; ``role:…``, ``language:…`` and ``born:…`` are
    numbers of a whole map, at area 0.
    """

    __tablename__ = "number_change"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    condition_id: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(20))
    area_id: Mapped[int] = mapped_column(Integer)
    visibility: Mapped[str] = mapped_column(String(8))
    n: Mapped[int] = mapped_column(Integer)
    # The publication that is being made with it; empty: it came later and waits for the next one.
    taken: Mapped[int | None] = mapped_column(Integer)


class AreaNumbers(Base):
    """How many are listed at exactly each area of a map, packed: see ``domain.published.packed``.

    A publication writes a row beside the one that stands, for each map that changed.
    """

    __tablename__ = "area_numbers"

    # Of a condition, or THE_SITE.
    condition_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    publication: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    numbers: Mapped[bytes] = mapped_column(LargeBinary)


class ConditionNumber(Base):
    """How many of a whole map have a role, speak a language or show a decade."""

    __tablename__ = "condition_number"

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    key: Mapped[str] = mapped_column(String(20), primary_key=True)  # as in NumberChange
    visibility: Mapped[str] = mapped_column(String(8), primary_key=True)
    n: Mapped[int] = mapped_column(Integer)


class MonthEnd(Base):
    """How many were listed on a map when a month ended; where nobody was, there is no row."""

    __tablename__ = "month_end"

    condition_id: Mapped[int] = goes_with("condition.id", primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    listed: Mapped[int] = mapped_column(Integer)


class SiteMonthEnd(Base):
    """How many listings all shown maps had when a month ended, and on how many maps they were.

    There is a row for each month whose end was kept, also where nobody was on any map.
    """

    __tablename__ = "site_month_end"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    listed: Mapped[int] = mapped_column(Integer)
    conditions: Mapped[int] = mapped_column(Integer)
