"""The door in: files of points become zones here, and the coordinates are forgotten.

A row leaves this file with its line number, its zone and its other columns. What was wrong with a
row is said without repeating the coordinate, so that no message and no log can hold one.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from mapapp.domain.json_stream import read_features
from mapapp.domain.locate import latlngs_to_zones
from mapapp.domain.town_names import town_to_latlng
from mapapp.errors import BadInputError

CHUNK = 20_000  # rows located at once
LONGEST_LINE = 1 << 20  # characters; a longer one is cut, which the columns then show
ALIASES = {"latitude": "lat", "longitude": "lng", "lon": "lng", "long": "lng", "city": "town"}
PLACE_COLUMNS = frozenset({"lat", "lng", "town", "country"})
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

Fields = dict[str, str]


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used. ``reason`` never repeats what the row holds."""

    line: int
    reason: str


@dataclass
class Rows:
    """A part of a file, already located.

    Attributes:
        good: (line, zone, other columns) of the rows that have a place.
        bad: the rows that have none.
        read: characters read so far, for a progress bar.
    """

    good: list[tuple[int, int, Fields]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    read: int = 0

    def in_order(self) -> list[tuple[int, int, Fields] | BadRow]:
        """Return all rows by line."""
        both: list[tuple[int, int, Fields] | BadRow] = [*self.good, *self.bad]
        return sorted(both, key=lambda row: row.line if isinstance(row, BadRow) else row[0])


@dataclass(frozen=True)
class _Raw:
    line: int
    fields: Fields
    reason: str = ""


def read_points(path: Path) -> Iterator[Rows]:
    """Yield the rows of a CSV or GeoJSON file (by its ending), some thousands at a time.

    Raises:
        BadInputError: when the file as a whole cannot be read: kind, encoding, columns.
    """
    is_json = path.suffix.lower() in {".geojson", ".json"}
    with _open(path) as file:
        raw = _geojson_rows(file) if is_json else _csv_rows(file)
        for part in _in_chunks(raw):
            located = _locate(part)
            # The position of the buffer below: near enough for a bar.
            located.read = file.buffer.tell() if isinstance(file, io.TextIOWrapper) else 0
            yield located


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError:
        raise BadInputError(
            "This file is not UTF-8. Save it as “CSV UTF-8” and try again."
        ) from None


def _in_chunks(rows: Iterable[_Raw]) -> Iterator[list[_Raw]]:
    part: list[_Raw] = []
    for row in rows:
        part.append(row)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def _csv_rows(file: TextIO) -> Iterator[_Raw]:
    first = file.readline(LONGEST_LINE)
    if not first.strip():
        raise BadInputError("This file is empty. Its first line must name the columns.")
    delimiter = max(",;\t", key=first.count)
    columns = _columns(next(csv.reader([first], delimiter=delimiter)))
    lines = iter(lambda: file.readline(LONGEST_LINE), "")
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = reader.line_num + 2  # the first line of the row; one is the header
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _Raw(line, {}, "A field is too long, or a quotation mark is never closed.")
            continue
        if not values or not any(value.strip() for value in values):
            continue
        if len(values) != len(columns):
            yield _Raw(line, {}, f"There are {len(values)} columns instead of {len(columns)}.")
            continue
        yield _Raw(line, dict(zip(columns, (v.strip() for v in values), strict=True)))


def _columns(header: Sequence[str]) -> list[str]:
    names = [ALIASES.get(name.strip().lower(), name.strip().lower()) for name in header]
    if not {"lat", "lng"} <= set(names) and "town" not in names:
        raise BadInputError("The first line must name the columns lat and lng, or town.")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise BadInputError(f"A column is there twice: {', '.join(twice)}.")
    return names


def _geojson_rows(file: TextIO) -> Iterator[_Raw]:
    for line, feature in read_features(file):
        yield _feature_row(line, feature)


def _feature_row(line: int, feature: Any) -> _Raw:
    if not isinstance(feature, dict):
        return _Raw(line, {}, "This is not a GeoJSON feature.")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return _Raw(line, {}, "The properties are not an object.")
    fields = {str(k).strip().lower(): _as_text(v) for k, v in properties.items()}
    fields = {ALIASES.get(name, name): value for name, value in fields.items()}
    geometry = feature.get("geometry")
    if geometry is None:
        return _Raw(line, fields)
    is_point = isinstance(geometry, dict) and geometry.get("type") == "Point"
    position = geometry.get("coordinates") if is_point else None
    if not isinstance(position, list) or len(position) < 2:
        return _Raw(line, {}, "The geometry is not a point.")
    lng, lat = position[:2]
    return _Raw(line, {**fields, "lat": _as_text(lat), "lng": _as_text(lng)})


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_as_text(item) for item in value)
    return "" if value is None else str(value).strip()


def _locate(part: Sequence[_Raw]) -> Rows:
    """Turn the places of ``part`` into zones, all at once, and leave the coordinates behind."""
    found = Rows(bad=[BadRow(row.line, row.reason) for row in part if row.reason])
    usable: list[_Raw] = []
    points: list[tuple[float, float]] = []
    for row in part:
        if not row.reason:
            try:
                points.append(_point_of(row.fields))
                usable.append(row)
            except BadInputError as error:
                found.bad.append(BadRow(row.line, str(error)))
    latlngs = np.array(points, dtype=np.float64).reshape(-1, 2)
    zones = latlngs_to_zones(latlngs[:, 0], latlngs[:, 1])
    for row, zone in zip(usable, zones.tolist(), strict=True):
        if zone < 0:
            found.bad.append(BadRow(row.line, "The point is at sea, far from any land."))
            continue
        others = {k: v for k, v in row.fields.items() if k not in PLACE_COLUMNS}
        found.good.append((row.line, zone, others))
    found.bad.sort(key=lambda bad: bad.line)
    return found


def _point_of(fields: Fields) -> tuple[float, float]:
    lat, lng = fields.get("lat", ""), fields.get("lng", "")
    if lat or lng:
        return checked_latlng(lat, lng)
    if fields.get("town"):
        return town_to_latlng(fields["town"], fields.get("country", ""))
    raise BadInputError("There is no place: lat and lng, or town, must be given.")


def checked_latlng(lat_text: str, lng_text: str) -> tuple[float, float]:
    """Return (lat, lng) in degrees.

    Raises:
        BadInputError: naming what is wrong, without the numbers.
    """
    lat, lng = _number("lat", lat_text), _number("lng", lng_text)
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lng) <= 90:
        raise BadInputError("lat is outside -90 to 90. Are lat and lng swapped?")
    if abs(lat) > 90:
        raise BadInputError("lat is outside -90 to 90.")
    if abs(lng) > 180:
        raise BadInputError("lng is outside -180 to 180.")
    return lat, lng


def _number(name: str, text: str) -> float:
    if not text:
        raise BadInputError(f"{name} is empty.")
    if NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    if "," in text and NUMBER.fullmatch(text.replace(",", ".", 1)):
        raise BadInputError(f"{name} has a decimal comma. Write it with a point.")
    raise BadInputError(f"{name} is not a number.")
