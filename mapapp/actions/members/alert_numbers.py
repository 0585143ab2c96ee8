"""The published numbers that alerts wait for: what everybody can read, or add up."""

from functools import cached_property

from sqlalchemy.orm import Session

from mapapp.actions.conditions.condition_family import people_of_family
from mapapp.actions.published.numbers_kept import placed_at
from mapapp.domain.areas.area_tree import Areas
from mapapp.domain.areas.distance import bands_from
from mapapp.domain.members.alert_wishes import FAMILY, NEAR_BAND, NEARBY
from mapapp.domain.published.packed import Placed


class AlertNumbers:
    """The numbers of one condition, each read when it is asked for."""

    def __init__(self, session: Session, areas: Areas, condition_id: int, code: str) -> None:
        self._session, self._areas = session, areas
        self._condition_id, self._code = condition_id, code

    @cached_property
    def _placed(self) -> Placed:
        return placed_at(self._session, self._condition_id)

    @cached_property
    def _family(self) -> int:
        return people_of_family(self._session, self._code)

    def people(self, kind: str, area_id: int) -> int:
        """Return how many people there are now where an alert of this kind looks.

        Raises:
            NotFoundError: when there is no such area.
        """
        if kind == FAMILY:
            return self._family
        ids = self._placed.ids
        if kind == NEARBY:
            there = bands_from(self._areas, area_id)[ids] <= NEAR_BAND
        else:
            self._areas.get(area_id)
            inside = self._areas.subtree(area_id)
            there = (ids >= inside.start) & (ids < inside.stop)
        return int(self._placed.people[there].sum())
