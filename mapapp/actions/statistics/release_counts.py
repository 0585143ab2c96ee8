"""The true numbers under a release: counted from those who were charged, and given noise at once.

They leave this file to ``release_make`` alone, which never stores or shows them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, func, literal, select
from sqlalchemy.orm import Session

from mapapp.actions.published.listed_totals import totals
from mapapp.domain.areas.area_tree import COUNTRY, WORLD, load_areas
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.domain.core.languages import language_codes
from mapapp.domain.knowledge.question_set import OPEN
from mapapp.domain.knowledge.treatment_list import OUTCOMES
from mapapp.domain.mail.consent_wordings import DECADES, PURPOSES, TREATMENTS
from mapapp.domain.published.decades import birth_decades, diagnosis_decades
from mapapp.domain.published.release_rules import (
    FEWEST_IN_COUNTRY,
    FEWEST_RESIDENTS,
    Attribute,
    Epoch,
    Level,
    Query,
    cell,
)
from mapapp.store.mail import Consent
from mapapp.store.members import MemberLanguage, Membership
from mapapp.store.records import ReleaseShare
from mapapp.store.treatments import Treatment, TreatmentUse

Row = tuple[int, str, int]
"""An area, a value, and how many said it there."""
Term = ColumnElement[bool]


@dataclass(frozen=True)
class Counting:
    """Counts for one map and epoch, of those who take part.

    Attributes:
        secret: of the site; it draws what is dropped of those who said more than counts.
    """

    session: Session
    condition_id: int
    epoch: Epoch
    secret: str

    def count(self, query: Query) -> dict[str, int]:
        """Return the true number of every cell of ``query``, those with nobody too.

        Which cells there are follows from what is public: the choices that people are offered, and
        the numbers that are published. A cell that is missing would tell that nobody is in it.
        """
        places = {WORLD: ""} if query.level == Level.WORLD else self._countries(query)
        values = self._values(query.attribute)
        cells = {cell(place, value): 0 for place in places.values() for value in values}
        country = _countries_of_areas() if query.level != Level.WORLD else None
        for area, value, n in self._rows(query):
            place = places.get(country[area] if country else WORLD)
            if place is not None and cell(place, value) in cells:
                cells[cell(place, value)] += n
        return cells

    def _countries(self, query: Query) -> dict[int, str]:
        areas = load_areas()
        large = (areas.level == COUNTRY) & (areas.population >= FEWEST_RESIDENTS)
        if query.attribute != Attribute.PEOPLE:
            listed = totals(self.session, self.condition_id).by_area
            large &= listed >= FEWEST_IN_COUNTRY
        return {int(area): str(areas.code[area]) for area in large.nonzero()[0]}

    def _values(self, attribute: Attribute) -> Sequence[str]:
        if attribute in {Attribute.OUTCOME, Attribute.EFFECTS}:
            ids = self.session.scalars(
                select(Treatment.public_id)
                .where(Treatment.condition_id == self.condition_id, Treatment.state == OPEN)
                .order_by(Treatment.public_id)
            ).all()
            if attribute == Attribute.EFFECTS:
                return ids
            return [f"{one}:{outcome}" for one in ids for outcome in OUTCOMES]
        return {
            Attribute.PEOPLE: ("",),
            Attribute.ROLE: tuple(ROLES),
            Attribute.LANGUAGE: tuple(sorted(language_codes())),
            Attribute.BIRTH: tuple(map(str, birth_decades(self.epoch.year))),
            Attribute.DIAGNOSIS: tuple(map(str, diagnosis_decades(self.epoch.year))),
        }[attribute]

    def _rows(self, query: Query) -> Iterable[Row]:
        if query.attribute == Attribute.PEOPLE:
            return self._grouped(literal(""))
        if query.attribute == Attribute.ROLE:
            return self._grouped(Membership.role)
        if query.attribute in _DECADES:
            return self._grouped(_DECADES[query.attribute], self._has_agreed(DECADES))
        return self._bounded(self._several(query.attribute), query.bound)

    def _grouped(self, column: SQLColumnExpression[Any], *which: Term) -> Iterator[Row]:
        query = self._taking_part(Membership.area_id, column, func.count()).where(*which)
        for area, value, n in self.session.execute(query.group_by(Membership.area_id, column)):
            yield area, str(value), n

    def _several(self, attribute: Attribute) -> Select[Any]:
        if attribute == Attribute.LANGUAGE:
            spoken = self._taking_part(
                Membership.member_id, Membership.area_id, MemberLanguage.language
            )
            return spoken.join(MemberLanguage, MemberLanguage.member_id == Membership.member_id)
        value: SQLColumnExpression[str] = Treatment.public_id
        if attribute == Attribute.OUTCOME:
            value = value + ":" + TreatmentUse.outcome
        tried = (
            self._taking_part(Membership.member_id, Membership.area_id, value)
            .join(TreatmentUse, TreatmentUse.member_id == Membership.member_id)
            .join(Treatment, Treatment.id == TreatmentUse.treatment_id)
            .where(Treatment.condition_id == self.condition_id, self._has_agreed(TREATMENTS))
        )
        return tried.where(TreatmentUse.side_effects) if attribute == Attribute.EFFECTS else tried

    def _has_agreed(self, purpose: str) -> Term:
        """Whether a member agrees to what is said of these numbers now."""
        return exists().where(
            Consent.member_id == Membership.member_id,
            Consent.purpose == purpose,
            Consent.condition_id == self.condition_id,
            Consent.withdrawn == "",
            Consent.version == PURPOSES[purpose].now.version,
        )

    def _bounded(self, said: Select[Any], bound: int) -> Iterator[Row]:
        """Yield what each member said, at most ``bound`` things; the rest is dropped by lot."""
        by_member: dict[tuple[int, int], list[str]] = defaultdict(list)
        for member, area, value in self.session.execute(said):
            by_member[member, area].append(value)
        for (member, area), values in by_member.items():
            for value in self._lots(member, values)[:bound] if len(values) > bound else values:
                yield area, value, 1

    def _lots(self, member: int, values: list[str]) -> list[str]:
        lots = {v: keyed_hash(self.secret, "release", self.epoch.name, member, v) for v in values}
        return sorted(values, key=lots.__getitem__)

    def _taking_part(self, *columns: SQLColumnExpression[Any]) -> Select[Any]:
        paid = (ReleaseShare.condition_id == Membership.condition_id) & (
            ReleaseShare.member_id == Membership.member_id
        )
        return (
            select(*columns)
            .select_from(Membership)
            .join(ReleaseShare, paid)
            .where(
                Membership.condition_id == self.condition_id,
                ReleaseShare.year == self.epoch.year,
                ReleaseShare.epoch == self.epoch.name,
            )
        )


_DECADES = {
    Attribute.BIRTH: Membership.birth_decade,
    Attribute.DIAGNOSIS: Membership.diagnosis_decade,
}


def _countries_of_areas() -> list[int]:
    areas = load_areas()
    found = areas.at_level(np.arange(len(areas)), COUNTRY)
    return [int(one) for one in found]
