"""Moments for the acts in tests."""

from datetime import UTC, date, datetime


def midnight(day: date) -> int:
    """Return the first second of a day in UTC, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
