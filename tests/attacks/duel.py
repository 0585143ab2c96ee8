"""How an attack went: how often it was right, beside guessing and beside what is allowed."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.attacks.target import Target

STANDARD_ERRORS = 3


@dataclass(frozen=True)
class Outcome:
    """An attack that tried, again and again, to tell a secret that was drawn anew each time.

    Attributes:
        trials: how often.
        right: how often it told the right one.
        spent: epsilon, all of what concerned the person in what was read; 0 for none.
        guessing: how often guessing is right: one half where two worlds are as likely, and 0 where
            each time that something was told is one too many.
        note: a figure that says more than the rate.
    """

    trials: int
    right: int
    spent: float = 0.0
    guessing: float = 0.5
    note: str = ""

    @property
    def rate(self) -> float:
        """How often it was right."""
        return self.right / self.trials

    @property
    def allowed(self) -> float:
        """How often it may be right: as often as guessing is where nothing was spent."""
        # Epsilon bounds by how much an answer may change the odds.
        odds = self.guessing / (1 - self.guessing) * math.exp(self.spent)
        return odds / (1 + odds)

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
            f"right in {self.rate:.1%} of {self.trials:,} trials; guessing {self.guessing:.1%}, "
            f"allowed {self.allowed:.1%}, limit {self.limit:.1%}: {end}"
            f"{self.note and f' ({self.note})'}"
        )


@dataclass(frozen=True)
class Attack:
    """An attack on one promise of the site.

    Attributes:
        number: as in docs/privacy.md.
        name: what the attacker wants, in a few words.
        play: attacks a new site so many times.
        unprotected: takes away what protects, in this process, for as long as it is entered.
        short: trials of the run in the tests.
        long: trials of a run against a served site, where nobody asks for another number.
        in_browser: whether it needs one.
    """

    number: str
    name: str
    play: Callable[[Target, int], Outcome]
    unprotected: Callable[[], AbstractContextManager[None]]
    short: int = 60
    long: int = 400
    in_browser: bool = False
