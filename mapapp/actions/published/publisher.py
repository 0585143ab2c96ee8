"""Makes a publication: the only writer of what the public reads (privacy rule 4).

Cards and numbers are written beside those that stand, in short transactions; at the end one row is
flipped, and from then on every answer belongs to the new publication. Each step can be stopped at
any moment and be done again: what was noted is kept until the flip that counts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from mapapp.actions.published.card_rows import OF_AREA, add_cards, cards_held, cards_of, end_cards
from mapapp.actions.published.numbers_kept import keep_condition_numbers, placed_at
from mapapp.domain.published.packed import AUDIENCES, Placed, pack, placed_of, together
from mapapp.store import facts
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership
from mapapp.store.published import (
    NOT_REPLACED,
    THE_SITE,
    AreaNumbers,
    ListingLanguage,
    ListingRow,
    NumberChange,
)

MEMBERS_A_PART = 2_000
CONDITIONS_A_PART = 50


@dataclass(frozen=True)
class Change:
    """By how much the numbers of a map change.

    Attributes:
        condition_id: of which map, or ``THE_SITE``.
        places: what is added at each area, of any sign.
        by_key: what is added to numbers of the whole map, by (key, visibility).
    """

    condition_id: int
    places: Placed
    by_key: dict[tuple[str, str], int]

    @property
    def moves_numbers(self) -> bool:
        """Whether any area has more or fewer people, whoever sees them by name."""
        return bool(self.places.people.any())


def standing_number(session: Session) -> int:
    """Return the number of the publication that stands, 0 before the first."""
    return int(facts.fact(session, facts.PUBLICATION) or 0)


def stage(session: Session, number: int, until: int, most: int = MEMBERS_A_PART) -> int:
    """Write the cards of memberships beside those that stand; return how many were taken.

    Args:
        session: in a transaction that writes.
        number: of the publication that is being made.
        until: memberships that are due at this moment or earlier are taken (Unix seconds).
        most: how many at once.
    """
    wanted = (
        select(Membership.condition_id, Membership.member_id)
        .where(Membership.due >= 0, Membership.due <= until)
        .order_by(Membership.due)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    # Marked inside this transaction, by a number that no moment has: the statements that follow
    # need not name thousands of members.
    mark = -number
    key = tuple_(Membership.condition_id, Membership.member_id)
    taken = _set_due(session, mark, key.in_(wanted))
    if taken:
        marked = Membership.due == mark
        standing = cards_held(session, marked, ListingRow.until == NOT_REPLACED)
        end_cards(session, standing, number)
        add_cards(session, cards_of(session, number, marked))
        _set_due(session, None, marked)
    return taken


def _set_due(session: Session, due: int | None, *terms: ColumnElement[bool]) -> int:
    done = session.execute(
        update(Membership)
        .where(*terms)
        .values(due=due)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def take_changes(session: Session, number: int) -> bool:
    """Take the changes that were noted so far into publication ``number``; False: there are none.

    Those that are noted from now on wait for the next one.
    """
    done = session.execute(
        update(NumberChange)
        .where(NumberChange.taken.is_(None))
        .values(taken=number)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        return True
    # Taken by a run that was stopped.
    taken = select(NumberChange.id).where(NumberChange.taken == number).limit(1)
    return session.scalar(taken) is not None


def _noted(session: Session, number: int) -> Iterator[Change]:
    query = (
        select(
            NumberChange.condition_id,
            NumberChange.key,
            NumberChange.area_id,
            NumberChange.visibility,
            func.sum(NumberChange.n),
        )
        .where(NumberChange.taken == number)
        .group_by(
            NumberChange.condition_id,
            NumberChange.key,
            NumberChange.area_id,
            NumberChange.visibility,
        )
        .order_by(NumberChange.condition_id)
    )
    rows = session.execute(query.execution_options(yield_per=10_000))
    for condition_id, group in groupby(rows, key=lambda row: int(row[0])):
        every: list[Any] = list(group)
        places = placed_of(row[2:] for row in every if row[1] == OF_AREA)
        by_key = {(row[1], row[3]): int(row[4]) for row in every if row[1] != OF_AREA}
        yield Change(condition_id, places, by_key)


def every_change(session: Session, number: int) -> list[Change]:
    """Return what publication ``number`` changes, map by map, and for the whole site."""
    noted = list(_noted(session, number))
    maps = [change for change in noted if change.condition_id != THE_SITE]
    return [*maps, _of_the_site(session, noted)]


def _of_the_site(session: Session, changes: list[Change]) -> Change:
    """Return what is added to the numbers of all maps that are shown, taken together."""
    hidden = set(session.scalars(select(Condition.id).where(Condition.shown.is_(False))))
    shown = [change.places for change in changes if change.condition_id not in hidden]
    return Change(THE_SITE, together(shown), {})


def note_map_of_site(session: Session, condition_id: int, by: int) -> None:
    """Note that a map joins (1) the numbers of the whole site or leaves them (-1)."""
    placed = placed_at(session, condition_id)
    rows = [
        {
            "condition_id": THE_SITE,
            "key": OF_AREA,
            "area_id": area_id,
            "visibility": visibility,
            "n": by * n,
        }
        for area_id, numbers in zip(placed.ids.tolist(), placed.numbers.tolist(), strict=True)
        for visibility, n in zip(AUDIENCES, numbers, strict=True)
        if n
    ]
    insert_rows(session, NumberChange, rows)


def write_numbers(session: Session, number: int, changes: list[Change]) -> None:
    """Write the numbers of maps as they are after their changes, beside those that stand."""
    ids = [change.condition_id for change in changes]
    again = (AreaNumbers.publication == number, AreaNumbers.condition_id.in_(ids))
    session.execute(delete(AreaNumbers).where(*again))
    rows = [
        {
            "condition_id": change.condition_id,
            "publication": number,
            "numbers": pack(together((placed_at(session, change.condition_id), change.places))),
        }
        for change in changes
    ]
    insert_rows(session, AreaNumbers, rows)


def flip(session: Session, number: int, moment: int | None, changes: list[Change]) -> None:
    """Let publication ``number`` stand from now on.

    Args:
        session: in a transaction that writes.
        number: the new publication.
        moment: for which it was due (Unix seconds); None: for none.
        changes: what it changes, as ``every_change`` told.
    """
    maps = [change for change in changes if change.condition_id != THE_SITE]
    # The version is what tags of numbers are made of: it tells nobody that a card is another one,
    # or that it is shown to others.
    for change in (change for change in maps if change.moves_numbers):
        session.execute(
            update(Condition)
            .where(Condition.id == change.condition_id)
            .values(
                listed=Condition.listed + int(change.places.numbers.sum()),
                version=Condition.version + 1,
            )
        )
    keep_condition_numbers(session, {change.condition_id: change.by_key for change in maps})
    session.execute(delete(NumberChange).where(NumberChange.taken == number))
    facts.state(session, facts.PUBLICATION, str(number))
    if moment is not None:
        facts.state(session, facts.PUBLISHED_FOR, str(moment))


def tidy(session: Session) -> None:
    """Delete what no publication shows any more: cards that were replaced, older numbers."""
    number = standing_number(session)
    for table in (ListingLanguage, ListingRow):
        session.execute(delete(table).where(table.until <= number, table.until < NOT_REPLACED))
    newer = aliased(AreaNumbers)
    replaced = (
        select(newer.publication)
        .where(
            newer.condition_id == AreaNumbers.condition_id,
            newer.publication > AreaNumbers.publication,
            newer.publication <= number,
        )
        .exists()
    )
    session.execute(delete(AreaNumbers).where(replaced))
