"""Writes the table of an export with the outlines of its areas: GeoJSON, GeoPackage, GeoParquet.

Each outline is in a file once, however many conditions there are. The same table gives the same
bytes: nothing in a file says when or on which machine it was made.
"""

import io
import json
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mapapp.actions.statistics.area_outlines import outline_texts, shapes_of
from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COUNTED_COLUMNS,
    NUMBER_COLUMNS,
    Cell,
    Table,
)
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    import geopandas
    import pyarrow
    import pyogrio
    from pyarrow import parquet
else:
    # No format needs them all, and each takes its time and memory to load.
    geopandas = OnFirstUse("geopandas")
    parquet = OnFirstUse("pyarrow.parquet")
    pyarrow = OnFirstUse("pyarrow")
    pyogrio = OnFirstUse("pyogrio")

AREAS, VIEW = "areas", "statistics"

_AREA_CELLS = ", ".join(f"a.{name}" for name in AREA_COLUMNS)
_CONDITION_CELLS = ", ".join(f"c.{name}" for name in COUNTED_COLUMNS)
_NUMBER_CELLS = ", ".join(f"n.{name}" for name in NUMBER_COLUMNS)
# A view has no key of its own; GDAL and QGIS take the one that is called so.
_TABLES = f"""
CREATE UNIQUE INDEX areas_id ON {AREAS} (area_id);
CREATE TABLE conditions (fid INTEGER PRIMARY KEY, condition TEXT NOT NULL UNIQUE,
    condition_name TEXT NOT NULL, mondo TEXT NOT NULL, orpha TEXT NOT NULL);
CREATE TABLE numbers (fid INTEGER PRIMARY KEY, area_id INTEGER NOT NULL, condition TEXT NOT NULL,
    people INTEGER NOT NULL, per_million REAL);
CREATE VIEW {VIEW} AS SELECT n.fid AS OGC_FID, a.geom, {_AREA_CELLS}, {_CONDITION_CELLS},
    {_NUMBER_CELLS}
    FROM numbers n JOIN {AREAS} a ON a.area_id = n.area_id
    JOIN conditions c ON c.condition = n.condition;
"""  # noqa: S608 - ours
_REGISTERED = f"""
INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id)
    SELECT name, 'attributes', name, last_change, 0 FROM gpkg_contents, sqlite_master
    WHERE table_name = '{AREAS}' AND name IN ('conditions', 'numbers');
INSERT INTO gpkg_contents SELECT '{VIEW}', data_type, '{VIEW}', description, last_change,
    min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents WHERE table_name = '{AREAS}';
INSERT INTO gpkg_geometry_columns SELECT '{VIEW}', column_name, geometry_type_name, srs_id, z, m
    FROM gpkg_geometry_columns WHERE table_name = '{AREAS}';
"""  # noqa: S608 - ours
_CONDITION = f"INSERT INTO conditions ({', '.join(COUNTED_COLUMNS)}) VALUES (?, ?, ?, ?)"  # noqa: S608
_NUMBER = "INSERT INTO numbers (condition, area_id, people, per_million) VALUES (?, ?, ?, ?)"


def write(file_format: str, table: Table, level: str, words: dict[str, str], day: date) -> bytes:
    """Return the bytes of the file; ``words`` travel inside it."""
    if file_format == "geojson":
        return _geojson(table, level, words)
    if file_format == "gpkg":
        return _gpkg(table, level, words, day)
    return _parquet(table, level, words)


def _areas(table: Table, level: str) -> geopandas.GeoDataFrame:
    shapes = shapes_of(level)
    outlines = [shapes.get(int(area)) for area in table.areas["area_id"]]
    return geopandas.GeoDataFrame(table.areas, geometry=outlines, crs="EPSG:4326")


def _geojson(table: Table, level: str, words: dict[str, str]) -> bytes:
    """Written feature by feature: all of them as one object would take several times as much."""
    outlines = _outlines_as_json(level)
    conditions = [dict(zip(COUNTED_COLUMNS, one.condition, strict=True)) for one in table.numbers]
    target = io.BytesIO()
    head = {"type": "FeatureCollection", **words, "conditions": conditions}
    target.write(f'{json.dumps(head, ensure_ascii=False)[:-1]},"features":['.encode())
    for number, place in enumerate(table.places()):
        values: dict[str, Cell] = dict(zip(AREA_COLUMNS, place, strict=True))
        for one in table.numbers:
            values[f"people_{one.condition[0]}"] = one.people[number]
            values[f"per_million_{one.condition[0]}"] = one.per_million[number]
        outline = outlines.get(int(place[0]), "null")
        properties = json.dumps(values, ensure_ascii=False)
        feature = f'{{"type":"Feature","properties":{properties},"geometry":{outline}}}'
        target.write((",\n" if number else "\n").encode() + feature.encode())
    target.write(b"\n]}\n")
    return target.getvalue()


def _outlines_as_json(level: str) -> dict[int, str]:
    shapes = shapes_of(level)
    return dict(zip(shapes, outline_texts(list(shapes.values())), strict=True))


def _gpkg(table: Table, level: str, words: dict[str, str], day: date) -> bytes:
    # A GeoPackage says when it was changed; the day of its numbers stands there instead.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        pyogrio.write_dataframe(
            _areas(table, level),
            path,
            layer=AREAS,
            driver="GPKG",
            geometry_type="MultiPolygon",
            dataset_metadata=words,
        )
        _add_numbers(path, table)
        return path.read_bytes()


def _parquet(table: Table, level: str, words: dict[str, str]) -> bytes:
    """One row for each condition and area, as in CSV; outlines stand in a dictionary, each once."""
    plain, target = io.BytesIO(), io.BytesIO()
    # GeoPandas knows how a GeoParquet describes its outlines; the numbers are put around them.
    _areas(table, level).to_parquet(plain, index=False)
    areas = parquet.read_table(plain)
    numbers = table.numbers
    every_area = np.tile(np.arange(len(areas)), len(numbers))
    every_condition = np.repeat(np.arange(len(numbers)), len(areas))
    cells = (one.condition for one in numbers)
    conditions = zip(COUNTED_COLUMNS, zip(*cells, strict=True), strict=True)
    columns = {
        **{name: areas[name].take(every_area) for name in AREA_COLUMNS},
        **{name: pyarrow.array(here).take(every_condition) for name, here in conditions},
        "people": pyarrow.array(chain.from_iterable(one.people for one in numbers)),
        "per_million": pyarrow.array(
            chain.from_iterable(one.per_million for one in numbers), pyarrow.float64()
        ),
        "geometry": areas["geometry"].combine_chunks().dictionary_encode().take(every_area),
    }
    whole = pyarrow.table(columns)
    with parquet.ParquetWriter(
        target,
        whole.schema,
        compression="zstd",
        store_schema=False,  # it would make readers take outlines for a dictionary
    ) as file:
        file.write_table(whole)
        file.add_key_value_metadata({"geo": areas.schema.metadata[b"geo"], **words})
    return target.getvalue()


def _add_numbers(path: Path, table: Table) -> None:
    """Put the numbers into a GeoPackage that has the layer ``areas``."""
    with closing(sqlite3.connect(path)) as package:
        package.executescript(_TABLES)
        package.executemany(_CONDITION, [one.condition for one in table.numbers])
        for one in table.numbers:
            slugs = repeat(one.condition[0], len(one.people))
            cells = zip(slugs, table.areas["area_id"], one.people, one.per_million, strict=True)
            package.executemany(_NUMBER, cells)
        package.commit()
        package.executescript(_REGISTERED)
