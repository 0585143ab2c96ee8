"""The numbers of a map as bytes that NumPy reads in one go.

Each area with people is four little-endian 32-bit integers: its id, and how many chose exactly this
area and are seen by everyone, by members, and by people on this map.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.core.visibilities import MAP, MEMBERS, PUBLIC

AUDIENCES = (PUBLIC, MEMBERS, MAP)
"""The order of the columns; a stored value never changes its meaning."""
IN_A_ROW = 1 + len(AUDIENCES)

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Placed:
    """How many placed themselves at exactly these areas.

    Attributes:
        ids: int64 array of areas, rising, shape (n,).
        numbers: int64 array, one column for each of ``AUDIENCES``, shape (n, 3).
    """

    ids: Ints
    numbers: Ints

    @cached_property
    def people(self) -> Ints:
        """How many there are at each area, whoever sees them, shape (n,)."""
        return self.seen_by(AUDIENCES)

    def equals(self, other: "Placed") -> bool:
        """Whether both have the same areas and numbers."""
        return np.array_equal(self.ids, other.ids) and np.array_equal(self.numbers, other.numbers)

    def seen_by(self, visibilities: tuple[str, ...]) -> Ints:
        """Return how many of these visibilities there are at each area, shape (n,)."""
        seen = np.zeros(len(self.ids), np.int64)
        for one in visibilities:  # much faster than NumPy's sum over so short an axis
            seen += self.numbers[:, AUDIENCES.index(one)]
        return seen


NO_PEOPLE = Placed(np.zeros(0, np.int64), np.zeros((0, len(AUDIENCES)), np.int64))


def unpack(packed: bytes | None) -> Placed:
    """Return what ``pack`` was given; nobody for None."""
    if not packed:
        return NO_PEOPLE
    table = np.frombuffer(packed, "<i4").reshape(-1, IN_A_ROW).astype(np.int64)
    return Placed(table[:, 0], table[:, 1:])


def pack(placed: Placed) -> bytes:
    """Return the numbers as they are stored; areas without people are left out."""
    there = placed.numbers.any(axis=1)
    table = np.column_stack((placed.ids[there], placed.numbers[there]))
    return table.astype("<i4").tobytes()


def placed_of(rows: Iterable[Sequence[Any]]) -> Placed:
    """Return the numbers that rows (area, visibility, number) say; areas may come twice."""
    every = list(rows)
    numbers = np.zeros((len(every), len(AUDIENCES)), np.int64)
    columns = [AUDIENCES.index(row[1]) for row in every]
    numbers[np.arange(len(every)), columns] = [row[2] for row in every]
    return together([Placed(np.array([row[0] for row in every], np.int64), numbers)])


def together(parts: Sequence[Placed]) -> Placed:
    """Return the sum of lists of numbers of any sign; they may be unsorted and name areas twice."""
    ids = np.concatenate([NO_PEOPLE.ids, *(part.ids for part in parts)])
    numbers = np.concatenate([NO_PEOPLE.numbers, *(part.numbers for part in parts)])
    every, at = np.unique(ids, return_inverse=True)
    total = np.zeros((len(every), len(AUDIENCES)), np.int64)
    np.add.at(total, at, numbers)
    return Placed(every, total)


def minus(one: Placed, other: Placed) -> Placed:
    """Return by how much the first list is above the second."""
    return together((one, Placed(other.ids, -other.numbers)))
