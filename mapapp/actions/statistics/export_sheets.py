"""Writes the table of an export as XLSX, with its codebook as the last sheet.

XlsxWriter writes cell by cell, so areas stand there once, with columns for each condition.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COUNTED_COLUMNS,
    NUMBER_COLUMNS,
    Cell,
    Table,
)
from mapapp.domain.statistics.hxl_tags import hxl_tags
from mapapp.domain.statistics.inert_cells import inert
from mapapp.domain.statistics.map_tables import MapTable

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}
COLUMN_WIDTH, WORDS_WIDTH = 16, 110  # of columns, in characters


def write_areas(table: Table, level: str, codebook: str, day: date) -> bytes:
    """Return the file of a table of areas of ``level``."""
    target = io.BytesIO()
    numbers = [part for one in table.numbers for part in (one.people, one.per_million)]
    heads = [f"{name}_{one.condition[0]}" for one in table.numbers for name in NUMBER_COLUMNS]
    columns = (*AREA_COLUMNS, *heads)
    tags = hxl_tags(columns, level) if table.is_tagged else ()
    with _book(target, codebook, day) as book:
        rows = zip(*table.areas.values(), *numbers, strict=True)
        _fill(book, "Statistics", (columns, tags), rows)
        _fill(book, "Conditions", (COUNTED_COLUMNS, ()), (one.condition for one in table.numbers))
    return target.getvalue()


def write_maps(table: MapTable, tags: tuple[str, ...], codebook: str, day: date) -> bytes:
    """Return the file of a table of whole maps, with a row of HXL tags if there are any."""
    target = io.BytesIO()
    with _book(target, codebook, day) as book:
        _fill(book, "Statistics", (table.columns, tags), table.rows)
    return target.getvalue()


@contextmanager
def _book(target: io.BytesIO, codebook: str, day: date) -> Iterator[xlsxwriter.Workbook]:
    """Open a workbook, and close it behind the sheet of its codebook."""
    book = xlsxwriter.Workbook(target, OPTIONS)
    book.set_properties({"created": datetime.combine(day, time())})
    yield book
    bold = book.add_format({"bold": True})
    words = book.add_worksheet("Codebook")
    words.set_column(0, 0, WORDS_WIDTH)
    for number, line in enumerate(codebook.splitlines()):
        text = inert(line.lstrip("#- ").strip())
        words.write_string(number, 0, text, bold if line[:1] == "#" else None)
    book.close()


def _fill(
    book: xlsxwriter.Workbook,
    name: str,
    heads: tuple[Sequence[str], Sequence[str]],
    rows: Iterable[Iterable[Cell]],
) -> None:
    """Add a sheet; ``heads`` are the names of its columns and their tags, or none."""
    columns, tags = heads
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    sheet.write_row(1, 0, tags)
    first = 2 if tags else 1
    sheet.freeze_panes(first, 0)
    sheet.set_column(0, len(columns) - 1, COLUMN_WIDTH)
    for number, row in enumerate(rows, start=first):
        _write_row(sheet, number, row)


def _write_row(sheet: Worksheet, number: int, row: Iterable[Cell]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(number, column, value)
        elif value is not None:
            sheet.write_number(number, column, value)
