"""What people would like to be asked, and whom they would like to be asked by."""

from collections.abc import Collection
from dataclasses import dataclass

from mapapp.domain.wording import REASONS, _

CARER = "parent"
"""The role of those whom "carers only" lets through."""

FARTHEST = (1, 2, 3, 4, 5)
"""Distance bands that can be the farthest; ``domain.distance`` says what they are."""

NOT_NOW = _("They do not want to be asked at the moment.")
CARERS_ONLY = _("They want to be asked by parents and carers only.")
SAME_LANGUAGE = _("They want to be asked by people who speak a language of theirs.")
TOO_FAR = _("They want to be asked by people nearer to them only.")
OTHER_REASON = _("They would like to be asked about something else. Choose from what is offered.")


@dataclass(frozen=True)
class Wishes:
    """The wishes of one member for one condition; as it begins, anybody may ask anything."""

    reasons: tuple[str, ...] = ()  # empty: all of them
    not_now: bool = False
    carers_only: bool = False
    same_language: bool = False
    farthest: int | None = None  # a distance band

    @property
    def offered(self) -> tuple[str, ...]:
        """The reasons that may be given."""
        return tuple(key for key in REASONS if not self.reasons or key in self.reasons)


ANYTHING = Wishes()


@dataclass(frozen=True)
class Asker:
    """What the wishes look at in whoever would like to ask."""

    role: str
    languages: Collection[str]
    band: int  # the distance between both areas


def why_not(wishes: Wishes, languages: Collection[str], asker: Asker) -> str:
    """Return why somebody cannot ask, '' when they can.

    Args:
        wishes: of the person to be asked.
        languages: that the person to be asked speaks.
        asker: who would like to ask.
    """
    if wishes.not_now:
        return NOT_NOW
    if wishes.carers_only and asker.role != CARER:
        return CARERS_ONLY
    if wishes.same_language and not set(languages) & set(asker.languages):
        return SAME_LANGUAGE
    if wishes.farthest is not None and asker.band > wishes.farthest:
        return TOO_FAR
    return ""
