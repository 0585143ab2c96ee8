"""Decades of birth and of diagnosis, each named by its first year: 1970 is 1970 to 1979."""

DECADE = 10
EARLIEST = 1920
ADULT_YEARS = 18


def birth_decades(year: int) -> tuple[int, ...]:
    """Return the decades in which an adult of this year can have been born, newest first."""
    return diagnosis_decades(year - ADULT_YEARS)


def diagnosis_decades(year: int) -> tuple[int, ...]:
    """Return the decades up to a year, newest first."""
    return tuple(range(year // DECADE * DECADE, EARLIEST - 1, -DECADE))


def around(decade: int) -> tuple[int, ...]:
    """Return the decades in which people of about the same age were born."""
    return (decade - DECADE, decade, decade + DECADE)
