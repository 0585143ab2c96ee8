"""How an attack went: how often it was right, beside guessing and beside what is allowed."""

import math
from collections.abc import Callable
from dataclasses import dataclass

Get = Callable[[str], str]
"""Asks the site for a page, as anybody can, and returns its text."""
STANDARD_ERRORS = 3


@dataclass(frozen=True)
class Outcome:
    """An attack that tried to tell, again and again, which of two worlds it sees.

    Attributes:
        trials: how often; each time either world is as likely.
        right: how often it told the right one.
        spent: epsilon, all of what concerned the person in what was read; 0 for none.
    """

    name: str
    trials: int
    right: int
    spent: float

    @property
    def rate(self) -> float:
        """How often it was right."""
        return self.right / self.trials

    @property
    def allowed(self) -> float:
        """How often it may be right: one half where nothing was spent."""
        return 1 / (1 + math.exp(-self.spent))

    @property
    def limit(self) -> float:
        """The rate from which on it was more than chance."""
        p = self.allowed
        return p + STANDARD_ERRORS * math.sqrt(p * (1 - p) / self.trials)

    @property
    def is_held(self) -> bool:
        """Whether the site held."""
        return self.rate <= self.limit

    def __str__(self) -> str:
        end = "held" if self.is_held else "BROKEN"
        return (
            f"{self.name}: right in {self.rate:.1%} of {self.trials} trials; guessing 50.0%, "
            f"allowed {self.allowed:.1%}, limit {self.limit:.1%}: {end}"
        )
