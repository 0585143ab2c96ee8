"""What members would like to be asked about, and who may ask them."""

from collections.abc import Collection
from dataclasses import dataclass

from mapapp.domain.core.choices import REASONS
from mapapp.errors import N_, NO_WORDS, Words

CARER = "parent"
"""The role that "carers only" lets through."""

FARTHEST = (1, 2, 3, 4, 5)
"""Distance bands that can be set as the farthest; see ``domain.areas.distance``."""

NOT_NOW = N_("They do not want to be asked at the moment.")
CARERS_ONLY = N_("They only want to be asked by parents and carers.")
SAME_LANGUAGE = N_("They only want to be asked by people who share a language with them.")
TOO_FAR = N_("They only want to be asked by people who are nearer to them.")


@dataclass(frozen=True)
class Wishes:
    """The wishes of one member for one condition; by default, anyone may ask anything."""

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
    """What the wishes check about the member who would like to ask."""

    role: str
    languages: Collection[str]
    band: int  # the distance between both areas


def why_not(wishes: Wishes, languages: Collection[str], asker: Asker) -> Words:
    """Return why a member cannot ask, or '' when they can.

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
    return NO_WORDS
