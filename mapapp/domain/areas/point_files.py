"""The door in: files of points become zones here, and the coordinates are forgotten.

A row leaves this file with its line number, its zone and its other columns. What was wrong with a
row is said without repeating the coordinate, so that no message and no log can hold one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from mapapp.domain.areas.area_tree import NOWHERE
from mapapp.domain.areas.csv_rows import FEATURE, LINE, Fields, RawRow, csv_rows
from mapapp.domain.areas.geojson_rows import geojson_rows
from mapapp.domain.areas.locate import latlngs_to_zones, zones_around
from mapapp.domain.areas.place_cells import (
    PLACE_COLUMNS,
    checked_latlng,
    codes_of_country,
    country_code,
)
from mapapp.domain.areas.sphere import Vectors, km_between, unit_vectors
from mapapp.domain.areas.town_names import (
    is_clear,
    is_region_elsewhere,
    town_to_zone,
    towns_called,
)
from mapapp.domain.core.text_files import open_text, refuse_other_kinds
from mapapp.errors import N_, NO_WORDS, BadInputError, Words

CHUNK = 10_000  # rows located at once
FROM_WINDOWS = N_(
    "This file is not UTF-8, as GeoJSON has to be. It was read as Windows-1252: check that letters "
    "such as é and ß are right, or save it as UTF-8 and try again."
)
BESIDE = 1
"""Rings of cells: how far behind a border the zone of a point may be, if the row says so."""
CITY = 300_000
"""A row that names such a town means it: a hamlet of its name would be named with its country."""
FAR_KM = 100
AT_SEA = N_("The point is at sea, far from any land.")
SWAPPED_AT_SEA = N_("The point is at sea, far from any land. Are lat and lng swapped?")
SWAPPED_ON_LAND = N_("The point is not in the country that the row names. Are lat and lng swapped?")
IN_ANOTHER_COUNTRY = N_(
    "The point is not in the country that the row names. Correct one of them, or leave the country "
    "empty."
)
IN_ANOTHER_REGION = N_(
    "The point is not in the region that the row names. Correct one of them, or leave the region "
    "empty."
)
FAR_FROM_TOWN = N_(
    "The point is far from the town that the row names. Correct one of them, or leave the town "
    "empty."
)

LatLng = tuple[float, float]


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
        if not self.bad:
            return both
        return sorted(both, key=lambda row: row.line if isinstance(row, BadRow) else row[0])


def read_points(path: Path) -> Iterator[Rows]:
    """Yield the rows of a CSV or GeoJSON file (by its ending), some thousands at a time.

    Raises:
        BadInputError: when the file as a whole cannot be read: kind, encoding, columns, quotes.
    """
    is_json = path.suffix.lower() in {".geojson", ".json"}
    refuse_other_kinds(path)
    with open_text(path) as (file, note):
        note = FROM_WINDOWS if note and is_json else note
        raw = geojson_rows(file) if is_json else csv_rows(file, has_place)
        for part in _in_chunks(raw):
            located = _locate(part)
            # The position of the buffer below: near enough for a bar.
            located.read, located.note = file.buffer.tell(), note  # type: ignore[attr-defined]
            located.unit = FEATURE if is_json else LINE
            part.clear()  # while the caller is busy with it, the rows need not be there twice
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
            found.bad.append(_refused(row, error))
    _settle(found, pointed, points)
    found.good.sort(key=lambda good: good[0])
    found.bad.sort(key=lambda bad: bad.line)
    return found


def _settle(found: Rows, rows: Sequence[RawRow], points: Sequence[LatLng]) -> None:
    """Find the zones of rows with coordinates; what else a row says of its place has to agree."""
    latlngs = np.array(points, dtype=np.float64).reshape(-1, 2)
    zones = latlngs_to_zones(latlngs[:, 0], latlngs[:, 1])
    names_place = np.array([_names_place(row.fields) for row in rows], dtype=bool)
    asked = np.flatnonzero((zones == NOWHERE) | names_place)
    # As if lat and lng changed places.
    turned = latlngs_to_zones(latlngs[asked, 1], latlngs[asked, 0])
    others = dict(zip(asked.tolist(), turned.tolist(), strict=True))
    for at, (row, zone) in enumerate(zip(rows, zones.tolist(), strict=True)):
        try:
            if at in others:
                zone = settled_zone(row.fields, points[at], zone, others[at])
            found.good.append((row.number, zone, _others(row.fields)))
        except BadInputError as error:
            found.bad.append(_refused(row, error))


def _refused(row: RawRow, why: BadInputError) -> BadRow:
    # Where it was raised would keep the whole part in memory, coordinates and all.
    return BadRow(row.number, why.with_traceback(None), row.unit)


def _names_place(fields: Fields) -> bool:
    return bool(fields.get("country") or fields.get("region") or fields.get("town"))


def _others(fields: Fields) -> Fields:
    return {name: text for name, text in fields.items() if name not in PLACE_COLUMNS}


def _latlng(fields: Fields) -> tuple[float, float] | None:
    lat, lng = fields.get("lat", ""), fields.get("lng", "")
    return checked_latlng(lat, lng) if lat or lng else None


def _town_zone(fields: Fields) -> int:
    if fields.get("town"):
        return town_to_zone(fields["town"], fields.get("country", ""), fields.get("region", ""))
    raise BadInputError(N_("There is no place: give lat and lng, or town."))


def settled_zone(fields: Fields, point: LatLng, zone: int, turned: int) -> int:
    """Return the zone of a row.

    Beside a border that is the nearest zone of the country, and of the region, that the row names:
    one cell belongs to one zone, also where a border runs through it.

    Args:
        fields: of the row.
        point: its coordinates.
        zone: the one of the point's cell.
        turned: the zone that it had if lat and lng changed places.

    Raises:
        BadInputError: when the row contradicts itself, or the point is at sea.
    """
    if zone == NOWHERE:
        raise BadInputError(AT_SEA if turned == NOWHERE else SWAPPED_AT_SEA)
    named, region = country_code(fields.get("country", "")), fields.get("region", "")
    choices = [zone]
    if _is_outside(zone, named, region):
        choices += zones_around(*point, BESIDE)
    in_country = [one for one in choices if not _is_abroad(one, named)]
    if not in_country:
        is_turned = turned != NOWHERE and named in codes_of_country(turned)
        raise BadInputError(SWAPPED_ON_LAND if is_turned else IN_ANOTHER_COUNTRY)
    fitting = [one for one in in_country if not _is_outside(one, named, region)]
    if not fitting:
        raise BadInputError(IN_ANOTHER_REGION)
    if fields.get("town") and _is_far(fields["town"], named, region, point):
        raise BadInputError(FAR_FROM_TOWN)
    return fitting[0]


@lru_cache(maxsize=50_000)
def _is_outside(zone: int, country: str, region: str) -> bool:
    return _is_abroad(zone, country) or (bool(region) and is_region_elsewhere(region, zone))


def _is_abroad(zone: int, country: str) -> bool:
    return bool(country) and country not in codes_of_country(zone)


def _is_far(town: str, country: str, region: str, point: LatLng) -> bool:
    there = _well_known(town, country, region)
    if there is None:
        return False
    here = unit_vectors(np.array([point[0]]), np.array([point[1]]))
    return bool(km_between(there, here).min() > FAR_KM)


@lru_cache(maxsize=50_000)
def _well_known(town: str, country: str, region: str) -> Vectors | None:
    """Return where the towns of a name lie; None if it is not certain that one of them is meant."""
    towns = towns_called(town, country, region)
    if not towns or towns[0].population < CITY or not is_clear(towns):
        return None
    return unit_vectors(np.array([t.lat for t in towns]), np.array([t.lng for t in towns]))
