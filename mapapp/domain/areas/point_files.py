"""The door in: files of points become zones here, and the coordinates are forgotten.

A row leaves this file with its line number, its zone and its other columns. What was wrong with a
row is said without repeating the coordinate, so that no message and no log can hold one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.areas.csv_rows import FEATURE, LINE, Fields, RawRow, csv_rows
from mapapp.domain.areas.geojson_rows import geojson_rows
from mapapp.domain.areas.locate import NOWHERE, latlngs_to_zones
from mapapp.domain.areas.place_cells import (
    PLACE_COLUMNS,
    checked_latlng,
    codes_of_country,
    country_code,
)
from mapapp.domain.areas.town_names import town_to_latlng
from mapapp.domain.core.text_files import open_text
from mapapp.errors import N_, NO_WORDS, BadInputError, Words

CHUNK = 20_000  # rows located at once
AT_SEA = N_("The point is at sea, far from any land.")
SWAPPED_AT_SEA = N_("The point is at sea, far from any land. Are lat and lng swapped?")
SWAPPED_ON_LAND = N_("The point is not in the country that the row names. Are lat and lng swapped?")
IN_ANOTHER_COUNTRY = N_(
    "The point is not in the country that the row names. Correct one of them, or leave the country "
    "empty."
)


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used, and why; the reason never repeats what the row holds."""

    line: int
    why: BadInputError
    unit: str = LINE  # what ``line`` counts: lines of a table, or features of GeoJSON


@dataclass
class Rows:
    """A part of a file, already located.

    Attributes:
        good: (line, zone, other columns) of the rows that have a place.
        bad: the rows that have none.
        read: bytes read so far, for a progress bar.
        note: what the owner of the file should know about it, or ''.
        unit: what the numbers of rows count: lines of a table, or features of GeoJSON.
    """

    good: list[tuple[int, int, Fields]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    read: int = 0
    note: Words = NO_WORDS
    unit: str = LINE

    def in_order(self) -> list[tuple[int, int, Fields] | BadRow]:
        """Return all rows by line."""
        both: list[tuple[int, int, Fields] | BadRow] = [*self.good, *self.bad]
        return sorted(both, key=lambda row: row.line if isinstance(row, BadRow) else row[0])


def read_points(path: Path) -> Iterator[Rows]:
    """Yield the rows of a CSV or GeoJSON file (by its ending), some thousands at a time.

    Raises:
        BadInputError: when the file as a whole cannot be read: kind, encoding, columns, quotes.
    """
    is_json = path.suffix.lower() in {".geojson", ".json"}
    with open_text(path) as (file, note):
        raw = geojson_rows(file) if is_json else csv_rows(file, has_place)
        for part in _in_chunks(raw):
            located = _locate(part)
            # The position of the buffer below: near enough for a bar.
            located.read, located.note = file.buffer.tell(), note  # type: ignore[attr-defined]
            located.unit = FEATURE if is_json else LINE
            yield located


def _in_chunks(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    part: list[RawRow] = []
    for row in rows:
        part.append(row)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def has_place(fields: Fields) -> bool:
    """Whether fields name a place that can be found."""
    try:
        return bool(_point_of(fields))
    except BadInputError:
        return False


def _locate(part: Sequence[RawRow]) -> Rows:
    """Turn the places of ``part`` into zones, all at once, and leave the coordinates behind."""
    found = Rows(bad=[BadRow(row.number, row.why, row.unit) for row in part if row.why])
    usable: list[RawRow] = []
    points: list[tuple[float, float]] = []
    for row in part:
        if not row.why:
            try:
                points.append(_point_of(row.fields))
                usable.append(row)
            except BadInputError as error:
                found.bad.append(BadRow(row.number, error, row.unit))
    latlngs = np.array(points, dtype=np.float64).reshape(-1, 2)
    zones = latlngs_to_zones(latlngs[:, 0], latlngs[:, 1])
    turned = _zones_turned(latlngs)
    for row, zone, other in zip(usable, zones.tolist(), turned.tolist(), strict=True):
        if why := _contradiction(row.fields, zone, other):
            found.bad.append(BadRow(row.number, BadInputError(why), row.unit))
            continue
        others = {k: v for k, v in row.fields.items() if k not in PLACE_COLUMNS}
        found.good.append((row.number, zone, others))
    found.bad.sort(key=lambda bad: bad.line)
    return found


def _zones_turned(latlngs: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the zones of the points whose two numbers change places; -1 where there is none."""
    return latlngs_to_zones(latlngs[:, 1], latlngs[:, 0])


def _contradiction(fields: Fields, zone: int, turned: int) -> Words:
    """Return what speaks against a zone, or ''; ``turned``: its zone with lat and lng swapped."""
    if zone == NOWHERE:
        return AT_SEA if turned == NOWHERE else SWAPPED_AT_SEA
    named = country_code(fields.get("country", ""))
    if not named or named in codes_of_country(zone) or not fields.get("lat"):
        return NO_WORDS
    is_turned = turned != NOWHERE and named in codes_of_country(turned)
    return SWAPPED_ON_LAND if is_turned else IN_ANOTHER_COUNTRY


def _point_of(fields: Fields) -> tuple[float, float]:
    lat, lng = fields.get("lat", ""), fields.get("lng", "")
    country = country_code(fields.get("country", ""))
    if lat or lng:
        return checked_latlng(lat, lng)
    if fields.get("town"):
        return town_to_latlng(fields["town"], country, fields.get("region", ""))
    raise BadInputError(N_("There is no place: give lat and lng, or town."))
