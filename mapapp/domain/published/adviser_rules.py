"""Offers to help newcomers on a map: the states of an offer, its words, and who is a newcomer."""

from mapapp.domain.core.dates import months_between
from mapapp.domain.core.free_text import clean_text
from mapapp.errors import N_, BadInputError

WAITS_FOR_STAFF = "offered"
"""Staff have not answered yet."""
CONFIRMED = "confirmed"
REFUSED = "refused"
ENDED = "ended"
"""Staff took back what they had confirmed."""

STANDING_OFFERS = (WAITS_FOR_STAFF, CONFIRMED)
"""Offers that stand: the member cannot make another one."""

SHORTEST_OFFER, LONGEST_OFFER = 10, 300
"""Fewest and most characters of what a member says with an offer."""
NEW_FOR_MONTHS = 1
"""Beside the month of their placement, for so many are members newcomers: 4 to 9 weeks."""


def checked_offer(text: str) -> str:
    """Return what a member says with an offer, as it is stored.

    Raises:
        BadInputError: when it is too short or too long.
    """
    tidy = clean_text(text)
    if not SHORTEST_OFFER <= len(tidy) <= LONGEST_OFFER:
        raise BadInputError(N_("Write 10 to 300 characters."))
    return tidy


def is_newcomer(placed: str, month: str) -> bool:
    """Whether somebody who was placed in one month is new on the map in another one."""
    return months_between(placed, month) <= NEW_FOR_MONTHS
