"""The tables of a GeoPackage beside its outlines, and the view that joins them."""

import sqlite3
from contextlib import closing
from itertools import repeat
from pathlib import Path

from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COUNTED_COLUMNS,
    NUMBER_COLUMNS,
    Table,
)

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


def add_numbers(path: Path, table: Table) -> None:
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
