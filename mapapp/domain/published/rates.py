"""People on a map per million residents: from how many people on, and in how many digits."""

from decimal import ROUND_HALF_UP, Context

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000
RATE_FROM = 8
"""People from which an area has a rate: with fewer, one more person would change it too much."""
_TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)

Floats = NDArray[np.float64]


def rates_of(counts: NDArray[np.int64], residents: NDArray[np.int64]) -> Floats:
    """Return people per million residents; 0 for areas without residents or with few people."""
    known = (residents > 0) & (counts >= RATE_FROM)
    per_head = np.divide(counts, residents, out=np.zeros(len(counts)), where=known)
    return np.asarray(per_head * MILLION, dtype=np.float64)


def rate_of(people: int, residents: int) -> float:
    """Return people per million residents of one area, as ``rates_of`` does."""
    return float(rates_of(np.array([people]), np.array([residents]))[0])


def two_digits(figure: float) -> float:
    """Return a figure in two significant digits, rounded as ``static/js/words.js`` does."""
    return float(_TWO_DIGITS.create_decimal_from_float(figure))
