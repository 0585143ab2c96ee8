"""Months and days.

A month is the finest time that is kept of where people are (privacy rule 1).
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime


def month_of(day: date) -> str:
    """Return the month of ``day``, such as ``2026-11``; months sort as texts do."""
    return f"{day.year:04d}-{day.month:02d}"


def this_month(now: float | None = None) -> str:
    """Return the month of ``now`` (Unix seconds; default: the clock's), in UTC."""
    return month_of(datetime.now(UTC) if now is None else datetime.fromtimestamp(now, UTC))


def month_before(month: str) -> str:
    """Return the month before ``month``."""
    number = int(month[:4]) * 12 + int(month[5:]) - 2
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_back(month: str) -> Iterator[str]:
    """Yield ``month``, the month before it, and so on without end."""
    while True:
        yield month
        month = month_before(month)


def this_day() -> date:
    """Return the day of the clock, in UTC."""
    return datetime.now(UTC).date()


def is_month(text: str) -> bool:
    """Whether ``text`` is a month as ``month_of`` writes it."""
    return re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) is not None


def months_between(earlier: str, later: str) -> int:
    """Return how many months lie between two months."""
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (earlier, later))
    return last - first
