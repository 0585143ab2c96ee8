"""The data package: what frictionless says of it, and that its tables join."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import frictionless
import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.statistics.codebook import CAVEAT, LICENCE_URL
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd
from tests.places import zones_of

DAY = date(2026, 11, 23)
AREA_FILES = ["numbers", "areas", "areas-geojson", "conditions"]
LAST_FILES = ["codebook-md", "licence-txt"]


@pytest.fixture
def dystonia(session: Session, make_condition: Callable, make_membership: Callable) -> Condition:
    condition: Condition = make_condition("dystonia")
    for _ in range(12):
        make_membership(condition, zones_of("NA-KH.x")[0])
    make_membership(condition, load_areas().by_code("DE").id)
    make_condition("als")
    session.add(MonthEnd(condition_id=condition.id, month="2026-10", listed=11))
    session.flush()
    return condition


def packed(session: Session, level: str = "country", *countries: str) -> bytes:
    wanted = Request(("als", "dystonia"), level, "zip", countries)
    made = export_numbers(session, wanted, By("shell", "a test"), site="Tëst", today=DAY)
    return made.content


def judged(content: bytes, folder: Path) -> frictionless.Report:
    path = folder / "package.zip"
    path.write_bytes(content)
    return frictionless.Package(str(path)).validate()


def test_frictionless_finds_nothing_wrong(
    session: Session, dystonia: Condition, tmp_path: Path
) -> None:
    report = judged(packed(session), tmp_path)
    assert report.valid, report.to_summary()
    assert [one.name for one in report.tasks] == [*AREA_FILES, "growth", *LAST_FILES]
    assert [one.type for one in report.tasks if one.name in {"numbers", "growth"}] == ["table"] * 2


@pytest.mark.parametrize("part", ["numbers.csv", "areas.geojson", "codebook.md"])
def test_a_changed_file_is_found(
    session: Session, dystonia: Condition, tmp_path: Path, part: str
) -> None:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed(session))) as package,
        zipfile.ZipFile(changed, "w") as to,
    ):
        for name in package.namelist():
            old = package.read(name)
            to.writestr(name, old.replace(b"1", b"2", 1) if name == part else old)
    report = judged(changed.getvalue(), tmp_path)
    assert [one.name for one in report.tasks if not one.valid]


def test_tables_join_and_say_what_the_map_says(session: Session, dystonia: Condition) -> None:
    tables = {}
    with zipfile.ZipFile(io.BytesIO(packed(session))) as package:
        for name in ("numbers", "areas", "conditions", "growth"):
            text = package.read(f"{name}.csv").decode()
            tables[name] = list(csv.DictReader(io.StringIO(text, newline="")))
        outlines = json.loads(package.read("areas.geojson"))["features"]
    codes = {row["area_id"]: row["code"] for row in tables["areas"]}
    found = {
        codes[row["area_id"]]: int(row["people"])
        for row in tables["numbers"]
        if row["condition"] == "dystonia" and row["people"] != "0"
    }
    assert found == {"world": 13, "NA": 12, "DE": 1}
    assert {row["condition"] for row in tables["conditions"]} == {"als", "dystonia"}
    assert [str(one["properties"]["area_id"]) for one in outlines] == list(codes)
    assert [(row["month"], row["people"]) for row in tables["growth"]] == [("2026-10", "11")]


def test_it_says_what_it_is_in_itself(session: Session, dystonia: Condition) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(session))) as package:
        said = json.loads(package.read("datapackage.json"))
        assert {one.date_time for one in package.infolist()} == {(2026, 11, 23, 0, 0, 0)}
        assert CAVEAT in package.read("codebook.md").decode()
        assert LICENCE_URL in package.read("LICENCE.txt").decode()
    assert said["description"] == CAVEAT
    assert said["licenses"][0]["path"] == LICENCE_URL
    assert all(len(one["hash"]) == len("sha256:") + 64 for one in said["resources"])


def test_that_of_a_country_has_no_whole_maps(
    session: Session, dystonia: Condition, tmp_path: Path
) -> None:
    report = judged(packed(session, "region", "NA"), tmp_path)
    assert report.valid, report.to_summary()
    assert [one.name for one in report.tasks] == [*AREA_FILES, *LAST_FILES]


@pytest.mark.parametrize("level", ["growth", "released"])
def test_whole_maps_are_packages_too(
    session: Session, dystonia: Condition, tmp_path: Path, level: str
) -> None:
    report = judged(packed(session, level), tmp_path)
    assert report.valid, report.to_summary()
    assert [one.name for one in report.tasks] == ["conditions", level, *LAST_FILES]
