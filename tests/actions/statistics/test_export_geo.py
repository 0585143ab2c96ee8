"""Exports opened by GDAL, GeoPandas and PyArrow: the same numbers, and each outline once."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet
import pyogrio
import pytest

from mapapp.actions.statistics.export_files import write
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.statistics.export_choices import OUTLINED
from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COLUMNS,
    NUMBER_COLUMNS,
    Counted,
    Table,
    make_table,
    table_ids,
)

DAY = date(2026, 11, 23)
SLUGS = ("als", "dystonia", "x-y")
KINDS = OUTLINED
MUNICH = gpd.points_from_xy([11.575], [48.137])[0]


def table_of(level: str, slugs: Sequence[str] = SLUGS) -> Table:
    """Each condition has numbers of its own, and a third of the areas has few people."""
    ids = table_ids(load_areas(), level)
    numbers = {Counted(slug, slug.upper()): ids % 3 * 6 + at for at, slug in enumerate(slugs)}
    return make_table(load_areas(), ids, numbers)


def written(folder: Path, kind: str, table: Table, level: str = "country") -> Path:
    path = folder / f"out.{kind}"
    path.write_bytes(write(kind, table, level, "words", DAY))
    return path


def outlines_in(path: Path) -> gpd.GeoDataFrame:
    """Return what a reader sees of the areas."""
    if path.suffix == ".gpkg":
        return gpd.read_file(path, layer="areas")
    if path.suffix == ".geojson":
        return gpd.read_file(path)
    return gpd.read_parquet(path).drop_duplicates("area_id")


def rows_in(path: Path) -> list[dict[str, object]]:
    """Return one row for each condition and area, as readers get them in one step."""
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path, columns=list(COLUMNS)).to_pylist()
    layer = {".gpkg": "statistics", ".xlsx": "Statistics"}.get(path.suffix)
    rows = pyogrio.read_dataframe(path, layer=layer, read_geometry=False).to_dict("records")
    if path.suffix not in {".geojson", ".xlsx"}:
        return rows
    return [
        {
            **{name: row[name] for name in AREA_COLUMNS},
            **{name: row[f"{name}_{slug}"] for name in NUMBER_COLUMNS},
            "condition": slug,
        }
        for slug in SLUGS
        for row in rows
    ]


def as_texts(row: Mapping[str, object], names: Iterable[str]) -> dict[str, str]:
    """Readers differ in what is a number, and in what an empty cell is."""
    cells = {name: "" if row[name] in (None, "") else str(row[name]) for name in names}
    return {name: _as_text(cell) for name, cell in cells.items()}


def _as_text(cell: str) -> str:
    try:
        return "" if cell == "nan" else f"{float(cell):.12g}"
    except ValueError:
        return cell


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", ["country", "region"])
def test_outlines(tmp_path: Path, kind: str, level: str) -> None:
    table = table_of(level)
    frame = outlines_in(written(tmp_path, kind, table, level))
    assert frame.area_id.tolist() == table.areas["area_id"]
    assert frame.crs.to_epsg() == 4326
    world, areas = frame.iloc[0], frame.iloc[1:]
    assert world.geometry is None
    assert areas.geometry.is_valid.all()
    rings = [part.exterior for part in areas.geometry.explode()]
    assert all(ring.is_ccw for ring in rings)  # RFC 7946; the other formats do the same
    holes = [hole for part in areas.geometry.explode() for hole in part.interiors]
    assert not any(hole.is_ccw for hole in holes)
    assert set(areas.geom_type) <= {"MultiPolygon", "Polygon"}
    (around,) = areas[areas.contains(MUNICH)].code
    assert around == {"country": "DE", "region": "DE-BY"}[level]


@pytest.mark.parametrize("kind", ["csv", "xlsx", *KINDS])
def test_numbers_join_their_areas(tmp_path: Path, kind: str) -> None:
    table = table_of("country")
    rows = rows_in(written(tmp_path, kind, table))
    names = [name for name in COLUMNS if name in rows[0]]
    assert {*AREA_COLUMNS, "condition", *NUMBER_COLUMNS} <= set(names)
    wanted = (dict(zip(COLUMNS, row, strict=True)) for row in table.rows())
    assert [as_texts(row, names) for row in rows] == [as_texts(row, names) for row in wanted]


@pytest.mark.parametrize("kind", KINDS)
def test_an_outline_is_there_once_however_many_conditions(tmp_path: Path, kind: str) -> None:
    tables = (table_of("region", [f"c{n}" for n in range(count)]) for count in (1, 10))
    few, many = (written(tmp_path, kind, table, "region").stat().st_size for table in tables)
    assert many < 2 * few


def test_a_geopackage_has_a_view_that_gdal_reads_as_a_layer(tmp_path: Path) -> None:
    path = written(tmp_path, "gpkg", table_of("country"))
    layers = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert layers == {
        "areas": "MultiPolygon",
        "statistics": "MultiPolygon",
        "conditions": None,
        "numbers": None,
    }
    frame = gpd.read_file(path, layer="statistics", where="condition = 'als'", fid_as_index=True)
    assert list(frame.columns) == [*COLUMNS, "geometry"]
    assert frame.crs.to_epsg() == 4326
    assert frame.index.is_unique
    assert len(frame) == len(table_of("country").places())
    (around,) = frame[frame.contains(MUNICH)].code
    assert around == "DE"


def test_a_geopackage_tells_no_time(tmp_path: Path) -> None:
    with sqlite3.connect(written(tmp_path, "gpkg", table_of("country"))) as package:
        changed = package.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
        assert package.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert changed == [("2026-11-23T00:00:00.000Z",)]
