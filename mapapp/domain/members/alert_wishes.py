"""What a member can wait for: that the published number of people somewhere reaches a few.

Never a single person, so that an alert tells of no one's coming; and only of numbers that everybody
can read (privacy rule 4).
"""

from dataclasses import dataclass

from mapapp.domain.areas.distance import LIMITS_KM
from mapapp.errors import N_, BadInputError

AREA, NEARBY, FAMILY = "area", "near", "family"
"""In an area with its parts, within ``NEAR_BAND`` of one, or on all maps of a family."""
ALERT_KINDS = {AREA: (True, True), NEARBY: (True, False), FAMILY: (False, True)}
"""Whether each is asked of an area, and whether of the world."""
ALERT_NUMBERS = (3, 10, 30)
"""Of how many people an alert can tell."""
NEAR_BAND = 3
"""The distance band up to which people are near."""
NEAR_KM = int(LIMITS_KM[NEAR_BAND - 1])
"""How far that is."""
ANYWHERE = 0
"""The area of an alert of a whole map: the world."""


@dataclass(frozen=True)
class AlertWish:
    """One thing to wait for.

    Attributes:
        condition_id: of which map, or of which family: that of this condition and its forms.
        kind: one of ``ALERT_KINDS``.
        area_id: in which area or near which one; ``ANYWHERE`` for a family.
        people: how many people, one of ``ALERT_NUMBERS``.
    """

    condition_id: int
    kind: str
    area_id: int = ANYWHERE
    people: int = ALERT_NUMBERS[0]


def check_wish(wish: AlertWish) -> None:
    """Refuse what nobody can wait for.

    Raises:
        BadInputError: for another kind or number; for a family of one area; near the world.
    """
    of_area, of_world = ALERT_KINDS.get(wish.kind, (False, False))
    if not (of_world if wish.area_id == ANYWHERE else of_area):
        raise BadInputError(N_("Choose a place first."))
    if wish.people not in ALERT_NUMBERS:
        raise BadInputError(N_("Choose how many people."))
