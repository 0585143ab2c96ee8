"""How well a session knows its member: by a mail alone, or a second proof on top of it."""

import time

from flask import session

HOUR = 3600
STRONG = "strong"
"""The entry of a session that says until when its second proof holds (Unix seconds)."""
STRONG_HOURS = 12
FRESH_HOURS = 1


def prove() -> None:
    """Remember that the member gave a second proof just now."""
    end = int(time.time()) + STRONG_HOURS * HOUR
    session[STRONG] = -(-end // HOUR) * HOUR  # a full hour, so that it does not tell when


def is_strong() -> bool:
    """Whether a second proof was given in this session, and holds still."""
    return _hours_left() > 0


def is_fresh() -> bool:
    """Whether the proof was given in the last hour, or in the last two: its end is rounded."""
    return _hours_left() > STRONG_HOURS - FRESH_HOURS


def forget_proof() -> None:
    """Take the session for no more than a mail again."""
    session.pop(STRONG, None)


def _hours_left() -> float:
    return (int(session.get(STRONG, 0)) - time.time()) / HOUR
