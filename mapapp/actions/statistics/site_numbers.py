"""The whole site in numbers, for admins: its maps in several orders, and what releases cost.

All of it is published or released already; nothing here reads a membership.
"""

from dataclasses import dataclass

from sqlalchemy import SQLColumnExpression, func, literal, select
from sqlalchemy.orm import Session

from mapapp.actions.core.paging import Key, Order, Page, Spot, mapped, read_page
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd
from mapapp.store.records import LedgerEntry, Release

MAPS_A_PAGE = 30
BY_PEOPLE, BY_GROWTH, BY_COUNTRIES = "people", "growth", "countries"
MAP_ORDERS = (BY_PEOPLE, BY_GROWTH, BY_COUNTRIES)
"""What the maps can be ordered by, the largest first."""


@dataclass(frozen=True)
class MapNumbers:
    """A map that has people.

    Attributes:
        shown: False where staff hid the condition.
        people: how many are listed.
        more: how many more than at the end of the month that was asked for.
        countries: how many it reaches.
    """

    slug: str
    name: str
    shown: bool
    people: int
    more: int
    countries: int


def maps_in_numbers(
    session: Session, by: str, since: str, spot: Spot | None = None
) -> Page[MapNumbers]:
    """Return a page of the maps that have people, in one of ``MAP_ORDERS``.

    Args:
        by: that order.
        since: the month from whose end on growth is counted; '' counts all as growth.
        spot: where the page begins or ends.

    Raises:
        BadInputError: for a spot of another list.
    """
    then = (MonthEnd.condition_id == Condition.id) & (MonthEnd.month == since)
    more = Condition.listed - func.coalesce(MonthEnd.listed, literal(0))
    columns: dict[str, SQLColumnExpression[int]] = {
        BY_PEOPLE: Condition.listed,
        BY_GROWTH: more,
        BY_COUNTRIES: Condition.countries,
    }
    order = Order(
        (Key(columns[by], falls=True), Key(Condition.name), Key(Condition.id)), MAPS_A_PAGE
    )
    query = (
        select(Condition.slug, Condition.name, Condition.shown, *columns.values())
        .outerjoin(MonthEnd, then)
        .where(Condition.listed > 0)
    )
    found = read_page(session, query, order, spot)
    return mapped(
        found,
        lambda row: MapNumbers(
            slug=row[0], name=row[1], shown=row[2], people=row[3], more=row[4], countries=row[5]
        ),
    )


@dataclass(frozen=True)
class EpochCost:
    """What the releases of a quarter or a year asked, and what they cost.

    Attributes:
        epoch: its name.
        maps: how many maps were asked.
        asked: how many questions were paid for, each to one map.
        lost: how many of them have no answer: a run was stopped, or the demo was removed.
        spent: thousandths of epsilon, of whoever took part on a map that was asked most.
    """

    epoch: str
    maps: int
    asked: int
    lost: int
    spent: int


def epoch_costs(session: Session, first_year: int) -> list[EpochCost]:
    """Return what the ledger says of each epoch since a year, newest first."""
    of_a_map = (
        select(
            LedgerEntry.epoch,
            func.count().label("asked"),
            func.count(Release.ledger_id).label("answered"),
            func.sum(LedgerEntry.epsilon).label("spent"),
        )
        .outerjoin(Release, Release.ledger_id == LedgerEntry.id)
        .where(LedgerEntry.epoch >= f"{first_year:04d}")
        .group_by(LedgerEntry.epoch, LedgerEntry.condition_id)
        .subquery()
    )
    asked, answered = func.sum(of_a_map.c.asked), func.sum(of_a_map.c.answered)
    rows = session.execute(
        select(of_a_map.c.epoch, func.count(), asked, answered, func.max(of_a_map.c.spent))
        .group_by(of_a_map.c.epoch)
        .order_by(of_a_map.c.epoch.desc())
    )
    return [
        EpochCost(epoch, maps, int(asked), int(asked - answered), int(spent))
        for epoch, maps, asked, answered, spent in rows
    ]
