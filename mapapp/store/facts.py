"""Facts about the site as a whole, each a key and a short text."""

from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from mapapp.store.base import Base

AREA_VERSION = "area_version"
CONDITIONS_VERSION = "conditions_version"
HAS_DEMO = "has_demo"
PUBLICATION = "publication"  # the number of the one that stands
PUBLISHED_FOR = "published_for"  # the moment for which it was due (Unix seconds)
MONTHS_KEPT = "months_kept"  # the last month whose end is in the table month_end
PUBLIC_VERSION = "public_version"  # another one after each change of what visitors read
# What is left to do after a member was erased: the list, SQLite's file, and its journal.
ERASED, FILE_UNCLEAN, JOURNAL_FULL = "erased", "file_unclean", "journal_full"
FILE_WRITTEN = "file_written"  # the hour in which the file was last rewritten


LONGEST_KEY = 40


class SiteFact(Base):
    """A fact about this site as a whole: ``area_version``, ``has_demo``, ``conditions_version``."""

    __tablename__ = "site_fact"

    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


def fact(session: Session, key: str) -> str:
    """Return the fact ``key``, '' where it was never stated."""
    return session.scalar(select(SiteFact.value).where(SiteFact.key == key)) or ""


def state(session: Session, key: str, value: str) -> None:
    """State the fact ``key``; an empty value takes it back."""
    if value:
        claim(session, key, value)
    else:
        session.execute(delete(SiteFact).where(SiteFact.key == key))


def claim(session: Session, key: str, value: str) -> bool:
    """State the fact ``key``; return whether it was not stated so already.

    Of several transactions that say the same at once one is told True: the others wait for it.
    """
    # One statement, because between looking and writing another transaction may write.
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    stating = dialect.insert(SiteFact).values(key=key, value=value)
    changing = stating.on_conflict_do_update(
        index_elements=["key"], set_={"value": value}, where=SiteFact.value != value
    )
    return session.scalar(changing.returning(SiteFact.key)) is not None


def step_up(session: Session, key: str) -> None:
    """Add one to the fact ``key``, so that what was made from it and kept is seen to be old."""
    state(session, key, str(int(fact(session, key) or 0) + 1))
