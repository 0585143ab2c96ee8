"""Used limits, and the people a reader has read about today."""

from datetime import date

from sqlalchemy import Date, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mapapp.store.base import Base


class Quota(Base):
    """How much of a limit (privacy rule 6) was used in a window.

    ``subject`` is a keyed hash of limit, person and thing, so that the row links to nobody
    without the site's key; rows are deleted when their window has ended.
    """

    __tablename__ = "quota"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int] = mapped_column(Integer, default=0)
    ends: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds


class KeptRestriction(Base):
    """What outlasts the erasure of an account, until it would have ended (privacy rule 8).

    ``mark`` is a keyed hash of the address, which is forgotten: only whoever signs in with it is
    told.
    """

    __tablename__ = "kept_restriction"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # actions.account
    until: Mapped[date] = mapped_column(Date, index=True)  # the first day without it
    # Under which limits are counted, of the kind that is about them. It leads to no row.
    number: Mapped[int | None] = mapped_column(Integer)


class Reading(Base):
    """Which people and areas a reader saw in a day, as keyed hashes of eight bytes each.

    ``domain.safety.reading_limits.Marks`` knows the shape of the two. ``subject`` is a keyed hash
    too; rows are deleted when their day is over (privacy rule 6).
    """

    __tablename__ = "reading"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    people: Mapped[bytes] = mapped_column(LargeBinary)
    areas: Mapped[bytes] = mapped_column(LargeBinary)
    ends: Mapped[int] = mapped_column(Integer, index=True)  # Unix seconds
