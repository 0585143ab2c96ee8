"""Writes the table of an export with the outlines of its areas: GeoJSON, GeoPackage, GeoParquet.

The same table gives the same bytes: nothing in a file says when or on which machine it was made.
"""

import io
import json
import tempfile
from datetime import date
from itertools import cycle
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet
import pyogrio
import shapely

from mapapp.actions.statistics.export_shapes import shapes_of
from mapapp.domain.statistics.export_table import COLUMNS, Table

COORDINATE_DIGITS = 4  # of a degree in GeoJSON: some ten metres, finer than the outlines are
LAYER = "statistics"


def write(file_format: str, table: Table, level: str, words: dict[str, str], day: date) -> bytes:
    """Return the bytes of the file; ``words`` travel inside it."""
    if file_format == "geojson":
        return _geojson(table, level, words)
    frame = _frame(table, level)
    if file_format == "gpkg":
        return _gpkg(frame, day, words)
    return _parquet(frame, words)


def _frame(table: Table, level: str) -> gpd.GeoDataFrame:
    shapes = shapes_of(level)
    columns = dict(zip(COLUMNS, zip(*table.rows(), strict=True), strict=True))
    outlines = [shapes.get(area_id) for area_id in columns["area_id"]]
    frame = gpd.GeoDataFrame(columns, geometry=outlines, crs="EPSG:4326")
    return frame.astype({"per_million": float})


def _geojson(table: Table, level: str, words: dict[str, str]) -> bytes:
    """Written row by row: with every zone of five conditions a list of all would take gigabytes."""
    outlines = _outlines_as_json(level)
    target = io.BytesIO()
    head = json.dumps({"type": "FeatureCollection", **words}, ensure_ascii=False)[:-1]
    target.write(f'{head},"features":['.encode())
    ids = cycle(map(int, table.areas["area_id"]))
    for number, (row, area_id) in enumerate(zip(table.rows(), ids, strict=False)):
        values = json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)
        outline = outlines.get(area_id, "null")
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
