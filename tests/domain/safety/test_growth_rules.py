"""A map grows unusually fast by a number of people and by a part of those who were there."""

import pytest

from mapapp.domain.safety.growth_rules import IN_A_MONTH, SUDDEN, how_it_grew


@pytest.mark.parametrize(
    ("before", "now", "at_month_end", "told"),
    [
        (0, 9, 0, ""),
        (0, 10, 0, SUDDEN),
        (60, 69, 60, ""),
        (100, 110, 100, SUDDEN),
        (101, 111, 101, ""),
        (10_000, 10_999, 10_000, ""),
        (85, 89, 60, ""),
        (85, 90, 60, IN_A_MONTH),
        (90, 91, 61, ""),
        (500, 20, 400, ""),
    ],
)
def test_it_is_told(before: int, now: int, at_month_end: int, told: str) -> None:
    assert how_it_grew(before, now, at_month_end) == told
