"""The fixed table of an export: areas by conditions, in rounded numbers (PRIVACY rule 7)."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from mapapp.domain.areas import LEVELS, Areas
from mapapp.domain.counts import NEAREST, SMALL, SMALL_WORDS, Totals, rounded

EXPORT_LEVELS = LEVELS[1:]
MOST_ROWS = 250_000
DANGEROUS = frozenset("=+-@\t\r\n|%")

Frozen = dict[int, int | str]
"""Rounded numbers by area; areas that are not there have nobody."""


@dataclass(frozen=True)
class Row:
    """One line of the table. The names of the fields are the names of the columns."""

    area_id: int
    code: str
    name: str
    level: str
    country: str
    country_name: str
    population: int
    condition: str
    condition_name: str
    people: str
    people_min: int
    people_max: int


COLUMNS = tuple(field.name for field in fields(Row))


def freeze(totals: Totals) -> Frozen:
    """Round every number of the tree, each on its own, from the true one."""
    numbers = totals.by_area
    return {int(area): rounded(int(numbers[area])) for area in numbers.nonzero()[0]}


def bounds(shown: int | str) -> tuple[int, int]:
    """Return the least and the greatest number that are shown as ``shown``."""
    if shown == SMALL_WORDS:
        return 1, SMALL - 1
    number = int(shown)
    if number == 0:
        return 0, 0
    return max(SMALL, number - NEAREST // 2), number + NEAREST // 2


def table_ids(areas: Areas, level: str) -> list[int]:
    """Return the areas of a table: the world as the margin, then every area of ``level``."""
    wanted = LEVELS.index(level)
    return [0, *(int(i) for i in (areas.level == wanted).nonzero()[0])]


def table_rows(
    areas: Areas, ids: list[int], conditions: Mapping[tuple[str, str], Frozen]
) -> Iterator[Row]:
    """Yield the lines: for each condition (slug, name) each area of ``ids``, people or not."""
    for (slug, name), numbers in conditions.items():
        for area_id in ids:
            yield _row(areas, area_id, slug, name, numbers.get(area_id, 0))


def _row(areas: Areas, area_id: int, slug: str, condition: str, shown: int | str) -> Row:
    country = areas.get(areas.ancestors(area_id)[0]) if area_id else None
    least, most = bounds(shown)
    return Row(
        area_id=area_id,
        code=inert(str(areas.code[area_id])),
        name=inert(str(areas.name[area_id])),
        level=LEVELS[int(areas.level[area_id])],
        country=inert(country.code) if country else "",
        country_name=inert(country.name) if country else "",
        population=int(areas.population[area_id]),
        condition=inert(slug),
        condition_name=inert(condition),
        people=str(shown),
        people_min=least,
        people_max=most,
    )


def inert(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula.

    Full-width forms count as what they stand for, and what some programs drop is looked through.
    """
    plain = unicodedata.normalize("NFKC", text).lstrip(" \u00a0\ufeff\u200b")
    clean = "".join(c if c >= " " else " " for c in text)
    return f"'{clean}" if plain[:1] in DANGEROUS or text[:1] in DANGEROUS else clean
