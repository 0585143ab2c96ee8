"""Writes the table of an export as CSV, XLSX, GeoJSON, GeoPackage or GeoParquet.

The same table gives the same bytes: nothing in a file says when or on which machine it was made.
Loaded by ``export`` when the first file is written, because geopandas and pyarrow are large.
"""

import io
import json
import tempfile
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date, datetime, time
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet
import pyogrio
import shapely
import xlsxwriter

from mapapp.actions.statistics.export_shapes import shapes_of
from mapapp.domain.statistics.codebook import carried
from mapapp.domain.statistics.export_table import COLUMNS, Row
from mapapp.domain.statistics.inert_cells import inert, write_csv

COORDINATE_DIGITS = 4  # of a degree in GeoJSON: some ten metres, finer than the outlines are
LAYER = "statistics"


def write(file_format: str, rows: Iterable[Row], level: str, codebook: str, day: date) -> bytes:
    """Return the bytes of the file.

    Args:
        file_format: csv, xlsx, geojson, gpkg or parquet.
        rows: the table.
        level: of the areas, for their outlines.
        codebook: goes into every format but CSV, with caveat and licence.
        day: written where a format wants a date: the day of the numbers.
    """
    if file_format == "csv":
        return _csv(rows)
    if file_format == "xlsx":
        return _xlsx(rows, codebook, day)
    if file_format == "geojson":
        return _geojson(rows, level, carried(codebook))
    frame = _frame(list(rows), level)
    if file_format == "gpkg":
        return _gpkg(frame, day, carried(codebook))
    return _parquet(frame, carried(codebook))


def _csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    write_csv(text, (COLUMNS, *map(astuple, rows)))
    return text.getvalue().encode()


def _xlsx(rows: Iterable[Row], codebook: str, day: date) -> bytes:
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, {**options, "strings_to_numbers": False})
    book.set_properties({"created": datetime.combine(day, time())})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Statistics")
    sheet.write_row(0, 0, COLUMNS, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 1, 16)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(astuple(row)):
            is_number = isinstance(value, int) or (column == _PEOPLE and value.isdecimal())
            if is_number:
                sheet.write_number(number, column, int(value))
            else:
                sheet.write_string(number, column, inert(value))
    words = book.add_worksheet("Codebook")
    words.set_column(0, 0, 110)
    for number, line in enumerate(codebook.splitlines()):
        text = inert(line.lstrip("#- ").strip())
        words.write_string(number, 0, text, bold if line[:1] == "#" else None)
    book.close()
    return target.getvalue()


_PEOPLE = COLUMNS.index("people")


def _frame(rows: list[Row], level: str) -> gpd.GeoDataFrame:
    shapes = shapes_of(level)
    columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    outlines = [shapes.get(row.area_id) for row in rows]
    return gpd.GeoDataFrame(columns, geometry=outlines, crs="EPSG:4326")


def _geojson(rows: Iterable[Row], level: str, words: dict[str, str]) -> bytes:
    """Written row by row: with every zone of five conditions a list of all would take gigabytes."""
    outlines = _outlines_as_json(level)
    target = io.BytesIO()
    head = json.dumps({"type": "FeatureCollection", **words}, ensure_ascii=False)[:-1]
    target.write(f'{head},"features":['.encode())
    for number, row in enumerate(rows):
        values = json.dumps({name: getattr(row, name) for name in COLUMNS}, ensure_ascii=False)
        outline = outlines.get(row.area_id, "null")
        feature = f'{{"type":"Feature","properties":{values},"geometry":{outline}}}'
        target.write((",\n" if number else "\n").encode() + feature.encode())
    target.write(b"\n]}\n")
    return target.getvalue()


def _outlines_as_json(level: str) -> dict[int, str]:
    shapes = shapes_of(level)
    # Rounding turns rings round, and RFC 7946 wants outer rings against the clock.
    rounded = shapely.set_precision(list(shapes.values()), 10**-COORDINATE_DIGITS)
    texts = shapely.to_geojson(shapely.orient_polygons(rounded))
    return dict(zip(shapes, texts.tolist(), strict=True))


def _gpkg(frame: gpd.GeoDataFrame, day: date, words: dict[str, str]) -> bytes:
    # A GeoPackage says when it was changed; the day of its numbers stands there instead.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.gpkg"
        pyogrio.write_dataframe(
            frame,
            path,
            layer=LAYER,
            driver="GPKG",
            geometry_type="MultiPolygon",
            dataset_metadata=words,
        )
        return path.read_bytes()


def _parquet(frame: gpd.GeoDataFrame, words: dict[str, str]) -> bytes:
    plain, target = io.BytesIO(), io.BytesIO()
    frame.to_parquet(plain, index=False, compression="zstd")
    # GeoPandas writes no words of ours, so the file is written again with them beside its own.
    table = pyarrow.parquet.read_table(plain)
    described = table.replace_schema_metadata({**table.schema.metadata, **words})
    pyarrow.parquet.write_table(described, target, compression="zstd")
    return target.getvalue()
