"""Exports opened by other people's programs, as whoever gets a file opens it."""

import csv
import io
import json
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

from mapapp.actions.statistics.export_files import write
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.statistics.export_choices import OUTLINED
from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COLUMNS,
    Counted,
    Table,
    make_table,
    table_ids,
)
from tests.programs import program

DAY, LEVEL = date(2026, 11, 23), "country"
SLUGS = ("als", "x-y")
TALLY = "SELECT condition, count(*), sum(people), count(per_million) FROM"
AS_UTF_8 = "csv:Text - txt - csv (StarCalc):44,34,76"  # comma, quote, encoding
MINUTES = 180  # seconds; LibreOffice starts slowly on a busy machine

Tally = list[tuple[str, int, int, int]]


@pytest.fixture(scope="module")
def table() -> Table:
    ids = table_ids(load_areas(), LEVEL)
    people = {Counted(slug, slug.upper()): ids % 3 * 6 + at for at, slug in enumerate(SLUGS)}
    return make_table(load_areas(), ids, people)


@pytest.fixture(scope="module")
def files(table: Table, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exports")
    found = {kind: folder / f"out.{kind}" for kind in ("csv", "xlsx", *OUTLINED)}
    for kind, path in found.items():
        path.write_bytes(write(kind, table, LEVEL, "# Codebook", DAY))
    return found


@pytest.fixture(scope="module")
def tally(table: Table) -> Tally:
    """For each condition: lines, people in them, and how many have a rate."""
    return [
        (one.condition[0], len(one.people), sum(one.people), sum(map(bool, one.per_million)))
        for one in table.numbers
    ]


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=MINUTES,
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr.lower(), done.stderr
    return done.stdout


def tallied(rows: Iterable[dict[str, str]]) -> Tally:
    found: dict[str, list[int]] = {}
    for row in rows:
        has_rate = float(row["per_million"] or 0) > 0
        line = found.setdefault(row["condition"], [0, 0, 0])
        for at, more in enumerate((1, int(row["people"]), int(has_rate))):
            line[at] += more
    return [(slug, *line) for slug, line in found.items()]  # type: ignore[misc]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_duckdb_reads_numbers_and_keeps_namibia(
    files: dict[str, Path], tally: Tally, kind: str
) -> None:
    with duckdb.connect() as base:
        at = f"'{files[kind]}'"
        assert base.sql(f"{TALLY} {at} GROUP BY 1 ORDER BY 1").fetchall() == tally
        (one,) = base.sql(f"SELECT DISTINCT name FROM {at} WHERE country = 'NA'").fetchall()  # noqa: S608
    assert one == ("Namibia",)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_pandas_reads_it_as_the_codebook_says(
    files: dict[str, Path], table: Table, kind: str
) -> None:
    if kind == "parquet":
        frame = pd.read_parquet(files[kind])
    elif kind == "csv":
        frame = pd.read_csv(files[kind], keep_default_na=False, na_values={"per_million": ""})
    else:
        frame = pd.read_excel(files[kind], keep_default_na=False, na_values=[""])
        als = frame.rename(columns={"people_als": "people", "per_million_als": "per_million"})
        frame = als.assign(condition="als")
    als = frame[frame.condition == "als"]
    assert als.people.dtype == als.residents.dtype == np.int64
    assert als.per_million.dtype == np.float64
    assert als.people.tolist() == table.numbers[0].people
    assert als.code.tolist() == table.areas["code"]


def test_pyarrow_finds_whole_numbers_and_a_rate(files: dict[str, Path]) -> None:
    schema = pyarrow.parquet.read_schema(files["parquet"])
    kinds = {name: str(schema.field(name).type) for name in ("people", "per_million", "code")}
    assert kinds == {"people": "int64", "per_million": "double", "code": "string"}


def test_openpyxl_finds_numbers_and_no_formula(files: dict[str, Path], table: Table) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    assert book.sheetnames == ["Statistics", "Conditions", "Codebook"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    sheet = book["Statistics"]
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 1 + len(table.places())


@pytest.mark.parametrize("kind", ["geojson", "gpkg"])  # Debian builds GDAL without Parquet
def test_ogrinfo_opens_it(files: dict[str, Path], kind: str) -> None:
    said = run(program("ogrinfo", "gdal-bin"), "-ro", "-so", "-al", files[kind])
    assert "WGS 84" in said
    assert "Multi Polygon" in said or "Polygon" in said


def test_ogr2ogr_turns_the_view_of_a_geopackage_into_csv(
    files: dict[str, Path], table: Table, tally: Tally, tmp_path: Path
) -> None:
    made = tmp_path / "view.csv"
    run(program("ogr2ogr", "gdal-bin"), made, files["gpkg"], "statistics")
    rows = list(csv.DictReader(io.StringIO(made.read_text(encoding="utf-8"))))
    assert list(rows[0]) == list(COLUMNS)
    assert tallied(rows) == tally
    assert [row["code"] for row in rows[: len(table.places())]] == table.areas["code"]


def test_ogr2ogr_joins_the_numbers_of_geojson(files: dict[str, Path], tmp_path: Path) -> None:
    made = tmp_path / "areas.geojson"
    wanted = "SELECT code, people_als FROM out WHERE people_als > 6"
    run(program("ogr2ogr", "gdal-bin"), "-sql", wanted, made, files["geojson"])
    found = json.loads(made.read_text(encoding="utf-8"))["features"]
    assert found
    assert all(one["properties"]["people_als"] > 6 and one["geometry"] for one in found)


def test_libreoffice_reads_the_spreadsheet(
    files: dict[str, Path], table: Table, tmp_path: Path
) -> None:
    office = program("soffice", "libreoffice-calc")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run(
        office, profile, "--headless", "--convert-to", AS_UTF_8, "--outdir", tmp_path, files["xlsx"]
    )
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[: len(AREA_COLUMNS)] == list(AREA_COLUMNS)
    assert head[len(AREA_COLUMNS) :] == [
        f"{name}_{slug}" for slug in SLUGS for name in ("people", "per_million")
    ]
    at = head.index("people_x-y")
    assert [int(row[at]) for row in rows] == table.numbers[1].people
    assert [row[1] for row in rows] == table.areas["code"]


def test_qgis_counts_the_areas_of_the_view(files: dict[str, Path], tmp_path: Path) -> None:
    qgis = program("qgis_process", "qgis", always=False)  # a gigabyte, and GDAL reads it above
    layer = f"{files['gpkg']}|layername=statistics"
    made = tmp_path / "one.gpkg"
    asked = (f"INPUT={layer}", "EXPRESSION=condition='als'", f"OUTPUT={made}")
    run(qgis, "run", "native:extractbyexpression", "--", *asked)
    said = run(program("ogrinfo", "gdal-bin"), "-ro", "-so", "-al", made)
    assert f"Feature Count: {len(table_ids(load_areas(), LEVEL))}" in said
