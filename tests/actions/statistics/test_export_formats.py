"""Each format, written and read back by a reader that knows nothing of the writer.

The tables are the same, and the codebook, the caveat and the licence travel inside each format
that can carry them; CSV cannot.
"""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pyarrow.parquet
import pytest

import mapapp
from mapapp.actions.statistics.area_outlines import shapes_of
from mapapp.actions.statistics.export_files import write
from mapapp.domain.areas.area_tree import LEVELS, load_areas
from mapapp.domain.statistics.codebook import CAVEAT, DEMO_NOTE, LICENCE_URL, Contents, codebook
from mapapp.domain.statistics.export_choices import (
    DATA_PACKAGE,
    EXPORT_LEVELS,
    FORMATS,
    OUTLINED,
    PICTURES,
)
from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COLUMNS,
    NUMBER_COLUMNS,
    Counted,
    Table,
    make_table,
)

DAY = date(2026, 11, 23)
CONDITIONS = {
    Counted("dystonia", "Dystonia “µ”", "MONDO:0003441", "ORPHA:68363"): {"world": 12345, "NA": 60},
    Counted("our-own", "Our own"): {"NA": 7},
}
PLACES = ["NA", "XK", "QM", "DE-BY", "IR-07", "KE-110", "MY-10.x", "DE-BY-1", "US"]
WORDS = codebook(
    Contents(
        "Tëst & co", "2026-11-23", "region", "csv", list(CONDITIONS), "abc", COLUMNS, has_demo=True
    )
)
Lines = list[tuple[str, ...]]
Read = tuple[Lines, dict[str, str]]


@pytest.fixture(scope="module")
def table() -> Table:
    areas = load_areas()
    ids = np.array([0, *(areas.by_code(code).id for code in PLACES)])
    people = {
        condition: np.array([found.get(code, 0) for code in ["world", *PLACES]])
        for condition, found in CONDITIONS.items()
    }
    return make_table(areas, ids, people)


def as_texts(row: Iterable[object]) -> tuple[str, ...]:
    """Each format has its own way to write the same number, and to leave a cell empty."""
    *cells, rate = ("" if cell is None else cell for cell in row)
    return (*map(str, cells), f"{float(str(rate)):g}" if rate else "")


def read_csv(content: bytes) -> Read:
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [tuple(head), *map(as_texts, rows)], {}


def read_xlsx(content: bytes) -> Read:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    (head, *areas), (names, *conditions), words = (
        list(book[name].iter_rows(values_only=True))
        for name in ("Statistics", "Conditions", "Codebook")
    )
    rows = []
    for condition in conditions:
        at = head.index(f"people_{condition[0]}")
        rows += [(*area[: len(AREA_COLUMNS)], *condition, *area[at : at + 2]) for area in areas]
    columns = (*head[: len(AREA_COLUMNS)], *names, *NUMBER_COLUMNS)
    return [columns, *map(as_texts, rows)], {"codebook": "\n".join(str(r[0] or "") for r in words)}


def read_geojson(content: bytes) -> Read:
    found = json.loads(content)
    features = [one["properties"] for one in found.pop("features")]
    assert found.pop("type") == "FeatureCollection"
    rows = [
        {**{name: one[name] for name in AREA_COLUMNS}, **condition, **numbers_in(one, condition)}
        for condition in found.pop("conditions")
        for one in features
    ]
    return [tuple(rows[0]), *(as_texts(row.values()) for row in rows)], found


def numbers_in(feature: dict[str, object], condition: dict[str, str]) -> dict[str, object]:
    return {name: feature[f"{name}_{condition['condition']}"] for name in NUMBER_COLUMNS}


def read_gpkg(content: bytes) -> Read:
    package = sqlite3.connect(":memory:")
    package.deserialize(content)
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    table = package.execute(f"SELECT {columns} FROM statistics ORDER BY OGC_FID").fetchall()  # noqa: S608 - ours
    (xml,) = package.execute("SELECT metadata FROM gpkg_metadata").fetchone()
    (scope,) = package.execute("SELECT reference_scope FROM gpkg_metadata_reference").fetchone()
    assert scope == "geopackage"
    items = ElementTree.fromstring(xml).iterfind(".//MDI")  # noqa: S314 - ours
    words = {str(item.get("key")): item.text or "" for item in items}
    return [COLUMNS, *map(as_texts, table)], words


