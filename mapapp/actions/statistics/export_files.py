"""Writes the table of an export as CSV; its neighbours write what takes a library.

The same table gives the same bytes: nothing in a file says when or on which machine it was made.
Loaded when the first file is written: a web process never needs it.
"""

import io
from datetime import date
from typing import TYPE_CHECKING

from mapapp.actions.statistics.export_plan import Plan
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.statistics.codebook import carried
from mapapp.domain.statistics.export_choices import DATA_PACKAGE, OUTLINED, PICTURES
from mapapp.domain.statistics.export_table import COLUMNS, Table, make_table
from mapapp.domain.statistics.hxl_tags import hxl_tags
from mapapp.domain.statistics.inert_cells import csv_bytes, csv_lines
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp.actions.statistics import (
        export_geo,
        export_picture,
        export_sheets,
        export_zip,
    )
else:
    # The libraries for shapes take seconds to load, and half the memory of a table.
    export_geo = OnFirstUse("mapapp.actions.statistics.export_geo")
    export_picture = OnFirstUse("mapapp.actions.statistics.export_picture")
    export_sheets = OnFirstUse("mapapp.actions.statistics.export_sheets")
    export_zip = OnFirstUse("mapapp.actions.statistics.export_zip")


def write_plan(plan: Plan) -> bytes:
    """Return the bytes of the file that was planned."""
    request = plan.request
    kind, level, words = request.file_format, request.level, plan.codebook
    if kind in PICTURES:
        return export_picture.write(plan)
    if not plan.people:
        return write_maps(plan)
    table = make_table(load_areas(), plan.ids, plan.people, is_tagged=request.is_tagged)
    if kind == DATA_PACKAGE:
        return export_zip.write(plan, table)
    return write(kind, table, level, words, plan.stands)


def write(file_format: str, table: Table, level: str, codebook: str, day: date) -> bytes:
    """Return the bytes of a file of areas.

    Args:
        file_format: csv, xlsx, geojson, gpkg or parquet.
        table: what is written.
        level: of the areas, for their outlines.
        codebook: goes into every format but CSV, with caveat and licence.
        day: written where a format wants a date: the day of the numbers.
    """
    if file_format == "csv":
        return _csv(table, level)
    if file_format == "xlsx":
        return export_sheets.write_areas(table, level, codebook, day)
    assert file_format in OUTLINED
    return export_geo.write(file_format, table, level, carried(codebook), day)


def write_maps(plan: Plan) -> bytes:
    """Return the bytes of a file of whole maps."""
    assert plan.maps is not None
    if plan.request.file_format == DATA_PACKAGE:
        return export_zip.write(plan, None)
    tags = hxl_tags(plan.maps.columns, plan.request.level) if plan.request.is_tagged else ()
    if plan.request.file_format == "xlsx":
        return export_sheets.write_maps(plan.maps, tags, plan.codebook, plan.stands)
    return csv_bytes(plan.maps.columns, plan.maps.rows, tags)


def _csv(table: Table, level: str) -> bytes:
    """Put together from the parts of lines that repeat, each of which is made inert once."""
    places = csv_lines(table.places())
    target = io.BytesIO()
    target.write(f"{','.join(COLUMNS)}\r\n".encode())
    if table.is_tagged:
        target.write(f"{','.join(hxl_tags(COLUMNS, level))}\r\n".encode())
    for one in table.numbers:
        (condition,) = csv_lines([one.condition])
        lines = [
            f"{place},{condition},{people},{'' if rate is None else rate}\r\n"
            for place, people, rate in zip(places, one.people, one.per_million, strict=True)
        ]
        target.write("".join(lines).encode())
    return target.getvalue()
