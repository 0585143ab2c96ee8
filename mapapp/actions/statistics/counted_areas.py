"""The numbers of a map for some areas, in columns that are named as in exports.

Listed people are exact, as published. Hidden people are in an estimate of its own, for countries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sqlalchemy.orm import Session

from mapapp.actions.published.listings import FoundCondition
from mapapp.actions.published.people_numbers import PeopleNumbers, people_numbers
from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, WORLD, load_areas
from mapapp.domain.areas.iso_codes import load_iso_codes
from mapapp.domain.published.counts import Ints
from mapapp.domain.statistics.export_table import Cell, Counted, make_table

OF_EVERY_AREA = (
    "area_id",
    "code",
    "name",
    "level",
    "parent",
    "country",
    "residents",
    "people",
    "per_million",
)
OF_COUNTRIES = ("estimate", "error")
"""About how many more are only counted, and how far off that is; where a release shows it."""

Columns = Mapping[str, list[Cell]]


def columns_at(level: str) -> tuple[str, ...]:
    """Return the names of the columns of areas of ``level``."""
    is_estimated = LEVELS.index(level) == COUNTRY
    return (*OF_EVERY_AREA, *OF_COUNTRIES) if is_estimated else OF_EVERY_AREA


def level_ids(level: str) -> Ints:
    """Return all areas of ``level``, ascending."""
    return np.flatnonzero(load_areas().level == LEVELS.index(level))


def inside_country(ids: Ints, code: str) -> Ints:
    """Return those of ``ids`` that lie in the country with this code, as columns have it."""
    country = _countries(load_areas().version).get(code)
    if country is None:
        return ids[:0]
    inside = load_areas().subtree(country)
    found: Ints = ids[(ids >= inside.start) & (ids < inside.stop)]
    return found


@lru_cache(maxsize=1)
def _countries(_version: str) -> dict[str, int]:
    areas, iso = load_areas(), load_iso_codes()
    return {iso.written(str(areas.code[i]), COUNTRY): int(i) for i in areas.children(WORLD)}


@dataclass(frozen=True)
class CountedAreas:
    """The numbers of one map, for whichever areas are asked for."""

    condition: FoundCondition
    people: PeopleNumbers

    @property
    def versions(self) -> tuple[object, ...]:
        """Everything that the numbers depend on; a release gives a condition a new version."""
        return self.condition.id, self.condition.version, load_areas().version

    def columns(self, level: str, ids: Ints) -> dict[str, list[Cell]]:
        """Return the columns of some areas of ``level``; None where a number is not told."""
        areas = load_areas()
        condition = Counted(self.condition.slug, self.condition.name)
        table = make_table(areas, ids, {condition: self.people.listed.by_area[ids]})
        [numbers] = table.numbers
        hidden = [self.people.only_counted.get(area) for area in ids.tolist()]
        found: dict[str, list[Cell]] = {
            **{name: list(cells) for name, cells in table.areas.items()},
            "parent": areas.parent[ids].tolist(),
            "people": list(numbers.people),
            "per_million": list(numbers.per_million),
            "estimate": [one.number if one else None for one in hidden],
            "error": [one.error if one else None for one in hidden],
        }
        return {name: found[name] for name in columns_at(level)}


def counted_areas(session: Session, condition: FoundCondition) -> CountedAreas:
    """Return the numbers of a map."""
    return CountedAreas(condition, people_numbers(session, condition.id))
