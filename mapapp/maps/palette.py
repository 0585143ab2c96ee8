"""Classes and colours of the map: at most six, with round limits, safe for colour blindness."""

import math
from dataclasses import dataclass

import numpy as np

from mapapp.domain.published.rates import Floats

CLASSES = 6
BADGE_LIMITS = (1, 5, 20, 100, 500, 2000)  # where the classes of numbers begin, in people

LIGHT = ("#cfccc4", "#85aea8", "#51908c", "#237373", "#005659", "#00393b", "#001012")
"""Nobody, then the six shades, on a light sea: each darker than the one before.

Each stands out from the next, and land from sea, by a contrast of at least 1.5 to 1.
"""
DARK = ("#2e3737", "#335557", "#3b7475", "#489494", "#6bb6b3", "#a1dbd5", "#f7fffd")
"""The same on a dark background: each lighter than the one before."""

SHADES = {
    1: (3,),
    2: (1, 4),
    3: (1, 3, 5),
    4: (1, 2, 3, 5),
    5: (1, 2, 3, 4, 5),
    6: (1, 2, 3, 4, 5, 6),
}
"""The shades that a scale with this many classes uses: the last, nearly black, only for six."""


@dataclass(frozen=True)
class Scale:
    """Classes of one quantity.

    Attributes:
        limits: where each class begins, ascending; a class ends where the next begins. Any value
            above zero belongs at least to the first.
        shades: the shade (1 to 6) of each class.
    """

    limits: tuple[float, ...]
    shades: tuple[int, ...]

    def shade(self, value: float) -> int:
        """Return the shade of ``value``; 0 for nobody, and where there is no rate."""
        if value <= 0:
            return 0
        reached = sum(value >= limit for limit in self.limits)
        return self.shades[max(0, reached - 1)]


def number_scale(most: int) -> Scale:
    """Return the scale for numbers of people up to ``most``, with only the classes it needs."""
    used = tuple(float(limit) for limit in BADGE_LIMITS if limit <= max(1, most))
    return Scale(used, SHADES[len(used)])


def rate_scale(rates: Floats) -> Scale:
    """Return the scale for people per million residents; without rates it has no classes.

    Limits are 1, 2 or 5 times a power of ten. The last class begins near the 90th percentile, so
    that one tiny country with one person does not make all others pale.
    """
    positive = rates[rates > 0]
    if not len(positive):
        return Scale((), ())
    top = _round_step(float(np.percentile(positive, 90)))
    lowest = float(positive.min())
    limits = [top]
    while limits[0] > lowest and len(limits) < CLASSES:
        limits.insert(0, _round_step(limits[0] * 0.75))
    if limits[0] > lowest or len(limits) > 1:
        limits[0] = 0.0  # the first class takes everything below the second
    return Scale(tuple(limits), SHADES[len(limits)])


def _round_step(value: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is not above ``value``."""
    power = math.floor(math.log10(value))
    digit = max(d for d in (1, 2, 5) if d * 10.0**power <= value * (1 + 1e-9))
    return float(f"{digit}e{power}")
