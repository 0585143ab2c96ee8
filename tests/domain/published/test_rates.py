"""People per million residents: from eight people on, in two digits."""

import numpy as np
import pytest

from mapapp.domain.published.rates import MILLION, RATE_FROM, rate_of, rates_of, two_digits


def test_few_people_and_empty_land_have_no_rate() -> None:
    counts = np.array([0, 7, 8, 8, 3_000_000])
    residents = np.array([500, 500_000, 500_000, 0, 6_000_000])
    assert rates_of(counts, residents).tolist() == [0, 0, 16, 0, 500_000]


@pytest.mark.parametrize("people", [RATE_FROM - 1, RATE_FROM, 137])
def test_one_area_is_told_as_all_are(people: int) -> None:
    residents = 83_000_000
    expected = people / residents * MILLION if people >= RATE_FROM else 0
    assert rate_of(people, residents) == expected


@pytest.mark.parametrize(
    ("figure", "told"),
    [(1.25, 1.3), (1.35, 1.4), (0.0945, 0.095), (996.0, 1000.0), (12.5, 13.0), (0.996, 1.0)],
)
def test_halves_are_rounded_up(figure: float, told: float) -> None:
    """As browsers do it, so that the map and its list say the same."""
    assert two_digits(figure) == told
