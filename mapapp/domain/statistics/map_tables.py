"""Tables of whole maps: listed people by month, and released estimates, which are never mixed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from mapapp.domain.published.release_rules import Attribute, Query, Who, place_and_value
from mapapp.domain.statistics.export_table import COUNTED_COLUMNS, Cell, Counted
from mapapp.domain.statistics.inert_cells import inert

GROWTH_COLUMNS = (*COUNTED_COLUMNS, "month", "people")
RELEASED_COLUMNS = (
    *COUNTED_COLUMNS,
    "released_of",
    "question",
    "country",
    "answer",
    "treatment",
    "estimate",
    "error",
    "fewer_than",
    "epoch",
)


@dataclass(frozen=True)
class MapTable:
    """A table whose cells are ready to be written: its texts are inert.

    Attributes:
        columns: their names.
        rows: the lines below them.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True)
class Estimates:
    """The answer to one question to one map.

    Attributes:
        numbers: those that are shown, by cell (``release_rules.cell``).
        least: what is missing is fewer.
        error: 95 of 100 numbers are nearer to the truth than this.
        treatments: the names of those that everybody may choose, by public id.
    """

    query: Query
    epoch: str
    numbers: Mapping[str, int]
    least: int
    error: int
    treatments: Mapping[str, str]


def growth_table(totals: Mapping[Counted, Iterable[tuple[str, int]]]) -> MapTable:
    """Return the listed people of each map at the end of each month, such as ``2026-10``."""
    rows: list[tuple[Cell, ...]] = [
        (*_cells(condition), month, people)
        for condition, months in totals.items()
        for month, people in months
    ]
    return MapTable(GROWTH_COLUMNS, rows)


def released_table(
    answers: Mapping[Counted, Iterable[Estimates]], countries: Mapping[str, str]
) -> MapTable:
    """Return the released numbers.

    A question of which nothing is shown has one line without an estimate: it was asked.

    Args:
        answers: by condition.
        countries: how each country is written, by its code in a release; others are left out. The
            world is there if ``''`` is.
    """
    rows: list[tuple[Cell, ...]] = [
        (*_cells(condition), *line)
        for condition, found in answers.items()
        for one in found
        for line in _lines(one, countries)
    ]
    return MapTable(RELEASED_COLUMNS, rows)


def _lines(answer: Estimates, countries: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    known = (answer.error, answer.least, answer.epoch)
    for place, said, treatment, number in _shown(answer, countries) or [("", "", "", None)]:
        about = (_who(answer.epoch), answer.query.key, place, inert(said), inert(treatment))
        yield (*about, number, *known)


def _shown(
    answer: Estimates, countries: Mapping[str, str]
) -> list[tuple[str, str, str, int | None]]:
    found: list[tuple[str, str, str, int | None]] = []
    for name, number in sorted(answer.numbers.items()):
        place, said = place_and_value(name)
        treatment = ""
        if answer.query.attribute in {Attribute.OUTCOME, Attribute.EFFECTS}:
            public_id, _, said = said.partition(":")
            treatment = answer.treatments.get(public_id, "")
            if not treatment:
                continue  # moderators took it off the list
        if place in countries:
            found.append((countries[place], said, treatment, number))
    return found


def _who(epoch: str) -> str:
    """Return of whom a release is: that of a quarter of people who are only counted."""
    return str(Who.HIDDEN if "Q" in epoch else Who.LISTED)


def _cells(condition: Counted) -> tuple[str, ...]:
    return tuple(inert(text) for text in asdict(condition).values())
