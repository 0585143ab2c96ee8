"""Why a membership or a text is hidden; each reason can end without the others."""

from enum import STRICT, IntFlag

from mapapp.domain.core.visibilities import COUNTED, PAUSED


class HiddenReason(IntFlag, boundary=STRICT):
    """A set of reasons, stored as a number: a released value never changes its meaning."""

    BY_MEMBER = 1
    """The member tapped "hide everywhere"."""
    PAUSED = 2
    """The member paused the account."""
    NO_ANSWER = 4
    """The yearly check had no answer."""
    BY_MODERATORS = 8
    """Moderators did it, or reports do until moderators have decided."""
    REPORTED = 16
    """Of a text alone: two people who do not know each other reported it."""


NOT_HIDDEN = HiddenReason(0)
OUT_OF_NUMBERS = HiddenReason.PAUSED | HiddenReason.BY_MODERATORS
"""These take a membership out of the numbers too; the others leave it counted."""


def visible_as(chosen: str, reasons: HiddenReason) -> str:
    """Return the visibility of a membership: what was chosen, as far as ``reasons`` allow it."""
    if reasons & OUT_OF_NUMBERS:
        return PAUSED
    return COUNTED if reasons else chosen
