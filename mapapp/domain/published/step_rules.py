"""Round numbers of people, and which of them a map has passed."""

ROUND_NUMBERS = tuple(n * 10**power for power in range(1, 7) for n in (1, 5))
"""10, 50, 100, 500 … 5,000,000."""


def steps_passed(before: int, after: int) -> list[int]:
    """Return the steps that lie above ``before`` and not above ``after``."""
    return [step for step in ROUND_NUMBERS if before < step <= after]
