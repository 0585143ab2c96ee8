"""Comparing what is published with what is due, and repairing it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    union,
    update,
)
from sqlalchemy.orm import Session

from mapapp.actions.published.card_check import (
    is_nobodys,
    lacks_card,
    memberships_without,
    standing_cards,
)
from mapapp.actions.published.card_rows import (
    OF_AREA,
    OF_BIRTH,
    OF_LANGUAGE,
    OF_ROLE,
    withdraw_cards,
)
from mapapp.actions.published.listed_totals import reached_by
from mapapp.actions.published.numbers_kept import add_condition_numbers, placed_at
from mapapp.actions.published.publishing import WITH_THE_NEXT
from mapapp.domain.published.packed import Placed, minus, pack, placed_of, together
from mapapp.store import facts
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership
from mapapp.store.published import (
    NOT_REPLACED,
    THE_SITE,
    AreaNumbers,
    ConditionNumber,
    ListingLanguage,
    ListingRow,
    NumberChange,
    standing,
)

Advance = Callable[[int], None]
MAPS_AT_ONCE = 16


@dataclass(frozen=True)
class Difference:
    """A number that is not what a recount of the cards gives, at one area or of a whole map."""

    condition_id: int
    area_id: int | None  # None: the condition's people or countries
    stored: int
    true: int


@dataclass(frozen=True)
class Check:
    """What a recount found: wrong numbers, and how many memberships have no card or a wrong one."""

    numbers: tuple[Difference, ...]
    cards: int

    @property
    def wrong(self) -> int:
        """How many things are wrong."""
        return len(self.numbers) + self.cards


def check_published(session: Session, advance: Advance = lambda done: None) -> Check:
    """Recount all cards and compare: with the numbers, and with the memberships.

    A change that waits for the next publication is no fault.
    """
    found: list[Difference] = []
    site, waiting, alike, nobodys = _Site(), _waiting(session), 0, 0
    for condition_id, listed, countries, is_shown in _conditions(session):
        stored, cards = placed_at(session, condition_id), standing_cards(session, condition_id)
        found += _compared(condition_id, _due(stored, waiting, condition_id), cards.placed)
        alike, nobodys = alike + cards.alike, nobodys + cards.nobodys
        people = int(stored.numbers.sum())
        if listed != people:
            found.append(Difference(condition_id, None, listed, people))
        reached = reached_by(stored)
        if countries != reached and condition_id not in waiting:
            found.append(Difference(condition_id, None, countries, reached))
        if is_shown:
            site.add(stored)
        advance(1)
    due = _due(placed_at(session, THE_SITE), waiting, THE_SITE)
    found += _compared(THE_SITE, due, site.placed())
    return Check(tuple(found), memberships_without(session, alike) + nobodys)


def repair_published(session: Session) -> None:
    """Count everything anew, and let wrong cards come with the next publication.

    Numbers are those of the cards that are there: what waits for a publication is counted now.
    """
    nobodys = session.execute(select(ListingRow.__table__).where(*is_nobodys())).mappings()
    withdraw_cards(session, nobodys.all())
    lacking = update(Membership).where(*lacks_card()).values(due=WITH_THE_NEXT)
    session.execute(lacking.execution_options(synchronize_session=False))
    number = int(facts.fact(session, facts.PUBLICATION) or 0) + 1
    for table in (NumberChange, ConditionNumber, AreaNumbers):
        session.execute(delete(table))
    site, rows = _Site(), []
    for condition_id, _listed, _countries, is_shown in _conditions(session):
        cards = standing_cards(session, condition_id).placed
        if is_shown:
            site.add(cards)
        rows.append(_packed(condition_id, number, cards))
        people = int(cards.numbers.sum())
        session.execute(
            update(Condition)
            .where(Condition.id == condition_id)
            .values(
                listed=people,
                countries=reached_by(cards),
                version=Condition.version + 1,
            )
        )
    insert_rows(session, AreaNumbers, [*rows, _packed(THE_SITE, number, site.placed())])
    _count_keys(session)
    facts.state(session, facts.PUBLICATION, str(number))


class _Site:
    """The sum of the numbers of maps, added up some at a time."""

    def __init__(self) -> None:
        self._parts: list[Placed] = []

    def add(self, placed: Placed) -> None:
        """Add the numbers of a map."""
        self._parts.append(placed)
        if len(self._parts) == MAPS_AT_ONCE:
            self._parts = [together(self._parts)]

    def placed(self) -> Placed:
        """Return the sum."""
        return together(self._parts)


def _conditions(session: Session) -> list[tuple[int, int, int, bool]]:
    """Return id, people, countries and whether it is shown, of conditions that had anybody."""
    numbered = union(*(select(table.condition_id) for table in (AreaNumbers, NumberChange)))
    has_card = exists().where(ListingRow.condition_id == Condition.id)
    query = (
        select(Condition.id, Condition.listed, Condition.countries, Condition.shown)
        .where((Condition.listed != 0) | Condition.id.in_(numbered) | has_card)
        .order_by(Condition.id)
    )
    return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]


def _waiting(session: Session) -> dict[int, Placed]:
    """Return by how much the numbers of each map will change, all maps in one reading."""
    columns = (NumberChange.condition_id, NumberChange.area_id, NumberChange.visibility)
    query = (
        select(*columns, func.sum(NumberChange.n))
        .where(NumberChange.key == OF_AREA, _is_waiting())
        .group_by(*columns)
        .order_by(NumberChange.condition_id)
    )
    rows = groupby(session.execute(query), key=lambda row: int(row[0]))
    return {condition_id: placed_of(row[1:] for row in group) for condition_id, group in rows}


def _due(stored: Placed, waiting: dict[int, Placed], condition_id: int) -> Placed:
    """Return the numbers of a map as they will be with the next publication."""
    changes = waiting.get(condition_id)
    return stored if changes is None else together((stored, changes))


def _is_waiting() -> ColumnElement[bool]:
    """Return the term on changes that the standing numbers do not hold yet."""
    return NumberChange.taken.is_(None) | (NumberChange.taken > standing())


def _compared(condition_id: int, stored: Placed, true: Placed) -> Iterator[Difference]:
    if stored.equals(true):
        return
    apart = minus(stored, true)
    wrong = apart.ids[apart.numbers.any(axis=1)]
    if not len(wrong):
        return
    at = [dict(zip(p.ids.tolist(), p.people.tolist(), strict=True)) for p in (stored, true)]
    for area_id in wrong.tolist():
        yield Difference(condition_id, area_id, at[0].get(area_id, 0), at[1].get(area_id, 0))


def _packed(condition_id: int, number: int, placed: Placed) -> dict[str, Any]:
    return {"condition_id": condition_id, "publication": number, "numbers": pack(placed)}


def _count_keys(session: Session) -> None:
    """Count roles, languages and decades of birth of whole maps anew."""
    for table, prefix, value in (
        (ListingRow, OF_ROLE, ListingRow.role),
        (ListingRow, OF_BIRTH, cast(ListingRow.birth_decade, String)),
        (ListingLanguage, OF_LANGUAGE, ListingLanguage.language),
    ):
        number = (table.condition_id, value, table.visibility)
        add_condition_numbers(
            session,
            select(table.condition_id, literal(prefix) + value, table.visibility, func.count())
            .where(table.until == NOT_REPLACED, value.is_not(None))
            .group_by(*number),
        )