def read_parquet(content: bytes) -> Read:
    found = pyarrow.parquet.read_table(io.BytesIO(content))
    rows = found.drop_columns(["geometry"]).to_pylist()
    metadata = {key.decode(): value.decode() for key, value in found.schema.metadata.items()}
    assert json.loads(metadata["geo"])["primary_column"] == "geometry"
    return [tuple(rows[0]), *(as_texts(row.values()) for row in rows)], metadata


READERS = {
    "csv": read_csv,
    "geojson": read_geojson,
    "gpkg": read_gpkg,
    "parquet": read_parquet,
    "xlsx": read_xlsx,
}


def test_every_format_has_a_reader() -> None:
    assert {*READERS, DATA_PACKAGE, *PICTURES} == set(FORMATS)


@pytest.mark.parametrize("kind", READERS)
def test_what_is_written_is_what_others_read(table: Table, kind: str) -> None:
    lines, _words = READERS[kind](write(kind, table, "region", WORDS, DAY))
    assert lines == [COLUMNS, *map(as_texts, table.rows())]


@pytest.mark.parametrize("kind", OUTLINED)
def test_codebook_caveat_and_licence_travel_inside(table: Table, kind: str) -> None:
    _lines, words = READERS[kind](write(kind, table, "region", WORDS, DAY))
    assert words["codebook"] == WORDS
    assert words["license"] == LICENCE_URL
    assert words["caveat"] == f"{DEMO_NOTE} {CAVEAT}"


def test_a_spreadsheet_has_them_as_a_sheet(table: Table) -> None:
    _lines, words = read_xlsx(write("xlsx", table, "region", WORDS, DAY))
    for part in (DEMO_NOTE, CAVEAT, LICENCE_URL, "ISO 3166 as of", "MONDO:0003441"):
        assert part in words["codebook"]


def test_own_codes_are_marked_and_the_standards_are_its_own(table: Table) -> None:
    own = ("code", "code_standard", "country", "country_alpha3")
    found = {code: tuple(more) for code, *more in zip(*map(table.areas.get, own), strict=True)}
    assert found == {
        "world": ("own", "", ""),
        "NA": ("ISO 3166-1", "NA", "NAM"),
        "US": ("ISO 3166-1", "US", "USA"),
        "X-XK": ("own", "X-XK", ""),
        "X-QM": ("own", "X-QM", ""),
        "DE-BY": ("ISO 3166-2", "DE", "DEU"),
        "X-IR-07": ("own", "IR", "IRN"),  # Tehran here, Fars in the standard
        "X-KE-110": ("own", "KE", "KEN"),
        "X-MY-10.x": ("own", "MY", "MYS"),
        "X-DE-BY-1": ("own", "DE", "DEU"),
    }


def area_within(ring: list[list[float]]) -> float:
    """Return twice the area that a ring encloses; below 0 when it runs with the clock."""
    return sum(x * after_y - after_x * y for (x, y), (after_x, after_y) in pairwise(ring))


@pytest.mark.parametrize("level", EXPORT_LEVELS)
def test_outer_rings_run_against_the_clock_and_holes_with_it(level: str) -> None:
    areas = load_areas()
    ids = [i for i in shapes_of(level) if level != "zone" or i % 20 == 0]
    assert {LEVELS[int(areas.level[i])] for i in ids} == {level}
    table = make_table(areas, np.array(ids), {Counted("x", "X"): np.zeros(len(ids), np.int64)})
    found = json.loads(write("geojson", table, level, "", DAY))
    outer = holes = 0
    for one in found["features"]:
        shape = one["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for exterior, *interiors in parts:
            assert area_within(exterior) > 0, one["properties"]["code"]
            assert all(area_within(hole) < 0 for hole in interiors), one["properties"]["code"]
            outer, holes = outer + 1, holes + len(interiors)
    assert outer >= len(ids)
    assert holes


def test_outlines_become_geojson_in_one_place() -> None:
    """A second writer would need the test above, too."""
    root = Path(mapapp.__file__).parent
    writes = re.compile(r"""to_geojson|\.to_json\(|__geo_interface__""")
    found = {path.name for path in root.rglob("*.py") if writes.search(path.read_text())}
    assert found == {"area_outlines.py"}
    assert not [path for path in root.parent.joinpath("data").rglob("*.geojson")]
