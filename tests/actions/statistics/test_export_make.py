"""Exports: exact as the map, frozen for a day, the same bytes, inert text, audited."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.published.number_check import repair_published
from mapapp.actions.statistics.export_files import write
from mapapp.actions.statistics.export_kept import ExportFile, stored_file
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.areas.area_facts import told_residents
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.rates import rate_of, two_digits
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS, FORMATS
from mapapp.domain.statistics.export_table import (
    COLUMNS,
    Counted,
    Table,
    make_table,
    table_ids,
)
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.conditions import Condition
from mapapp.store.members import Membership
from mapapp.store.records import AuditEntry, Export
from tests.places import zones_of

Shell = Callable[..., Result]
TODAY = date(2026, 11, 23)
NOTHING = Table({"area_id": []}, [])


@pytest.fixture
def dystonia(session: Session, make_condition: Callable, make_membership: Callable) -> Condition:
    """Twelve people in one zone of Bavaria, three in another, one placed at Germany, one hidden."""
    condition: Condition = make_condition("dystonia")
    first, second = zones_of("DE-BY")[:2]
    for _ in range(12):
        make_membership(condition, first)
    for _ in range(3):
        make_membership(condition, second, visibility="public")
    make_membership(condition, load_areas().by_code("DE").id)
    make_membership(condition, first, visibility="counted")
    other = make_condition("als")
    make_membership(other, first)
    return condition


def _take(session: Session, level: str = "region", kind: str = "csv", **more: object) -> ExportFile:
    by = By(str(more.pop("actor", "shell")), str(more.pop("reason", "a test")))
    given = {"site": "Test", "today": TODAY, **more}
    return export_numbers(session, Request(("dystonia",), level, kind), by, **given)  # type: ignore[arg-type]


def _rows(made: ExportFile) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(made.content.decode()))
    return {row["code"]: row for row in rows}


def _shown(made: ExportFile) -> dict[str, int]:
    return {code: int(row["people"]) for code, row in _rows(made).items()}


@pytest.mark.both
def test_every_number_is_exact(session: Session, dystonia: Condition) -> None:
    areas = load_areas()
    first, second, third = zones_of("DE-BY")[:3]
    zones = _shown(_take(session, "zone"))
    assert zones[f"X-{areas.code[first]}"] == 12
    assert zones[f"X-{areas.code[second]}"] == 3
    assert zones[f"X-{areas.code[third]}"] == 0
    assert zones["world"] == 16
    assert _shown(_take(session, "region"))["DE-BY"] == 15
    assert _shown(_take(session, "country"))["DE"] == 16
    assert _shown(_take(session, "country"))["FR"] == 0


def test_a_rate_is_that_of_the_map_and_there_is_none_of_few(
    session: Session, dystonia: Condition
) -> None:
    areas = load_areas()
    first, second = zones_of("DE-BY")[:2]
    rows = _rows(_take(session, "zone"))
    told = int(told_residents(areas)[first])
    assert rows[f"X-{areas.code[first]}"]["residents"] == str(told)
    assert rows[f"X-{areas.code[first]}"]["per_million"] == str(two_digits(rate_of(12, told)))
    assert rows[f"X-{areas.code[second]}"]["per_million"] == ""


@pytest.mark.parametrize("level", EXPORT_LEVELS)
def test_the_table_has_every_area_people_or_not(
    session: Session, dystonia: Condition, level: str
) -> None:
    rows = list(csv.DictReader(io.StringIO(_take(session, level).content.decode())))
    assert len(rows) == 1 + int((load_areas().level == EXPORT_LEVELS.index(level) + 1).sum())
    assert tuple(rows[0]) == COLUMNS


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_bytes_within_the_day_whatever_happens(
    session: Session, dystonia: Condition, make_membership: Callable, kind: str
) -> None:
    before = _take(session, "country", kind)
    for _ in range(20):
        make_membership(dystonia, zones_of("FR")[0])
    assert _take(session, "country", kind) == before
    # Another format and another level of the day are made from the same numbers.
    assert _shown(_take(session, "country", "csv"))["FR"] == 0
    assert _shown(_take(session, "region", "csv"))["FR-ARA"] == 0
    later = _take(session, "country", "csv", today=date(2026, 11, 24))
    assert _shown(later)["FR"] == 20
    assert later.day == "2026-11-24"


@pytest.mark.parametrize("kind", FORMATS)
def test_making_a_file_again_gives_the_same_bytes(
    session: Session, dystonia: Condition, kind: str
) -> None:
    made = _take(session, "country", kind)
    session.delete(session.get_one(Export, made.key))
    session.flush()
    assert _take(session, "country", kind).content == made.content


def test_hidden_people_change_nothing(session: Session, dystonia: Condition) -> None:
    with_them = _take(session, "zone")
    for row in session.scalars(select(Export)):
        session.delete(row)
    for hidden in session.scalars(select(Membership).where(Membership.visibility == "counted")):
        session.delete(hidden)
    session.flush()
    repair_published(session)
    assert _take(session, "zone").content == with_them.content


def test_a_spreadsheet_has_numbers_words_and_no_formula(
    session: Session, dystonia: Condition
) -> None:
    content = _take(session, "region", "xlsx").content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        assert len(sheets) == 3
        assert all(b"<f>" not in book.read(name) for name in sheets)
        words = book.read(sheets[2]).decode()
        assert "2026-11-23" in book.read("docProps/core.xml").decode()
    assert "not a sample" in words


def test_a_name_that_is_a_formula_is_inert_in_every_format() -> None:
    areas = load_areas()
    ids = table_ids(areas, "country")[:3]
    table = make_table(areas, ids, {Counted("x", '=HYPERLINK("x")'): np.zeros(3, np.int64)})
    assert table.numbers[0].condition[1] == '’=HYPERLINK("x")'
    assert ",’=HYP" in write("csv", table, "country", "", TODAY).decode().replace('"', "")
    assert "’=HYP" in write("geojson", table, "country", "", TODAY).decode()


def test_a_name_that_is_a_formula_is_inert_in_the_codebook_of_a_spreadsheet() -> None:
    book = write("xlsx", NOTHING, "country", "- Conditions:\n  - =1+1 (`x`)", TODAY)
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        assert "<t>’=1+1 (`x`)</t>" in file.read("xl/worksheets/sheet3.xml").decode()


def test_the_audit_entry_says_who_what_when_and_why(session: Session, dystonia: Condition) -> None:
    _take(session, "country", actor="somebody", reason="for the ministry")
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.reason) == ("somebody", "export", "for the ministry")
    detail = json.loads(entry.detail)
    assert detail["conditions"] == ["dystonia"]
    assert (detail["level"], detail["format"], detail["day"]) == ("country", "csv", "2026-11-23")
    _take(session, "country")
    assert len(session.scalars(select(AuditEntry)).all()) == 2


def test_the_codebook_explains_every_column(session: Session, dystonia: Condition) -> None:
    words = _take(session, "country", "geojson").codebook
    for column in (*COLUMNS, "geometry"):
        assert f"- `{column}`: " in words
    assert "not a sample" in words
    assert load_areas().version in words


def test_what_cannot_be_is_refused(session: Session, dystonia: Condition) -> None:
    by, good = By("shell"), {"site": "Test", "today": TODAY}
    request = Request(("dystonia",), "region", "csv")
    for bad in (
        replace(request, level="world"),
        replace(request, file_format="doc"),
        replace(request, slugs=()),
    ):
        with pytest.raises(BadInputError):
            export_numbers(session, bad, by, **good)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        export_numbers(session, replace(request, slugs=("nothing",)), by, **good)  # type: ignore[arg-type]


def test_a_table_too_large_is_refused(
    session: Session, dystonia: Condition, make_condition: Callable
) -> None:
    slugs = tuple(make_condition().slug for _ in range(8))
    with pytest.raises(BadInputError, match="at most 5 conditions"):
        export_numbers(
            session,
            Request(slugs, "zone", "csv"),
            By("shell"),
            site="Test",
            today=TODAY,
        )


def test_only_files_can_be_fetched_again(session: Session, dystonia: Condition) -> None:
    made = _take(session)
    assert stored_file(session, made.key) == made
    numbers = session.scalars(select(Export.key).where(Export.key != made.key)).one()
    for key in (numbers, "0" * 64):
        with pytest.raises(NotFoundError):
            stored_file(session, key)


def test_the_shell_writes_file_and_codebook(
    shell: Shell, session: Session, dystonia: Condition, tmp_path: Path
) -> None:
    session.commit()
    path = tmp_path / "out.csv"
    wanted = ["export", "--condition", "dystonia", "--level", "region", "--format", "csv"]
    made = shell(*wanted, "-o", str(path))
    assert made.exit_code == 0, made.output
    assert "DE-BY" in path.read_text(encoding="utf-8")
    assert (tmp_path / "out.csv.codebook.md").read_text(encoding="utf-8").startswith("# Codebook")
    for bad in (["-o", str(tmp_path / "no" / "out.csv")], ["-o", str(path), "--condition", "x"]):
        refused = shell(*wanted, *bad)
        assert refused.exit_code == 2
        assert len(refused.stderr.splitlines()) == 1


def test_the_log_says_so_when_the_shell_gives_no_reason(
    shell: Shell, session: Session, dystonia: Condition, tmp_path: Path
) -> None:
    session.commit()
    wanted = ["export", "--condition", "dystonia", "--level", "country", "--format", "csv"]
    for more in ([], ["--reason", " "], ["--reason", "for the ministry"]):
        made = shell(*wanted, *more, "-o", str(tmp_path / "out.csv"))
        assert made.exit_code == 0, made.output
    reasons = session.scalars(select(AuditEntry.reason).order_by(AuditEntry.id)).all()
    none = "No reason given (command line)."
    assert reasons == [none, none, "for the ministry"]
