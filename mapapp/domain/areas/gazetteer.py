"""The gazetteer: towns of 5,000 people or more, found by any of their names.

Data from GeoNames (geonames.org), CC BY 4.0. The coordinates are public: a town's, nobody's own.
"""

import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.core.folding import fold
from mapapp.domain.core.name_index import Entries, Match, NameIndex
from mapapp.errors import N_, BadInputError, DataError
from mapapp.paths import DATA

TOWNS_FILE = DATA / "towns" / "towns.npz"

BETTER_DIVISIONS = {"Kwazulu-Natal": "KwaZulu-Natal"}
"""Spellings of the source that the division itself does not use."""
# An exact name beats a beginning unless the town is tiny beside the other: "mos" means Moscow.
EXACT = 3.0
MAIN_NAME = 0.75
PER_TENFOLD = 0.5


@dataclass(frozen=True)
class Town:
    """One town.

    Attributes:
        id: GeoNames id.
        name: its main name.
        country: ISO 3166-1 code of two letters.
        lat, lng: degrees.
        population: people, 0 if unknown.
        matched: the other name by which it was found, or "".
        division: name of the state, province or the like, to tell namesakes apart, or "".
        score: how well it fits what was typed; a tenth of the people costs ``PER_TENFOLD``.
        is_guess: whether what was typed is no name of it, nor a part of one, and only similar.
    """

    id: int
    name: str
    country: str
    lat: float
    lng: float
    population: int
    matched: str = ""
    division: str = ""
    score: float = 0.0
    is_guess: bool = False


class Gazetteer:
    """All towns as columns, in order of GeoNames id, with their index.

    Attributes:
        ids, populations: int32, shape (n,).
        lats, lngs: float32, degrees, shape (n,).
        countries: two-letter codes as bytes, shape (n,).
        division_of: numbers of states, provinces or the like; equal ones have one name.
        has_division: which towns have one, shape (n,).
        index: the names; an owner is a row of the columns.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as file:
            self.ids = file["ids"]
            self.populations = file["populations"]
            self.lats, self.lngs = file["lats"], file["lngs"]
            self.countries = file["countries"]
            self.division_of = file["divisions"]
            divisions = file["division_names"].tobytes().decode().split("\n")
            self._divisions = [BETTER_DIVISIONS.get(name, name) for name in divisions]
            self._names = file["names"].tobytes()
            self._main_names = file["main_names"]
            keys, owners = file["keys"].tobytes(), file["owners"]
        named = np.array([bool(name) for name in self._divisions])
        self.has_division = named[self.division_of]
        ends = np.flatnonzero(np.frombuffer(self._names, dtype=np.uint8) == ord("\n"))
        self._name_ends = ends.astype(np.int32)
        labels = np.arange(len(owners), dtype=np.int32)
        size = np.log10(np.maximum(self.populations, 1)) * PER_TENFOLD
        weights = size[owners].astype(np.float32)
        weights[self._main_names] += MAIN_NAME
        self.index = NameIndex(Entries(keys, owners, labels, weights), exact=EXACT)

    def __len__(self) -> int:
        """How many towns there are."""
        return len(self.ids)

    def _name(self, label: int) -> str:
        start = self._name_ends[label - 1] + 1 if label else 0
        return str(self._names[start : self._name_ends[label]], "utf-8")

    def town(self, row: int, label: int | None = None) -> Town:
        """Return the town of one row, found by the name ``label``."""
        main = int(self._main_names[row])
        return Town(
            id=int(self.ids[row]),
            name=self._name(main),
            country=bytes(self.countries[row]).decode(),
            lat=float(self.lats[row]),
            lng=float(self.lngs[row]),
            population=int(self.populations[row]),
            matched="" if label in (None, main) else self._name(int(label or 0)),
            division=self._divisions[self.division_of[row]],
        )

    def division_name(self, number: int) -> str:
        """Return the name of a division, or ''."""
        return str(self._divisions[number])

    def rows_like(self, town: Town) -> NDArray[np.int64]:
        """Return the rows of all towns with the name, division and country of ``town``.

        Names count as the same that differ only in accents and the like; ``town`` is among them.
        """
        rows = self.index.called(town.name).astype(np.int64)
        row = int(np.searchsorted(self.ids, town.id))
        same = (self.division_of[rows] == self.division_of[row]) & (
            self.countries[rows] == self.countries[row]
        )
        mains = [fold(self._name(int(self._main_names[one]))) for one in rows]
        same &= np.array([name == fold(town.name) for name in mains], dtype=bool)
        found: NDArray[np.int64] = rows[same]
        return found

    def in_country(self, country: str) -> NDArray[np.bool_]:
        """Return for each town whether it is in ``country``.

        Raises:
            BadInputError: if ``country`` is not a code of two letters.
        """
        if len(country) != 2 or not country.isascii() or not country.isalpha():
            raise BadInputError(N_("Give the country as its two-letter code, such as DE."))
        return np.asarray(self.countries == country.upper().encode())


@lru_cache(maxsize=1)
def load_towns() -> Gazetteer:
    """Return the gazetteer that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    try:
        return Gazetteer(TOWNS_FILE)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(
            N_("The list of towns is missing or damaged. Install the program again.")
        ) from error


def search_towns(query: str, limit: int = 8, country: str | None = None) -> list[Town]:
    """Return at most ``limit`` towns, best first: by how well the name fits, then by population.

    Raises:
        BadInputError: if the query is not text or too long, or the country is not a code.
    """
    gazetteer = load_towns()
    allowed = gazetteer.in_country(country) if country else None
    found: list[Match] = gazetteer.index.search(query, limit, allowed)
    return [
        replace(
            gazetteer.town(match.owner, match.label), score=match.score, is_guess=match.is_guess
        )
        for match in found
    ]
