"""Whom a member may ask for contact on a map, as cards say: for lists that show nobody else."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.published.card_lists import Listing
from mapapp.actions.published.listings import languages_of
from mapapp.domain.areas.area_tree import Areas, load_areas
from mapapp.domain.areas.distance import SAME_AREA, Bands, bands_from
from mapapp.domain.published.wishes import Asker, why_not
from mapapp.store.members import Membership


@dataclass(frozen=True)
class AskerHere:
    """What cards ask about a member who would like to ask.

    Attributes:
        role: on this map.
        languages: tags.
        bands: of every area, as seen from their own.
    """

    role: str
    languages: tuple[str, ...]
    bands: Bands

    def may_ask(self, card: Listing) -> bool:
        """Whether somebody lets this member ask at all."""
        asker = Asker(self.role, self.languages, int(self.bands[card.area_id]))
        return not why_not(card.wishes, card.languages, asker)


def asker_here(session: Session, condition_id: int, member_id: int) -> AskerHere | None:
    """Return a member as one who asks on a map; None where they are not on it."""
    mine = (Membership.condition_id == condition_id, Membership.member_id == member_id)
    query = select(Membership.role, Membership.area_id).where(*mine)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    languages = languages_of(session, [member_id]).get(member_id, ())
    return AskerHere(row.role, languages, bands_of_place(load_areas(), row.area_id))


def bands_of_place(areas: Areas, area_id: int) -> Bands:
    """Return the band of every area as seen from a place, which may be of a larger table of old."""
    if area_id < len(areas):
        return bands_from(areas, area_id)
    return np.full(len(areas), SAME_AREA, np.uint8)
