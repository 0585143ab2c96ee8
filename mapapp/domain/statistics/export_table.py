"""The fixed table of an export: areas by conditions, exact, as on the map (privacy rule 7).

Columns that say the same of an area in each condition are made once, and so are a condition's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import COUNTRY, LEVELS, Areas
from mapapp.domain.areas.iso_codes import load_iso_codes
from mapapp.domain.published.counts import Ints
from mapapp.domain.published.rates import rates_of, two_digits
from mapapp.domain.statistics.inert_cells import inert

MOST_ROWS = 250_000

AREA_COLUMNS = (
    "area_id",
    "code",
    "code_standard",
    "name",
    "level",
    "country",
    "country_alpha3",
    "country_name",
    "residents",
)
COUNTED_COLUMNS = ("condition", "condition_name", "mondo", "orpha")
NUMBER_COLUMNS = ("people", "per_million")
COLUMNS = (*AREA_COLUMNS, *COUNTED_COLUMNS, *NUMBER_COLUMNS)

Cell = int | float | str | None


@dataclass(frozen=True)
class Counted:
    """A condition as a table names it; ``mondo`` and ``orpha`` are its codes there, or empty."""

    slug: str
    name: str
    mondo: str = ""
    orpha: str = ""


@dataclass(frozen=True)
class Numbers:
    """What a table says of one condition.

    Attributes:
        condition: its cells, in the order of ``COUNTED_COLUMNS``.
        people: for each area of the table.
        per_million: residents, likewise; None where there are too few people for a rate.
    """

    condition: tuple[str, ...]
    people: list[int]
    per_million: list[float | None]


@dataclass(frozen=True)
class Table:
    """Areas by conditions; all text in it is inert.

    Attributes:
        areas: by the names of ``AREA_COLUMNS``, for each area.
        numbers: for each condition.
        is_tagged: whether HXL tags stand below the names of columns.
    """

    areas: dict[str, list[int] | list[str]]
    numbers: list[Numbers]
    is_tagged: bool = False

    def places(self) -> list[tuple[int | str, ...]]:
        """Return the cells of each area."""
        return list(zip(*self.areas.values(), strict=True))

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the lines: for each condition each area, people or not."""
        places = self.places()
        for one in self.numbers:
            for place, people, rate in zip(places, one.people, one.per_million, strict=True):
                yield (*place, *one.condition, people, rate)


def table_ids(areas: Areas, level: str, countries: Sequence[int] = ()) -> Ints:
    """Return the areas of a table: its totals, each before all areas of ``level`` in it.

    The total is the world, or of a table of some ``countries`` each of these.
    """
    wanted = areas.level == LEVELS.index(level)
    ids: list[int] = []
    for total in countries or (0,):
        inside = areas.subtree(total)
        below = np.flatnonzero(wanted[inside]) + inside.start
        ids += [total, *below[below != total].tolist()]
    return np.array(ids, np.int64)


def make_table(
    areas: Areas, ids: Ints, people: Mapping[Counted, Ints], *, is_tagged: bool = False
) -> Table:
    """Return the table.

    Args:
        areas: the area tree.
        ids: its lines.
        people: for each condition, how many there are in each of ``ids``.
        is_tagged: whether HXL tags stand in it.
    """
    residents = told_residents(areas)[ids]
    numbers = [
        Numbers(
            tuple(inert(text) for text in asdict(condition).values()),
            here.tolist(),
            [two_digits(rate) if rate else None for rate in rates_of(here, residents).tolist()],
        )
        for condition, here in people.items()
    ]
    return Table(_area_columns(areas, ids), numbers, is_tagged)


def _area_columns(areas: Areas, ids: Ints) -> dict[str, list[int] | list[str]]:
    iso = load_iso_codes()
    codes, levels = areas.code[ids].tolist(), areas.level[ids].tolist()
    countries = areas.at_level(ids, COUNTRY)
    country_codes = ["" if one < 0 else str(areas.code[one]) for one in countries]
    return {
        "area_id": ids.tolist(),
        "code": [inert(iso.written(*one)) for one in zip(codes, levels, strict=True)],
        "code_standard": [iso.standard_of(*one) for one in zip(codes, levels, strict=True)],
        "name": [inert(name) for name in areas.name[ids].tolist()],
        "level": [LEVELS[level] for level in levels],
        "country": [inert(iso.written(code, COUNTRY)) if code else "" for code in country_codes],
        "country_alpha3": [iso.alpha_3.get(code, "") for code in country_codes],
        "country_name": ["" if one < 0 else inert(str(areas.name[one])) for one in countries],
        "residents": told_residents(areas)[ids].tolist(),
    }
