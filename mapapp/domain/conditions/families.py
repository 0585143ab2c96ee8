"""Which condition is a form of which others, and which ones are near it.

From the Mondo Disease Ontology, CC BY 4.0, changed (see data/SOURCES.md). A condition with very
many forms ("skeletal dysplasia" has 820) only sorts others: it is nobody's family.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.conditions.catalogue import FOLDER, Catalogue, load_catalogue
from mapapp.errors import N_, DataError

FAMILIES = FOLDER / "families.npz"
MOST_FORMS = 200
"""How many forms, and forms of forms, a family has at most."""
MOST_RELATIVES = 600
"""How many conditions around one are looked at, nearest first."""


@dataclass(frozen=True)
class Relatives:
    """The place of a condition among the others; everything is a code of the catalogue.

    Attributes:
        parents: families it is a form of, the narrowest first.
        forms: what is directly a form of it.
        steps: those near it, itself not among them, with how many steps lead up to a common family
            and down again; nearest first.
    """

    parents: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    steps: Mapping[str, int] = field(default_factory=dict)


class Families:
    """All families.

    Attributes:
        lowered: for each position, whether the name has its capital only to begin a line.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        counts: NDArray[np.uint8],
        parents: NDArray[np.uint16],
        lowered: NDArray[np.bool_],
    ) -> None:
        self._catalogue = catalogue
        self.lowered = lowered
        self._parents = _slices(parents, counts)
        kinds = np.repeat(np.arange(len(counts)), counts)
        order = np.argsort(parents, kind="stable")
        self._forms = _slices(kinds[order], np.bincount(parents, minlength=len(counts)))
        if not len(self._parents) == len(self._forms) == len(lowered) == len(catalogue.conditions):
            raise ValueError

    def relatives(self, code: str) -> Relatives:
        """Return the place of a condition; nothing for one that the catalogue does not have."""
        place = self._catalogue.place.get(code)
        if place is None:
            return Relatives()
        steps = self._steps(place)
        steps.pop(place, None)
        nearest = sorted(steps, key=lambda other: (steps[other], other))[:MOST_RELATIVES]
        return Relatives(
            self._codes(self._families_over(place)),
            self._codes(self._forms[place]),
            {self._code(other): steps[other] for other in nearest},
        )

    def family(self, code: str) -> tuple[str, ...]:
        """Return the codes of a family, its own first: none where it is too general to be one."""
        place = self._catalogue.place.get(code)
        below = self._below(place) if place is not None else None
        return self._codes([place, *sorted(below)]) if below and place is not None else ()

    def _codes(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._code(place) for place in places)

    def _code(self, place: int) -> str:
        return self._catalogue.conditions[place].code

    def _families_over(self, place: int) -> list[int]:
        """Return the parents that are families, the narrowest first."""
        sizes = {up: len(below) for up in self._parents[place] if (below := self._below(up))}
        return sorted(sizes, key=lambda up: (sizes[up], up))

    @lru_cache(maxsize=4096)  # noqa: B019  # one object for the whole process
    def _below(self, place: int) -> frozenset[int] | None:
        """Return all forms of a condition; None where there are too many for a family."""
        found: set[int] = set()
        for _depth, some in self._rows_below(place):
            found.update(some)
            if len(found) > MOST_FORMS:
                return None
        return frozenset(found)

    def _rows_below(self, place: int) -> Iterator[tuple[int, set[int]]]:
        seen, row, depth = {place}, {place}, 0
        while row:
            row = set(chain.from_iterable(self._forms[one] for one in row)) - seen
            seen |= row
            depth += 1
            yield depth, row

    def _ups(self, place: int) -> dict[int, int]:
        """Return the families over a condition with how many steps lead to each."""
        ups: dict[int, int] = {}
        row, depth = {place}, 0
        while row:
            depth += 1
            row = {up for one in row for up in self._families_over(one)} - ups.keys()
            ups |= dict.fromkeys(row, depth)
        return ups

    def _steps(self, place: int) -> dict[int, int]:
        """Return how far conditions are that have a family in common with this one."""
        steps: dict[int, int] = {}
        for up, height in {place: 0, **self._ups(place)}.items():
            steps[up] = min(steps.get(up, height), height)
            if up == place and self._below(up) is None:
                continue
            for depth, row in self._rows_below(up):
                for other in row:
                    steps[other] = min(steps.get(other, height + depth), height + depth)
        return steps


def _slices(values: NDArray[np.generic], counts: NDArray[np.generic]) -> list[list[int]]:
    """Return the values of each condition, which stand one after the other's."""
    ends = np.cumsum(counts).tolist()
    everything = values.tolist()
    return [everything[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@lru_cache(maxsize=1)
def load_families(path: Path = FAMILIES) -> Families:
    """Return the families that came with the program, read once.

    Raises:
        DataError: if the file is missing, damaged, or of another list of conditions.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = (file["counts"], file["parents"], file["lowered"])
        return Families(load_catalogue(), *arrays)
    except (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(
            N_("The list of conditions is missing or damaged. Install the program again.")
        ) from error


def within_sentence(code: str, name: str) -> str:
    """Return a name as it stands inside a sentence: "dystonia", but "Rett syndrome"."""
    place = load_catalogue().place.get(code)
    if place is None or name != load_catalogue().conditions[place].name:
        return name  # staff gave it another
    return name[:1].lower() + name[1:] if load_families().lowered[place] else name
