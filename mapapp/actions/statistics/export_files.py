"""Writes the table of an export as CSV or XLSX; with outlines ``export_geo`` does.

The same table gives the same bytes: nothing in a file says when or on which machine it was made.
Loaded when the first file is written: a web process never needs it.
"""

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import xlsxwriter

from mapapp.domain.statistics.codebook import carried
from mapapp.domain.statistics.export_table import COLUMNS, Table
from mapapp.domain.statistics.inert_cells import csv_lines, inert
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp.actions.statistics import export_geo
else:
    # The libraries for shapes take seconds to load, and half the memory of a table.
    export_geo = OnFirstUse("mapapp.actions.statistics.export_geo")


def write(file_format: str, table: Table, level: str, codebook: str, day: date) -> bytes:
    """Return the bytes of the file.

    Args:
        file_format: csv, xlsx, geojson, gpkg or parquet.
        table: what is written.
        level: of the areas, for their outlines.
        codebook: goes into every format but CSV, with caveat and licence.
        day: written where a format wants a date: the day of the numbers.
    """
    if file_format == "csv":
        return _csv(table)
    if file_format == "xlsx":
        return _xlsx(table, codebook, day)
    return export_geo.write(file_format, table, level, carried(codebook), day)


def _csv(table: Table) -> bytes:
    """Put together from the parts of lines that repeat, each of which is made inert once."""
    places = csv_lines(table.places())
    target = io.BytesIO()
    target.write(f"{','.join(COLUMNS)}\r\n".encode())
    for one in table.numbers:
        (condition,) = csv_lines([one.condition])
        lines = [
            f"{place},{condition},{people},{'' if rate is None else rate}\r\n"
            for place, people, rate in zip(places, one.people, one.per_million, strict=True)
        ]
        target.write("".join(lines).encode())
    return target.getvalue()


def _xlsx(table: Table, codebook: str, day: date) -> bytes:
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    book = xlsxwriter.Workbook(target, {**options, "strings_to_numbers": False})
    book.set_properties({"created": datetime.combine(day, time())})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Statistics")
    sheet.write_row(0, 0, COLUMNS, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 1, 16)
    for number, row in enumerate(table.rows(), start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
    words = book.add_worksheet("Codebook")
    words.set_column(0, 0, 110)
    for number, line in enumerate(codebook.splitlines()):
        text = inert(line.lstrip("#- ").strip())
        words.write_string(number, 0, text, bold if line[:1] == "#" else None)
    book.close()
    return target.getvalue()
