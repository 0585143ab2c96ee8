"""Turn Natural Earth's admin-1 features into regions of one level, each in one ISO country."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from areas_tables import (
    BY_FIRST_DIGIT,
    BY_NATION,
    BY_REGION_NAME,
    COUNTRY_OF_CODE,
    JOINED,
    LEFT_OUT,
    REGION_CODES,
    REGION_NAMES,
    REGION_SPELLINGS,
)
from shapely.geometry import shape


@dataclass(frozen=True)
class Region:
    """One first-level region before any merging.

    Attributes:
        country: ISO alpha-2.
        code: ISO 3166-2, or a code of our own that begins with the country's.
        name: English or common name.
        shape: (multi)polygon, degrees, EPSG:4326, split at 180 degrees.
    """

    country: str
    code: str
    name: str
    shape: shapely.Geometry


def features_to_regions(features: list[dict[str, Any]]) -> list[Region]:
    """Merge admin-1 features into regions, ordered by code.

    Args:
        features: GeoJSON features with Natural Earth's columns.

    Returns:
        One region per code; features that share a code (islands, enclosed cities) are merged.
    """
    shapes: dict[tuple[str, str], list[shapely.Geometry]] = {}
    names: dict[str, tuple[float, str]] = {}
    for feature, label in zip(features, _labels(features), strict=True):
        if label is None:
            continue
        country, code, name = label
        geometry = shapely.make_valid(shape(feature["geometry"]))
        shapes.setdefault((country, code), []).append(geometry)
        # The largest of several features (islands, enclaves) gives the name.
        names[code] = max(names.get(code, (0.0, "")), (geometry.area, name))
    return [
        Region(country, code, REGION_NAMES.get(code, names[code][1]), _dissolve(parts))
        for (country, code), parts in sorted(shapes.items())
    ]


def _dissolve(parts: list[shapely.Geometry]) -> shapely.Geometry:
    """Return the union of the polygons among ``parts``; repairs may have left stray lines."""
    pieces = shapely.get_parts(parts)
    kept = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
    nested = shapely.get_parts(pieces[shapely.get_type_id(pieces) > shapely.GeometryType.POLYGON])
    kept = np.concatenate([kept, nested[shapely.get_dimensions(nested) == 2]])
    return shapely.union_all(kept)


def _labels(features: list[dict[str, Any]]) -> list[tuple[str, str, str] | None]:
    """Return (country, code, name) of each feature, or None if it is left out."""
    rows = [feature["properties"] for feature in features]
    filled = _fill_region_names(rows)
    return [_label(row, region) for row, region in zip(rows, filled, strict=True)]


def _label(row: dict[str, Any], region: str) -> tuple[str, str, str] | None:
    iso = row["iso_3166_2"].strip()
    if iso in LEFT_OUT:
        return None
    country = COUNTRY_OF_CODE.get(iso, iso[:2])
    if country != iso[:2] and not iso.startswith("-99"):
        return country, f"{country}-1", _name(row)
    if country == "GB":
        return country, *BY_NATION[row["geonunit"]]
    if country in BY_FIRST_DIGIT:
        code = iso[:4]
        return country, code, code
    if country in BY_REGION_NAME:
        code = REGION_CODES.get(country, {}).get(region) or _own_code(country, region)
        return country, code, _short(region)
    return country, JOINED.get(iso, f"{country}-{_suffix(iso)}"), _name(row)


def _suffix(iso: str) -> str:
    """Return the part of a code after the country, without Natural Earth's marks."""
    return re.sub(r"^(-99|[A-Z]{2})-", "", iso).replace("~", "")


def _own_code(country: str, region: str) -> str:
    """Return the code of a region that ISO does not list: its name in plain capitals."""
    latin = region.replace("ı", "i").replace("Đ", "D")
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Z]+", "-", plain.upper().replace("ECONOMIC REGION", "")).strip("-")
    return f"{country}-{words}"


def _short(region: str) -> str:
    """Return a region's name without brackets and without words that only mean "region"."""
    return re.sub(r" \(.*\)$| Economic Region$", "", region)


def _name(row: dict[str, Any]) -> str:
    """Return a feature's English name, else its local name, else its country's."""
    name = str(row["name_en"] or row["name"] or row["admin"]).replace("'", "’")
    return name.replace("Departament", "Department")


def _fill_region_names(rows: list[dict[str, Any]]) -> list[str]:
    """Return the ``region`` column, with gaps filled from the country's nearest feature."""
    values = [REGION_SPELLINGS.get(row["region"].strip(), row["region"].strip()) for row in rows]
    for at, row in enumerate(rows):
        country = row["iso_3166_2"][:2]
        if values[at] or country not in BY_REGION_NAME:
            continue
        others = [
            other
            for other, candidate in enumerate(rows)
            if candidate["iso_3166_2"][:2] == country and candidate["region"].strip()
        ]
        values[at] = values[min(others, key=lambda other: _apart(row, rows[other]))]
    return values


def _apart(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return the distance of two label points in degrees: good enough in a small country."""
    return float(
        np.hypot(one["latitude"] - other["latitude"], one["longitude"] - other["longitude"])
    )
