"""Writes an export as a data package: tables that join, outlines, and a description of all."""

import io
import json
import zipfile
from dataclasses import asdict

from mapapp.actions.statistics import export_geo
from mapapp.actions.statistics.export_plan import Plan
from mapapp.domain.statistics.codebook import CAVEAT, LICENCE, LICENCE_URL
from mapapp.domain.statistics.data_package import DESCRIPTION, PackedFile, package_description
from mapapp.domain.statistics.export_choices import GROWTH, RELEASED
from mapapp.domain.statistics.export_table import (
    AREA_COLUMNS,
    COUNTED_COLUMNS,
    NUMBER_COLUMNS,
    Table,
)
from mapapp.domain.statistics.inert_cells import csv_bytes, csv_lines, inert

PLACED_COLUMNS = ("area_id", "condition", *NUMBER_COLUMNS)
MAP_FILES = {
    GROWTH: ("growth.csv", "Listed people at the ends of months"),
    RELEASED: ("released.csv", "Released estimates"),
}
UNIX, RIGHTS = 3, 0o644 << 16
"""The system that an entry is from, and the rights of a file that is unpacked."""


def write(plan: Plan, table: Table | None) -> bytes:
    """Return the package; without a ``table`` of areas it is of whole maps alone."""
    files = [
        *(_of_areas(table, plan) if table else []),
        *_of_maps(plan),
        PackedFile("codebook.md", "Codebook", plan.codebook.encode()),
        PackedFile("LICENCE.txt", "Licence", _licence(plan.contents.site).encode()),
    ]
    day = plan.stands.isoformat()
    described = package_description(plan.contents, files, day)
    words = json.dumps(described, ensure_ascii=False, indent=1).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in [(DESCRIPTION, words), *((one.path, one.content) for one in files)]:
            # No moment but the day of the numbers, or the same files would be other bytes.
            entry = zipfile.ZipInfo(path, (*plan.stands.timetuple()[:3], 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, RIGHTS
            package.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _of_areas(table: Table, plan: Plan) -> list[PackedFile]:
    outlines = export_geo.write(
        "geojson", Table(table.areas, []), plan.request.level, {"license": LICENCE_URL}, plan.stands
    )
    joins = {"area_id": "areas", "condition": "conditions"}
    written, key = csv_bytes(AREA_COLUMNS, table.places()), AREA_COLUMNS[:1]
    return [
        PackedFile(
            "numbers.csv",
            "People by area",
            _numbers(table),
            PLACED_COLUMNS,
            PLACED_COLUMNS[:2],
            joins,
        ),
        PackedFile("areas.csv", "Areas", written, AREA_COLUMNS, key),
        PackedFile("areas.geojson", "Outlines of areas, by area_id", outlines),
    ]


def _numbers(table: Table) -> bytes:
    """Return the only large table; its areas and conditions stand in tables of their own."""
    target = io.BytesIO()
    target.write(f"{','.join(PLACED_COLUMNS)}\r\n".encode())
    ids = table.areas["area_id"]
    for one in table.numbers:
        (slug,) = csv_lines([one.condition[:1]])
        lines = [
            f"{area},{slug},{people},{'' if rate is None else rate}\r\n"
            for area, people, rate in zip(ids, one.people, one.per_million, strict=True)
        ]
        target.write("".join(lines).encode())
    return target.getvalue()


def _of_maps(plan: Plan) -> list[PackedFile]:
    """Return the table of conditions, and what is known of whole maps beside it."""
    named = [asdict(one).values() for one in plan.contents.conditions]
    cells = [tuple(inert(text) for text in texts) for texts in named]
    conditions = csv_bytes(COUNTED_COLUMNS, cells)
    found = [
        PackedFile("conditions.csv", "Conditions", conditions, COUNTED_COLUMNS, COUNTED_COLUMNS[:1])
    ]
    if plan.maps is not None:
        path, title = MAP_FILES.get(plan.request.level, MAP_FILES[GROWTH])
        content, columns = csv_bytes(plan.maps.columns, plan.maps.rows), plan.maps.columns
        joins = {"condition": "conditions"}
        found.append(PackedFile(path, title, content, columns, joins=joins))
    return found


def _licence(site: str) -> str:
    return f"{LICENCE}\n{LICENCE_URL}\n\nCredit: {site}.\n\nRead this first: {CAVEAT}\n"
