"""Comparing what is published with what is due, and repairing it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, literal, select, union, update
from sqlalchemy.orm import Session

from mapapp.actions.published.card_rows import (
    OF_AREA,
    OF_LANGUAGE,
    OF_MONTH,
    OF_ROLE,
    withdraw_cards,
)
from mapapp.actions.published.numbers_kept import add_condition_numbers, placed_at
from mapapp.actions.published.publishing import WITH_THE_NEXT
from mapapp.domain.core.visibilities import LISTED
from mapapp.domain.published.packed import NO_PEOPLE, Placed, minus, pack, placed_of, together
from mapapp.store import facts
from mapapp.store.bulk import insert_rows
from mapapp.store.conditions import Condition
from mapapp.store.members import Member, Membership
from mapapp.store.published import (
    NOT_REPLACED,
    THE_SITE,
    AreaNumbers,
    ConditionNumber,
    ListingLanguage,
    ListingRow,
    NumberChange,
    of_membership,
    standing,
)

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Difference:
    """A number that is not what a recount of the cards gives, at one area or of a whole map."""

    condition_id: int
    area_id: int | None  # None: the condition's total
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
    site, waiting = NO_PEOPLE, _waiting(session)
    for condition_id, listed, is_shown in _conditions(session):
        stored, cards = placed_at(session, condition_id), _counted(session, condition_id)
        due = together((stored, waiting.get(condition_id, NO_PEOPLE)))
        found += _compared(condition_id, due, cards)
        people = int(stored.numbers.sum())
        if listed != people:
            found.append(Difference(condition_id, None, listed, people))
        if is_shown:
            site = together((site, stored))
        advance(1)
    of_site = (placed_at(session, THE_SITE), waiting.get(THE_SITE, NO_PEOPLE))
    found += _compared(THE_SITE, together(of_site), site)
    return Check(tuple(found), _number(session, *_lacks_card()) + _number(session, *_is_nobodys()))


def repair_published(session: Session) -> None:
    """Count everything anew, and let wrong cards come with the next publication.

    Numbers are those of the cards that are there: what waits for a publication is counted now.
    """
    nobodys = session.execute(select(ListingRow.__table__).where(*_is_nobodys())).mappings()
    withdraw_cards(session, nobodys.all())
    lacking = update(Membership).where(*_lacks_card()).values(due=WITH_THE_NEXT)
    session.execute(lacking.execution_options(synchronize_session=False))
    number = int(facts.fact(session, facts.PUBLICATION) or 0) + 1
    for table in (NumberChange, ConditionNumber, AreaNumbers):
        session.execute(delete(table))
    site, rows = NO_PEOPLE, []
    for condition_id, _listed, is_shown in _conditions(session):
        cards = _counted(session, condition_id)
        if is_shown:
            site = together((site, cards))
        rows.append(_packed(condition_id, number, cards))
        people = int(cards.numbers.sum())
        session.execute(
            update(Condition)
            .where(Condition.id == condition_id)
            .values(listed=people, version=Condition.version + 1)
        )
    insert_rows(session, AreaNumbers, [*rows, _packed(THE_SITE, number, site)])
    _count_keys(session)
    facts.state(session, facts.PUBLICATION, str(number))


def _conditions(session: Session) -> list[tuple[int, int, bool]]:
    """Return id, number and whether it is shown, of the conditions that have or had anybody."""
    tables = (AreaNumbers, NumberChange, ListingRow)
    has_something = union(
        select(Condition.id).where(Condition.listed != 0),
        *(select(table.condition_id).distinct() for table in tables),
    )
    query = (
        select(Condition.id, Condition.listed, Condition.shown)
        .where(Condition.id.in_(has_something))
        .order_by(Condition.id)
    )
    return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]


def _counted(session: Session, condition_id: int) -> Placed:
    query = (
        select(ListingRow.area_id, ListingRow.visibility, func.count())
        .where(ListingRow.condition_id == condition_id, ListingRow.until == NOT_REPLACED)
        .group_by(ListingRow.visibility, ListingRow.area_id)
    )
    return placed_of(session.execute(query))


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


def _is_waiting() -> ColumnElement[bool]:
    """Return the term on changes that the standing numbers do not hold yet."""
    return NumberChange.taken.is_(None) | (NumberChange.taken > standing())


def _compared(condition_id: int, stored: Placed, true: Placed) -> Iterator[Difference]:
    apart = minus(stored, true)
    wrong = apart.ids[apart.numbers.any(axis=1)]
    if not len(wrong):
        return
    at = [dict(zip(p.ids.tolist(), p.people.tolist(), strict=True)) for p in (stored, true)]
    for area_id in wrong.tolist():
        yield Difference(condition_id, area_id, at[0].get(area_id, 0), at[1].get(area_id, 0))


def _packed(condition_id: int, number: int, placed: Placed) -> dict[str, Any]:
    return {"condition_id": condition_id, "publication": number, "numbers": pack(placed)}


def _lacks_card() -> tuple[ColumnElement[bool], ...]:
    """Return the terms on memberships that should have a card as they are, and have none."""
    alike = exists().where(
        of_membership(Membership.condition_id, Membership.member_id),
        ListingRow.until == NOT_REPLACED,
        ListingRow.visibility == Membership.visibility,
        ListingRow.area_id == Membership.area_id,
        ListingRow.pseudonym == Membership.pseudonym,
        ListingRow.role == Membership.role,
    )
    active = exists().where(Member.id == Membership.member_id, Member.active)
    return Membership.visibility.in_(LISTED), Membership.due.is_(None), active, ~alike


def _is_nobodys() -> tuple[ColumnElement[bool], ...]:
    """Return the terms on cards of members who are not listed there."""
    theirs = exists().where(
        Membership.condition_id == ListingRow.condition_id,
        Membership.member_id == ListingRow.member_id,
        Membership.visibility.in_(LISTED),
    )
    return ListingRow.until == NOT_REPLACED, ~theirs


def _number(session: Session, *terms: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*terms)) or 0


def _count_keys(session: Session) -> None:
    """Count roles, languages and months of whole maps anew."""
    for table, prefix, value in (
        (ListingRow, OF_ROLE, ListingRow.role),
        (ListingRow, OF_MONTH, ListingRow.month),
        (ListingLanguage, OF_LANGUAGE, ListingLanguage.language),
    ):
        number = (table.condition_id, value, table.visibility)
        add_condition_numbers(
            session,
            select(table.condition_id, literal(prefix) + value, table.visibility, func.count())
            .where(table.until == NOT_REPLACED)
            .group_by(*number),
        )
