"""One page of a long list, found by what its items are ordered by.

The next page begins behind the last item that was shown, however many others came or went in the
meantime: whoever stays is shown exactly once. Counting from the beginning would show some twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Label, Row, Select, SQLColumnExpression, and_, or_
from sqlalchemy.orm import Session

from mapapp.errors import N_, BadInputError

T = TypeVar("T")

PEOPLE_A_PAGE = 20
NO_PAGE = N_("There is no such page. Start from the first one.")

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A query of any columns."""

Values = tuple[int | float | str, ...]


@dataclass(frozen=True)
class Spot:
    """A spot in a list, between two items.

    Attributes:
        values: what the item beside it is ordered by.
        is_end: whether the page ends at the spot, before that item; otherwise it begins there.
    """

    values: Values
    is_end: bool = False


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list.

    Attributes:
        items: the items on this page.
        total: how many items the whole list has; 0 where nobody asks and they are not counted.
        previous: where the page before this one ends, None where there is none.
        next: where the page behind this one begins, None where there is none.
        is_first: whether it shows the beginning of the list.
    """

    items: tuple[T, ...]
    total: int
    previous: Spot | None = None
    next: Spot | None = None
    is_first: bool = True

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Key:
    """What a list is ordered by; all keys of a list together are different for each item."""

    column: SQLColumnExpression[Any]
    falls: bool = False


@dataclass(frozen=True)
class Order:
    """The order of a list, and how many items a page has."""

    keys: tuple[Key, ...]
    size: int

    def behind(self, spot: Spot | None) -> tuple[ColumnElement[bool], ...]:
        """Return the term for the items on the spot's side; none without a spot.

        Raises:
            BadInputError: for a spot of another list.
        """
        if spot is None:
            return ()
        if len(spot.values) != len(self.keys):
            raise BadInputError(NO_PAGE)
        steps: list[ColumnElement[bool]] = []
        same: list[ColumnElement[bool]] = []
        for key, value in zip(self.keys, spot.values, strict=True):
            falls = key.falls != spot.is_end
            steps.append(and_(*same, key.column < value if falls else key.column > value))
            same.append(key.column == value)
        return (or_(*steps),)

    def ways(self, spot: Spot | None) -> list[ColumnElement[Any]]:
        """Return the order in which to read, away from the spot."""
        turned = spot is not None and spot.is_end
        return [k.column.desc() if k.falls != turned else k.column.asc() for k in self.keys]


def read_page(
    session: Session, query: AnySelect, order: Order, spot: Spot | None, total: int = 0
) -> Page[Row[Any]]:
    """Return the page of ``query`` at ``spot``, the first one for None.

    The rows have what they are ordered by behind the columns of ``query``.

    Args:
        total: how many items the whole list has, where its page says so.

    Raises:
        BadInputError: for a spot of another list.
    """
    return as_page(rows_from(session, query, order, spot), order.size, spot, total)


def rows_from(
    session: Session, query: AnySelect, order: Order, spot: Spot | None
) -> list[tuple[Row[Any], Values]]:
    """Return the rows beside ``spot``, nearest first: a page, and one more if there are more.

    Each comes with what it is ordered by.

    Raises:
        BadInputError: for a spot of another list.
    """
    keys: list[Label[Any]] = [key.column.label(f"key_{at}") for at, key in enumerate(order.keys)]
    rows = session.execute(
        query.add_columns(*keys)
        .where(*order.behind(spot))
        .order_by(*order.ways(spot))
        .limit(order.size + 1)
    )
    return [(row, tuple(row[-len(keys) :])) for row in rows]


def as_page(found: Sequence[tuple[T, Values]], size: int, spot: Spot | None, total: int) -> Page[T]:
    """Return the page of what was read away from ``spot``: at most ``size`` and one more."""
    some, more = list(found[:size]), len(found) > size
    if spot is not None and spot.is_end:
        some.reverse()
        has_previous, has_next = more, True
    else:
        has_previous, has_next = spot is not None, more
    return Page(
        tuple(item for item, _ in some),
        total,
        Spot(some[0][1], is_end=True) if some and has_previous else None,
        Spot(some[-1][1]) if some and has_next else None,
        is_first=spot is None or bool(some and not has_previous),
    )


def mapped(page: Page[Any], make: Callable[[Any], T]) -> Page[T]:
    """Return the page with ``make`` of each item."""
    return Page(
        tuple(make(item) for item in page.items),
        page.total,
        page.previous,
        page.next,
        page.is_first,
    )
