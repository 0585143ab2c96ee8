"""The noise has the shape that the privacy rules count with."""

import math

import pytest

from mapapp.domain.statistics.noise import with_noise

DRAWS = 40_000


@pytest.mark.parametrize("scale", [2.0, 6.0, 20.0])
def test_noise_is_discrete_laplace_of_its_scale(scale: float) -> None:
    drawn = with_noise({str(i): 100 for i in range(DRAWS)}, scale)
    noise = [number - 100 for number in drawn.values()]
    q = math.exp(-1 / scale)
    variance = 2 * q / (1 - q) ** 2
    mean = sum(noise) / DRAWS
    assert abs(mean) < 6 * math.sqrt(variance / DRAWS)
    # The fourth moment of this distribution is below 7 times the square of the second.
    found = sum(n * n for n in noise) / DRAWS
    assert abs(found - variance) < 6 * variance * math.sqrt(6 / DRAWS)
    zero = (1 - q) / (1 + q)
    assert abs(noise.count(0) / DRAWS - zero) < 6 * math.sqrt(zero * (1 - zero) / DRAWS)


def test_each_number_is_blurred_on_its_own_and_anew() -> None:
    numbers = {str(i): 0 for i in range(200)}
    assert len(set(with_noise(numbers, 4).values())) > 5
    assert with_noise(numbers, 4) != with_noise(numbers, 4)


def test_nothing_asked_is_nothing_drawn() -> None:
    assert with_noise({}, 2) == {}
