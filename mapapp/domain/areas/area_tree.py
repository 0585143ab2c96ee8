"""The area tree: the world, its countries, their regions, their zones. Nothing finer exists.

Ids are positions in depth-first order, so that a subtree is one slice. The table is built by
``scripts/build_areas.py`` and is read once.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.label_points import mended_points
from mapapp.errors import N_, DataError, NotFoundError
from mapapp.paths import DATA

WORLD, COUNTRY, REGION, ZONE = range(4)
NOWHERE = -1  # no zone: the sea
LEVELS = ("world", "country", "region", "zone")
AREAS_FILE = DATA / "areas" / "areas.npz"

BETTER_NAMES = {
    "AR-B": "Buenos Aires Province",
    "BG-23": "Sofia Province",
    "BY-MI": "Minsk Region",
    "MX-DIF": "Mexico City",
    "RU-ALT": "Altai Krai",
    "TW-CYI": "Chiayi City",
    "TW-CYQ": "Chiayi County",
    "TW-HSQ": "Hsinchu County",
    "TW-HSZ": "Hsinchu City",
    "UA-32": "Kyiv Region",
    "US-DC": "Washington, D.C.",
    "US-DC-1": "Washington, D.C.",
    "UZ-TO": "Tashkent Region",
    "YE-SN": "Sanaa Governorate",
}
"""By code. The sources give a city and the region around it, or two regions, one name."""

Ids = NDArray[np.int32]
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Area:
    """One node of the tree.

    Attributes:
        id: position in the table.
        level: 0 world, 1 country (or group of small states), 2 region, 3 zone.
        code: unique and fit for a URL: ISO 3166 where there is one.
        name: English or common name.
        population: residents, a rough estimate below the level of countries.
        parent: id of the area around it, -1 for the world.
        lat, lng: label point in degrees; for a zone its largest town, for others where its
            people are.
        across_km: diameter of a circle of the same land area, in km.
        members: ISO codes of a group of small states, else empty.
    """

    id: int
    level: int
    code: str
    name: str
    population: int
    parent: int
    lat: float
    lng: float
    across_km: float
    members: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Areas:
    """The whole tree as read-only columns, one entry per area; see ``Area`` for their meaning.

    Attributes:
        land_cells: how many cells on land the area consists of.
        end: the subtree of area ``i`` is the ids from ``i`` to ``end[i] - 1``.
        residents: every zone, region and country has at least so many people.
        version: short hash of the contents.
    """

    level: NDArray[np.uint8]
    parent: Ids
    end: Ids
    code: Texts
    name: Texts
    population: NDArray[np.int64]
    lat: NDArray[np.float32]
    lng: NDArray[np.float32]
    across_km: NDArray[np.float32]
    members: Texts
    land_cells: Ids
    residents: int
    version: str

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.level)

    def get(self, area: int) -> Area:
        """Return one area.

        Raises:
            NotFoundError: when there is no area of that id.
        """
        if not 0 <= area < len(self):
            raise NotFoundError(N_("There is no such area. Choose one from the list of countries."))
        members = str(self.members[area])
        return Area(
            id=int(area),
            level=int(self.level[area]),
            code=str(self.code[area]),
            name=str(self.name[area]),
            population=int(self.population[area]),
            parent=int(self.parent[area]),
            lat=float(self.lat[area]),
            lng=float(self.lng[area]),
            across_km=float(self.across_km[area]),
            members=tuple(members.split(",")) if members else (),
        )

    def by_code(self, code: str) -> Area:
        """Return the area with this code, such as ``FR``, ``FR-BRE`` or ``FR-BRE-3``.

        Raises:
            NotFoundError: when no area has it.
        """
        if code not in self._ids_by_code:
            raise NotFoundError(N_("There is no area with this code."))
        return self.get(self._ids_by_code[code])

    def children(self, area: int) -> Ids:
        """Return the ids right below ``area``, ascending."""
        inside = self.subtree(area)
        below = np.flatnonzero(self.parent[inside] == area) + inside.start
        ids: Ids = below.astype(np.int32)
        return ids

    def ancestors(self, area: int) -> list[int]:
        """Return the ids from the country down to ``area``; for the world, itself."""
        line = [self.get(area).id]
        while self.parent[line[0]] > WORLD:
            line.insert(0, int(self.parent[line[0]]))
        return line

    def at_level(self, ids: NDArray[np.integer[Any]], level: int) -> Ids:
        """Return for each of ``ids`` its ancestor at ``level``, -1 if it is coarser."""
        found = np.asarray(ids, dtype=np.int32).copy()
        for _ in range(ZONE - level):
            finer = self.level[found] > level
            found[finer] = self.parent[found[finer]]
        found[self.level[found] != level] = -1
        return found

    def subtree(self, area: int) -> slice:
        """Return the ids of ``area`` and everything below it.

        Raises:
            NotFoundError: when there is no area of that id.
        """
        self.get(area)
        return slice(int(area), int(self.end[area]))

    @cached_property
    def _ids_by_code(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self.code.tolist())}


@lru_cache(maxsize=1)
def load_areas() -> Areas:
    """Return the area tree that ships with the program; it is read once.

    Raises:
        DataError: when the file is missing or damaged.
    """
    return read_areas(AREAS_FILE)


def read_areas(path: Path) -> Areas:
    """Read an area tree from a file written by ``scripts/build_areas.py``.

    Raises:
        DataError: when the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as table:
            columns = {name: table[name] for name in table.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise DataError(
            N_(
                "The area table %(file)s is missing or damaged. Install the program again, or run "
                "scripts/build_areas.py."
            ),
            file=path.name,
        ) from error
    missing = set(Areas.__dataclass_fields__) - set(columns)
    if missing:
        raise DataError(
            N_(
                "The area table %(file)s lacks %(columns)s: it is from another version. Run "
                "scripts/build_areas.py."
            ),
            file=path.name,
            columns=", ".join(sorted(missing)),
        )
    # Names and points are mended here and not in the file: its version is stored with every place.
    columns["name"] = _better_names(columns)
    columns["lat"], columns["lng"] = mended_points(columns)
    for name in ("code", "name", "members"):
        # Each as long as it is; the file has all as long as the longest, which takes 28 MB.
        columns[name] = columns[name].astype(np.dtypes.StringDType())
    return columns_to_areas(columns)


def _better_names(columns: dict[str, Any]) -> NDArray[np.str_]:
    """Return the names of all areas of a table, those of ``BETTER_NAMES`` put in."""
    codes, names = columns["code"], columns["name"].tolist()
    for code, name in BETTER_NAMES.items():
        for at in np.flatnonzero(codes == code):
            names[int(at)] = name
    return np.array(names)


def columns_to_areas(columns: dict[str, Any]) -> Areas:
    """Return the tree of these columns; the arrays are made read-only."""
    fields = {name: columns[name] for name in Areas.__dataclass_fields__}
    for name in fields.keys() - {"residents", "version"}:
        fields[name].setflags(write=False)
    fields["residents"], fields["version"] = int(fields["residents"]), str(fields["version"])
    return Areas(**fields)
