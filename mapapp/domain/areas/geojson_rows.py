"""Reads the features of a GeoJSON file as rows."""

from collections.abc import Iterator
from typing import Any, TextIO

from mapapp.domain.areas.csv_rows import FEATURE, Fields, RawRow
from mapapp.domain.areas.json_stream import Twice, check_crs, read_features
from mapapp.domain.areas.place_cells import KNOWN_COLUMNS, clean_cell, column_name
from mapapp.errors import N_, BadInputError

ID_MEMBER = "id"
NAMED_TWICE = N_("A property appears twice, perhaps once in capitals or under another name.")


def geojson_rows(file: TextIO) -> Iterator[RawRow]:
    """Yield the features of a FeatureCollection, counted from 1.

    Raises:
        BadInputError: when the file is none, breaks off, or is in another system than WGS 84.
    """
    for number, feature in read_features(file):
        try:
            yield RawRow(number, _fields(feature), unit=FEATURE)
        except BadInputError as error:
            yield RawRow(number, {}, error, FEATURE)


def _fields(feature: Any) -> Fields:
    if not isinstance(feature, dict):
        raise BadInputError(N_("This is not a GeoJSON feature."))
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise BadInputError(N_("The properties are not an object."))
    geometry = feature.get("geometry")
    if any(isinstance(part, Twice) for part in (feature, properties, geometry)):
        raise BadInputError(NAMED_TWICE)
    fields = _properties(properties)
    if ID_MEMBER in feature and not fields.get(ID_MEMBER):
        fields[ID_MEMBER] = _as_text(ID_MEMBER, feature[ID_MEMBER])
    if "crs" in feature:
        check_crs(feature["crs"])
    if geometry is None:
        return fields
    is_point = isinstance(geometry, dict) and geometry.get("type") == "Point"
    position = geometry.get("coordinates") if is_point else None
    if not isinstance(position, list) or len(position) < 2:
        raise BadInputError(N_("The geometry is not a point."))
    if "crs" in geometry:
        check_crs(geometry["crs"])
    lng, lat = position[:2]
    return {**fields, "lat": _as_text("lat", lat), "lng": _as_text("lng", lng)}


def _properties(properties: dict[str, Any]) -> Fields:
    fields: Fields = {}
    for name, value in properties.items():
        column = column_name(name)
        if column in fields:  # the wider of two visibilities must not win
            raise BadInputError(NAMED_TWICE)
        is_used = column in KNOWN_COLUMNS or isinstance(value, str)
        fields[column] = _as_text(column, value) if is_used else ""
    return fields


def _as_text(column: str, value: Any) -> str:
    if isinstance(value, list) and column == "languages":
        return " ".join(_as_text("", item) for item in value)
    if isinstance(value, (list, dict, bool)) and column not in {"lat", "lng"}:
        raise BadInputError(N_("A property of a person or a place is no text and no number."))
    return "" if value is None else clean_cell(str(value))
