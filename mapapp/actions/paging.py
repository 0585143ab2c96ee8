"""One page of a long list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from mapapp.errors import BadInputError, NotFoundError

T = TypeVar("T")

PEOPLE_A_PAGE = 20
LARGEST_PAGE = 100_000
NO_PAGE = "There is no page with that number."


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of the items of a list, and where in the list they stand.

    Attributes:
        items: what stands on this page.
        number: which page it is, from 1.
        size: how many items a full page has.
        total: how many items the whole list has.
    """

    items: tuple[T, ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty list has one, empty."""
        return max(1, -(-self.total // self.size))

    @property
    def window(self) -> tuple[int | None, ...]:
        """Page numbers worth a link: first, last and those around this one; None is a gap."""
        near = range(self.number - 2, self.number + 3)
        wanted = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        return tuple(_with_gaps(wanted))

    def existing(self) -> "Page[T]":
        """Return it.

        Raises:
            NotFoundError: when the list ends before this page.
        """
        if self.number > self.pages:
            raise NotFoundError(NO_PAGE)
        return self

    def __len__(self) -> int:
        return len(self.items)


def _with_gaps(numbers: list[int]) -> Iterator[int | None]:
    before = 0
    for number in numbers:
        if number == before + 2:
            yield number - 1
        elif number > before + 2:
            yield None
        yield number
        before = number


def page_start(number: int, size: int) -> int:
    """Return how many items come before page ``number``.

    Raises:
        BadInputError: for a number that no list has.
    """
    if not 1 <= number <= LARGEST_PAGE:
        raise BadInputError(NO_PAGE)
    return (number - 1) * size
