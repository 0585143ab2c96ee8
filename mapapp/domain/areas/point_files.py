"""The door in: files of points become zones here, and the coordinates are forgotten.

A row leaves this file with its line number, its zone and its other columns. What was wrong with a
row is said without repeating the coordinate, so that no message and no log can hold one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mapapp.domain.areas.csv_rows import FEATURE, LINE, Fields, RawRow, csv_rows
from mapapp.domain.areas.geojson_rows import geojson_rows
from mapapp.domain.areas.locate import latlngs_to_zones
from mapapp.domain.areas.place_cells import PLACE_COLUMNS, checked_latlng, country_code
from mapapp.domain.areas.row_places import settled_zone
from mapapp.domain.areas.town_names import town_to_zone
from mapapp.domain.core.text_files import open_text
from mapapp.errors import N_, NO_WORDS, BadInputError, Words

CHUNK = 20_000  # rows located at once


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
        country_code(fields.get("country", ""))
        return bool(_latlng(fields) or _town_zone(fields))
    except BadInputError:
        return False


def _locate(part: Sequence[RawRow]) -> Rows:
    """Turn the places of ``part`` into zones, all at once, and leave the coordinates behind."""
    found = Rows()
    pointed: list[RawRow] = []
    points: list[tuple[float, float]] = []
    for row in part:
        try:
            if row.why:
                raise row.why
            country_code(row.fields.get("country", ""))
            if point := _latlng(row.fields):
                points.append(point)
                pointed.append(row)
            else:
                found.good.append((row.number, _town_zone(row.fields), _others(row.fields)))
        except BadInputError as error:
            found.bad.append(BadRow(row.number, error, row.unit))
    latlngs = np.array(points, dtype=np.float64).reshape(-1, 2)
    zones = latlngs_to_zones(latlngs[:, 0], latlngs[:, 1])
    turned = latlngs_to_zones(latlngs[:, 1], latlngs[:, 0])  # as if lat and lng changed places
    for row, point, zone, other in zip(
        pointed, points, zones.tolist(), turned.tolist(), strict=True
    ):
        try:
            settled = settled_zone(row.fields, point, zone, other)
            found.good.append((row.number, settled, _others(row.fields)))
        except BadInputError as error:
            found.bad.append(BadRow(row.number, error, row.unit))
    found.good.sort(key=lambda good: good[0])
    found.bad.sort(key=lambda bad: bad.line)
    return found


def _others(fields: Fields) -> Fields:
    return {name: text for name, text in fields.items() if name not in PLACE_COLUMNS}


def _latlng(fields: Fields) -> tuple[float, float] | None:
    lat, lng = fields.get("lat", ""), fields.get("lng", "")
    return checked_latlng(lat, lng) if lat or lng else None


def _town_zone(fields: Fields) -> int:
    if fields.get("town"):
        return town_to_zone(fields["town"], fields.get("country", ""), fields.get("region", ""))
    raise BadInputError(N_("There is no place: give lat and lng, or town."))
