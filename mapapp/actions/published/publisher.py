"""Makes a publication: the only writer of what the public reads (privacy rule 4).

Cards and numbers are written beside those that stand, in short transactions; at the end one row is
flipped, and from then on every answer belongs to the new publication. Each step can be stopped at
any moment and be done again: what was noted is kept until the flip that counts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from mapapp.actions.published.card_rows import (
    CARD_ROWS,
    CHANGE_ROWS,
    LANGUAGE_ROWS,
    OF_AREA,
    cards_held,
    cards_of,
    replace_cards,
)
from mapapp.actions.published.listed_totals import reached_by
from mapapp.actions.published.map_steps import note_steps
from mapapp.actions.published.numbers_kept import add_condition_numbers, placed_at
from mapapp.domain.published.packed import Placed, pack, placed_of, together
from mapapp.store import facts
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership
from mapapp.store.published import (
    NOT_REPLACED,
    THE_SITE,
    AreaNumbers,
    ListingRow,
    NumberChange,
)

MEMBERS_A_PART = 2_000
CONDITIONS_A_PART = 50

TIDIED_A_PART = 5_000

CONDITION_ROWS: Table = Condition.__table__  # type: ignore[assignment]
NUMBER_ROWS: Table = AreaNumbers.__table__  # type: ignore[assignment]

Reached = dict[int, int]
"""How many countries maps reach, by condition."""


@dataclass(frozen=True)
class Change:
    """By how much the numbers of a map change.

    Attributes:
        condition_id: of which map, or ``THE_SITE``.
        places: what is added at each area, of any sign.
    """

    condition_id: int
    places: Placed

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
        replace_cards(session, standing, cards_of(session, number, marked), number)
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
    columns = (NumberChange.condition_id, NumberChange.area_id, NumberChange.visibility)
    query = (
        select(*columns, func.sum(NumberChange.n))
        .where(NumberChange.taken == number, NumberChange.key == OF_AREA)
        .group_by(*columns)
        .order_by(NumberChange.condition_id)
    )
    rows = session.execute(query.execution_options(yield_per=10_000))
    for condition_id, group in groupby(rows, key=lambda row: int(row[0])):
        yield Change(condition_id, placed_of(row[1:] for row in group))


def every_change(session: Session, number: int) -> list[Change]:
    """Return what publication ``number`` changes, map by map, and for the whole site."""
    noted = list(_noted(session, number))
    maps = [change for change in noted if change.condition_id != THE_SITE]
    return [*maps, _of_the_site(session, noted)]


def _of_the_site(session: Session, changes: list[Change]) -> Change:
    """Return what is added to the numbers of all maps that are shown, taken together."""
    hidden = set(session.scalars(select(Condition.id).where(Condition.shown.is_(False))))
    shown = [change.places for change in changes if change.condition_id not in hidden]
    return Change(THE_SITE, together(shown))


def write_numbers(session: Session, number: int, changes: list[Change]) -> Reached:
    """Write the numbers of maps as they are after their changes, beside those that stand.

    Return how many countries each map reaches then.
    """
    ids = [change.condition_id for change in changes]
    again = (AreaNumbers.publication == number, AreaNumbers.condition_id.in_(ids))
    session.execute(delete(AreaNumbers).where(*again))
    then = {
        change.condition_id: together((placed_at(session, change.condition_id), change.places))
        for change in changes
    }
    rows = [
        {"condition_id": condition_id, "publication": number, "numbers": pack(placed)}
        for condition_id, placed in then.items()
    ]
    insert_rows(session, AreaNumbers, rows)
    return {condition_id: reached_by(placed) for condition_id, placed in then.items()}


def flip(
    session: Session, number: int, moment: int | None, changes: list[Change], reached: Reached
) -> None:
    """Let publication ``number`` stand from now on.

    Args:
        session: in a transaction that writes.
        number: the new publication.
        moment: for which it was due (Unix seconds); None: for none.
        changes: what it changes, as ``every_change`` told.
        reached: of those maps, as ``write_numbers`` told.
    """
    # The version is what tags of numbers are made of: it tells nobody that a card is another one,
    # or that it is shown to others.
    changed = [
        {
            "of_map": change.condition_id,
            "by": int(change.places.numbers.sum()),
            "reached": reached[change.condition_id],
            "steps": int(change.moves_numbers),
        }
        for change in changes
        if change.condition_id != THE_SITE
    ]
    if changed:
        table = CONDITION_ROWS
        changing = (
            update(table)
            .where(table.c.id == bindparam("of_map"))
            .values(
                listed=table.c.listed + bindparam("by"),
                countries=bindparam("reached"),
                version=table.c.version + bindparam("steps"),
            )
        )
        session.connection().execute(changing, changed)
        note_steps(session, changed)
    add_condition_numbers(session, _noted_of_maps(number))
    facts.state(session, facts.PUBLICATION, str(number))
    if moment is not None:
        facts.state(session, facts.PUBLISHED_FOR, str(moment))


def _noted_of_maps(number: int) -> Select[int, str, str, int]:
    """Return the query for by how much numbers of whole maps change."""
    columns = (NumberChange.condition_id, NumberChange.key, NumberChange.visibility)
    by = func.sum(NumberChange.n)
    return (
        select(*columns, by)
        .where(NumberChange.taken == number, NumberChange.key != OF_AREA)
        .group_by(*columns)
        .having(by != 0)
    )


def forget_counted(session: Session, most: int = TIDIED_A_PART) -> int:
    """Delete up to ``most`` changes that the numbers hold by now; return how many."""
    counted = NumberChange.taken <= standing_number(session)
    some = select(NumberChange.id).where(counted).limit(most)
    done = session.connection().execute(delete(CHANGE_ROWS).where(CHANGE_ROWS.c.id.in_(some)))
    return done.rowcount


def tidy(session: Session, most: int = TIDIED_A_PART) -> int:
    """Delete what no publication shows any more; return how many rows went, 0 when none is left.

    Args:
        session: in a transaction that writes.
        most: so many cards that were replaced, as many of their languages, and as many changes that
            were counted; of the older numbers of maps, up to ``CONDITIONS_A_PART``.
    """
    number = standing_number(session)
    gone = forget_counted(session, most)
    for table in (LANGUAGE_ROWS, CARD_ROWS):
        is_replaced = (table.c.until <= number) & (table.c.until < NOT_REPLACED)
        gone += _delete_some(session, table, is_replaced, most)
    newer = aliased(AreaNumbers)
    has_newer = (
        select(newer.publication)
        .where(
            newer.condition_id == AreaNumbers.condition_id,
            newer.publication > AreaNumbers.publication,
            newer.publication <= number,
        )
        .exists()
    )
    return gone + _delete_some(session, NUMBER_ROWS, has_newer, CONDITIONS_A_PART)


def _delete_some(session: Session, table: Table, term: ColumnElement[bool], most: int) -> int:
    # Each by its own key: SQLite looks for a list of keys of many columns by the first one alone.
    key = list(table.primary_key)
    connection = session.connection()
    rows = connection.execute(
        select(*key).where(term).limit(most).with_for_update(skip_locked=True)
    ).all()
    if rows:
        mine = (column == bindparam(f"old_{column.name}") for column in key)
        names = [f"old_{column.name}" for column in key]
        old = [dict(zip(names, row, strict=True)) for row in rows]
        connection.execute(delete(table).where(*mine), old)
    return len(rows)
