"""No file holds a cell that a spreadsheet runs, whichever separator and quotes it guesses."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mapapp
from mapapp.actions.statistics.export_files import write
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.statistics.export_table import Counted, make_table, table_ids
from mapapp.domain.statistics.inert_cells import inert, write_csv

RUNS = "=+-−@|%"
SPLITS = ",;\t|\r\n\v\f\x1c\x85\u2028"
UNSEEN = " \u00a0\u200b\u200e\u202e\u2066\u2060\ufeff\u00ad\u034f\ufe0f\u115f\u3164\u2800\x00\x1b"
QUOTED = "\"'`“‘«\\"
WIDE = "＝＋－＠﹦﹢﹣﹫⁺⁼｜％"
TEXTS = st.lists(
    st.sampled_from(
        [*RUNS, *SPLITS, *UNSEEN, *QUOTED, *WIDE, "=1+1", "cmd|' /C calc'!A0", "a", "é"]
    ),
    max_size=9,
).map("".join)
DAY = date(2026, 10, 1)
GUESSES = [
    {"delimiter": separator, "doublequote": doubled, **quotes}
    for separator, doubled, quotes in product(
        ",;\t|",
        (True, False),
        (
            {"quotechar": '"'},
            {"quotechar": "'"},
            {"quoting": csv.QUOTE_NONE},
            {"quotechar": '"', "escapechar": "\\"},
            {"quotechar": '"', "skipinitialspace": True},
        ),
    )
]


def runs(cell: str) -> bool:
    """Whether a program that drops what cannot be seen, and quotes, would run a cell."""
    for form in (cell, unicodedata.normalize("NFKC", cell), unicodedata.normalize("NFKD", cell)):
        seen = [c for c in form if unicodedata.category(c)[0] not in "ZCM"]
        kept = "".join(c for c in seen if c not in "\u115f\u3164\u2800").lstrip(QUOTED)
        if kept and kept[0] in RUNS:
            return True
    return False


def cells_of_csv(text: str) -> Iterator[str]:
    for guess in GUESSES:
        for row in csv.reader(io.StringIO(text, newline=""), **guess):  # type: ignore[arg-type]
            yield from row


def cells_of_xlsx(book: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        sheets = [file.read(name) for name in file.namelist() if "/sheet" in name]
    tables = [ElementTree.fromstring(sheet) for sheet in sheets]  # noqa: S314 - ours
    return [one.text or "" for table in tables for one in table.iterfind(".//{*}t")]


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3))
@example(["Foo;=1+1"])
@example(["Foo\t=1+1", "\u200b=1", "\u202e+1", "'=1", '"=1"', ";\u00a0;@SUM(1)", "x|-1"])
def test_no_guess_finds_a_formula_in_csv(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    write_csv(file, [["id", "name"], *([1, text, "end"] for text in texts)])
    assert [cell for cell in cells_of_csv(file.getvalue()) if runs(cell)] == []


@settings(max_examples=8, deadline=None)
@given(TEXTS, TEXTS)
@example("Foo;=1+1", "\u200b=1")
def test_no_export_holds_a_formula(slug: str, name: str) -> None:
    areas = load_areas()
    people = {Counted(slug, name, name, slug): np.zeros(2, np.int64)}
    table = make_table(areas, table_ids(areas, "country")[:2], people)
    words = f"# Codebook\n- Conditions:\n  - {name} (`{slug}`)"
    cells = [
        *cells_of_csv(write("csv", table, "country", words, DAY).decode()),
        *cells_of_xlsx(write("xlsx", table, "country", words, DAY)),
    ]
    found = json.loads(write("geojson", table, "country", words, DAY))
    for one in (*found["conditions"], *(one["properties"] for one in found["features"])):
        cells += [*one, *map(str, one.values())]
    assert [cell for cell in cells if runs(cell)] == []


@given(TEXTS)
def test_what_is_inert_stays_as_it_is(text: str) -> None:
    assert inert(inert(text)) == inert(text)
    assert not re.search(r"[\x00-\x1f\u2028]", inert(text))


@pytest.mark.parametrize(
    "text", ["Dystonia", "Côte d'Ivoire", "Алматы", "Rhône-Alpes", "a, b; c", "5-HT", ""]
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_csv_and_spreadsheets_are_written_in_one_place_each() -> None:
    """A second writer would not know what is inert."""
    root = Path(mapapp.__file__).parent
    found = {
        path.name
        for path in root.rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter|\.to_csv|\.to_excel|Workbook\(", path.read_text())
    }
    assert found == {"inert_cells.py", "export_sheets.py"}
