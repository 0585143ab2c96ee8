"""Epochs: the quarters of a year in which published statistics stand still (PRIVACY rules 3, 7)."""

from datetime import date


def epoch_of(day: date) -> str:
    """Return the epoch that ``day`` lies in, such as ``2026-Q4``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def first_day(epoch: str) -> date:
    """Return the day on which ``epoch`` began."""
    year, quarter = epoch.split("-Q")
    return date(int(year), int(quarter) * 3 - 2, 1)
