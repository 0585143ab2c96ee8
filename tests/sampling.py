"""Parts of wide matrices: each row and each column at least once, the same ones in every run.

A matrix of pages and texts that would run, or of routes and junk, takes minutes as a whole. A part
of it that has every row and every column finds nearly all that the whole one finds, because what is
wrong is wrong with a page or with a text, and seldom with one pair of them. ``scripts/test --full``
runs the whole; another part is chosen with ``--seed``.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice, product
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
SEED = 11


@dataclass(frozen=True)
class Sampling:
    """How much of a matrix is run.

    Attributes:
        full: all of it.
        seed: chooses the part otherwise.
    """

    full: bool = False
    seed: int = SEED

    def pairs(self, rows: Sequence[A], columns: Sequence[B], least: int = 1) -> list[tuple[A, B]]:
        """Return pairs in which every row stands ``least`` times or more, and every column once."""
        if self.full:
            return list(product(rows, columns))
        dice = self._dice(len(rows), len(columns))
        most = min(least, len(columns))
        # Dealt out like cards: nobody is given one twice, and each card is dealt in the end.
        cards = cycle(dice.sample(range(len(columns)), len(columns)))
        shuffled = dice.sample(range(len(rows)), len(rows))
        chosen = {(row, card) for row in shuffled for card in islice(cards, most)}
        rest = range(len(rows) * most, len(columns))
        chosen |= {(row, card) for _left, row, card in zip(rest, cycle(shuffled), cards)}
        return [(rows[row], columns[card]) for row, card in sorted(chosen)]

    def some(self, values: Sequence[A], most: int) -> list[A]:
        """Return at most so many of the values, in their order, with the first and the last."""
        if self.full or len(values) <= most:
            return list(values)
        inner = self._dice(len(values), most).sample(range(1, len(values) - 1), most - 2)
        return [values[place] for place in (0, *sorted(inner), len(values) - 1)]

    def _dice(self, *shape: int) -> random.Random:
        # The shape belongs to the seed, so that one row more elsewhere changes nothing here.
        return random.Random(repr((self.seed, *shape)))
