"""When a map grows so fast that moderators should look: judged by published numbers alone."""

SUDDEN_PEOPLE, SUDDEN_PARTS = 10, 10
"""At one publication so many more, and at least one in so many of those who were there."""
MONTH_PEOPLE, MONTH_PARTS = 30, 2
"""The same since the last month ended."""
SUDDEN, IN_A_MONTH = "sudden", "month"


def how_it_grew(before: int, now: int, at_month_end: int) -> str:
    """Return whether a map grew suddenly or fast in a month; '' for neither.

    Args:
        before: people on it until this publication.
        now: people on it since.
        at_month_end: people on it when the last month ended.
    """
    if _is_much(now - before, before, SUDDEN_PEOPLE, SUDDEN_PARTS):
        return SUDDEN
    if _is_much(now - at_month_end, at_month_end, MONTH_PEOPLE, MONTH_PARTS):
        return IN_A_MONTH
    return ""


def _is_much(more: int, before: int, people: int, parts: int) -> bool:
    return more >= people and more * parts >= before
