"""The door out: raw numbers become public ones here, and nowhere else (privacy rules 2, 3, 7)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.area_tree import LEVELS, Areas
from mapapp.errors import N_, BadInputError

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Totals:
    """Listed members of one condition, per area with its whole subtree.

    Attributes:
        by_area: int64 array, one number per area of the tree.
        placed: int64 array, how many chose exactly this area.
    """

    by_area: Ints
    placed: Ints

    @property
    def everywhere(self) -> int:
        """How many there are in the world."""
        return int(self.by_area[0])


def roll_up(areas: Areas, ids: Ints, numbers: Ints) -> Totals:
    """Sum sparse numbers along the tree.

    Args:
        areas: the area tree.
        ids: areas that have a number, shape (n,).
        numbers: how many placed themselves at exactly that area, shape (n,).

    Returns:
        Totals over the whole tree; one pass, because a subtree is a slice of ids.
    """
    placed = np.zeros(len(areas), dtype=np.int64)
    np.add.at(placed, ids, numbers)
    running = np.concatenate(([0], np.cumsum(placed)))
    return Totals(running[areas.end] - running[: len(areas)], placed)


def level_counts(areas: Areas, totals: Totals, level: str, under: int = 0) -> tuple[Ints, Ints]:
    """Return the areas of ``level`` within ``under`` that have people, and their numbers.

    Raises:
        BadInputError: for a level that does not exist.
    """
    if level not in LEVELS:
        raise BadInputError(
            N_("There is no level “%(level)s”. Levels: %(levels)s."),
            level=level,
            levels=", ".join(LEVELS),
        )
    inside = areas.subtree(under)
    here = totals.by_area[inside]
    chosen = (areas.level[inside] == LEVELS.index(level)) & (here > 0)
    ids = np.flatnonzero(chosen) + inside.start
    return ids.astype(np.int64), here[chosen]


def countries_reached(areas: Areas, totals: Totals) -> int:
    """Return the number of countries (or country groups) that have anyone in them."""
    return len(level_counts(areas, totals, "country")[0])
