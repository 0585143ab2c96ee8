"""What an auditor reads of released numbers on the site's pages, and two linear programs."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from mapapp.domain.published import release_rules
from mapapp.domain.published.release_rules import (
    FULL_BUDGET,
    SHOWN_FROM,
    THOUSAND,
    Attribute,
    Level,
    query_of,
)
from tests.attacks.target import Target

CERTAIN = 5
"""Nobody can rely on an error that 5 of 100 numbers exceed; 3 of 10 million exceed five of it."""
BAR = re.compile(r'<dt>([^<]*)</dt>.*?<span class="bar-number">(about|under) ([\d,]+)', re.DOTALL)
HIDDEN = re.compile(r"About <strong>([\d,]+) ")
ERROR = re.compile(r"95 are within ([\d,]+) of")


@dataclass(frozen=True)
class Told:
    """What a page tells of a noisy number.

    Attributes:
        cell: of what: two numbers of two epochs may be of the same.
        low, high: between which it is, before it was rounded or left out.
        epsilon: how much more a noise is worth that is smaller by one.
        error: 95 of 100 such numbers are nearer to the truth.
    """

    cell: str
    low: float
    high: float
    epsilon: float
    error: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether the page shows a number, and not only that it is a small one."""
        return self.low > -math.inf


def epsilon_of(attribute: Attribute, level: Level = Level.WORLD) -> float:
    """Return what a number of this question costs somebody who is in it."""
    query = query_of(attribute, level)
    return query.spent(FULL_BUDGET) / THOUSAND / query.bound


def hidden_told(target: Target, slug: str) -> list[Told]:
    """Return what is told of hidden people, of the world and of the country."""
    pages = {
        Level.WORLD: f"/conditions/{slug}",
        Level.COUNTRY: f"/conditions/{slug}/areas/GB",
    }
    found = []
    for level, page in pages.items():
        shown = HIDDEN.search(target.get(page))
        epsilon = epsilon_of(Attribute.PEOPLE, level)
        if shown is None:
            found.append(Told("hidden", -math.inf, SHOWN_FROM - 1, epsilon))
            continue
        # Of all that a step may stand for, the life that is nearer to its middle is the likelier.
        middle = _number(shown[1]) + (release_rules.TOLD_IN_STEPS - 1) / 2
        found.append(Told("hidden", middle, middle, epsilon))
    return found


def bars_told(page: str, title: str, attribute: Attribute) -> list[Told]:
    """Return what a chart tells: the title of the section, and the words of each bar."""
    section = page.partition(f'aria-labelledby="{title}"')[2].partition("</dl>")
    error = ERROR.search(section[2] or page)
    found = []
    for words, how, number in BAR.findall(section[0]):
        shown = _number(number)
        low, high = (shown, shown) if how == "about" else (-math.inf, shown - 1)
        found.append(
            Told(words, low, high, epsilon_of(attribute), _number(error[1]) if error else 0)
        )
    return found


def people_told(page: str) -> int:
    """Return the exact number of people on the map, as the page of its numbers has it."""
    found = re.search(r"<dt>People on the map</dt><dd>([\d,]+)", page)
    if found is None:
        raise ValueError("The page tells no number of people.")
    return _number(found[1])


def likeliest(told: Sequence[Told], known: Mapping[str, int], lives: Sequence[str | None]) -> int:
    """Return which of the lives of one person explains the noisy numbers best.

    Args:
        told: the numbers.
        known: how many others are in each cell.
        lives: in which cell the person is, if it is that life; None for none.

    The noise of all numbers, each weighed by its epsilon, is as small as it can be: with noise from
    Laplace's distribution, this is the likeliest life.
    """
    n, of = len(told), len(lives)
    weights = np.concatenate([np.zeros(of), [one.epsilon for one in told]])
    rows, limits = [], []
    for at, one in enumerate(told):
        is_in = np.array([float(life == one.cell) for life in lives])
        noise = -np.eye(n)[at]
        base = known.get(one.cell, 0)
        rows += [np.concatenate([is_in, noise]), np.concatenate([-is_in, noise])]
        limits += [one.high - base, base - one.low]
    is_bound = np.isfinite(limits)
    one_life = np.concatenate([np.ones(of), np.zeros(n)])[None]
    found = linprog(
        weights, np.array(rows)[is_bound], np.array(limits)[is_bound], one_life, [1.0], (0, None)
    )
    return int(np.argmax(found.x[:of]))


def widths(told: Sequence[Told], people: int) -> list[int]:
    """Return how many values are left for each number that is not shown.

    Args:
        told: numbers of cells in which everybody is exactly once; those of one cell are of the same
            people in two epochs.
        people: how many there are.
    """
    cells = list(dict.fromkeys(one.cell for one in told))
    least = {cell: 0.0 for cell in cells}
    most = {cell: float(people) for cell in cells}
    for one in told:
        noise = CERTAIN * one.error
        least[one.cell] = max(least[one.cell], one.low - noise)
        most[one.cell] = min(most[one.cell], one.high + noise)
    hidden = [cell for cell in cells if not any(o.is_shown for o in told if o.cell == cell)]
    ends = [(least[cell], most[cell]) for cell in cells]
    all_of_them = np.ones((1, len(cells)))
    found = []
    for cell in hidden:
        way = np.array([float(one == cell) for one in cells])
        down, up = (
            linprog(sign * way, A_eq=all_of_them, b_eq=[people], bounds=ends) for sign in (1, -1)
        )
        if down.success and up.success:
            found.append(math.floor(-up.fun + 1e-6) - math.ceil(down.fun - 1e-6) + 1)
    return found


def _number(text: str) -> int:
    return int(text.replace(",", ""))
