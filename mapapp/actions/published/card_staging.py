"""Writes the cards of the next publication beside those that stand.

It works in short transactions, so that nobody who writes meanwhile waits long. A part that was
written is done: whatever stops the publisher, the next run goes on where this one was.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from mapapp.domain.core.visibilities import LISTED
from mapapp.store.bulk import insert_rows
from mapapp.store.contact import ContactWish
from mapapp.store.members import Member, MemberLanguage, Membership
from mapapp.store.published import FOREVER, Listing, ListingLanguage, NumberChange

MEMBERS_A_PART = 2_000
AREA, ROLE, LANGUAGE, MONTH = "", "role:", "language:", "month:"
"""Of which number a change is; the last three are followed by a value."""

Number = tuple[int, str, int, str]
"""Condition, key, area and visibility."""

COUNTED_BY = (
    Listing.condition_id,
    Listing.visibility,
    Listing.area_id,
    Listing.role,
    Listing.languages,
    Listing.month,
)


def stage(
    session: Session, number: int, until: int, most: int = MEMBERS_A_PART, *only: ColumnElement[bool]
) -> int:
    """Stage the cards of memberships for a publication; return how many were taken.

    Args:
        session: in a transaction that writes.
        number: of the publication that is being made.
        until: memberships that are due at this moment or earlier are taken (Unix seconds).
        most: how many at once.
        only: terms on them.
    """
    mark = -number  # no moment is negative
    wanted = (
        select(Membership.condition_id, Membership.member_id)
        .where(Membership.due >= 0, Membership.due <= until, *only)
        .order_by(Membership.due)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    key = tuple_(Membership.condition_id, Membership.member_id)
    taken = session.execute(_quietly(update(Membership).where(key.in_(wanted)).values(due=mark)))
    if taken.rowcount == 0:
        return 0
    marked = select(Membership.condition_id, Membership.member_id).where(Membership.due == mark)
    mine = tuple_(Listing.condition_id, Listing.member_id).in_(marked)
    changes: Counter[Number] = Counter()
    _close(session, changes, number, mine)
    _write(session, changes, number, mark)
    note_changes(session, changes)
    session.execute(_quietly(update(Membership).where(Membership.due == mark).values(due=None)))
    return int(taken.rowcount)


def _close(
    session: Session, changes: Counter[Number], number: int, mine: ColumnElement[bool]
) -> None:
    """Let the cards that stand end with this publication; one that nobody read yet goes."""
    stands = (mine, Listing.until == FOREVER)
    _count(changes, session.execute(select(*COUNTED_BY).where(*stands)), -1)
    for table in (ListingLanguage, Listing):
        here = stands if table is Listing else (_of_cards(*stands),)
        session.execute(_quietly(delete(table).where(*here, table.since == number)))
        session.execute(_quietly(update(table).where(*here).values(until=number)))


def _of_cards(*stands: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the term for the languages of cards."""
    table = ListingLanguage
    cards = select(Listing.public_id).where(*stands)
    return and_(table.until == FOREVER, table.public_id.in_(cards))
