"""The fixed table of an export: areas by conditions, in rounded numbers (privacy rule 7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, Areas
from mapapp.domain.areas.iso_codes import load_iso_codes
from mapapp.domain.published.counts import ROUNDED_TO, SMALL, SMALL_WORDS, Totals, rounded
from mapapp.domain.statistics.inert_cells import inert

MOST_ROWS = 250_000

Frozen = dict[int, int | str]
"""Rounded numbers by area; an area that is missing has nobody."""


@dataclass(frozen=True)
class Counted:
    """A condition as a table names it; ``mondo`` and ``orpha`` are its codes there, or empty."""

    slug: str
    name: str
    mondo: str = ""
    orpha: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the table. The names of the fields are the names of the columns."""

    area_id: int
    code: str
    code_standard: str
    name: str
    level: str
    country: str
    country_alpha3: str
    country_name: str
    population: int
    condition: str
    condition_name: str
    mondo: str
    orpha: str
    people: str
    people_min: int
    people_max: int


COLUMNS = tuple(field.name for field in fields(Row))


def freeze(totals: Totals) -> Frozen:
    """Round every number of the tree, each on its own, from the true one."""
    numbers = totals.by_area
    return {int(area): rounded(int(numbers[area])) for area in numbers.nonzero()[0]}


def bounds(shown: int | str) -> tuple[int, int]:
    """Return the smallest and the largest number that are shown as ``shown``."""
    if shown == SMALL_WORDS:
        return 1, SMALL - 1
    number = int(shown)
    if number == 0:
        return 0, 0
    return max(SMALL, number - ROUNDED_TO // 2), number + ROUNDED_TO // 2


def table_ids(areas: Areas, level: str) -> list[int]:
    """Return the areas of a table: the world as the margin, then every area of ``level``."""
    wanted = LEVELS.index(level)
    return [0, *(int(i) for i in (areas.level == wanted).nonzero()[0])]


def table_rows(areas: Areas, ids: list[int], conditions: Mapping[Counted, Frozen]) -> Iterator[Row]:
    """Yield the lines: for each condition each area of ``ids``, people or not."""
    for condition, numbers in conditions.items():
        for area_id in ids:
            yield _row(areas, area_id, condition, numbers.get(area_id, 0))


def _row(areas: Areas, area_id: int, condition: Counted, shown: int | str) -> Row:
    country = areas.get(areas.ancestors(area_id)[0]) if area_id else None
    code, level = str(areas.code[area_id]), int(areas.level[area_id])
    least, most = bounds(shown)
    iso = load_iso_codes()
    return Row(
        area_id=area_id,
        code=inert(iso.written(code, level)),
        code_standard=iso.standard_of(code, level),
        name=inert(str(areas.name[area_id])),
        level=LEVELS[level],
        country=inert(iso.written(country.code, COUNTRY)) if country else "",
        country_alpha3=iso.alpha_3.get(country.code, "") if country else "",
        country_name=inert(country.name) if country else "",
        population=int(told_residents(areas)[area_id]),
        condition=inert(condition.slug),
        condition_name=inert(condition.name),
        mondo=inert(condition.mondo),
        orpha=inert(condition.orpha),
        people=str(shown),
        people_min=least,
        people_max=most,
    )
