"""HXL tags: one for each column, below its name, and nothing else of the file changes."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.statistics.codebook import TAGGED
from mapapp.domain.statistics.column_words import COLUMN_WORDS
from mapapp.domain.statistics.export_choices import EXPORT_TABLES
from mapapp.domain.statistics.hxl_tags import hxl_tags
from mapapp.store.conditions import Condition
from tests.places import zones_of

HASHTAG = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")  # by the HXL standard


@pytest.fixture
def dystonia(make_condition: Callable, make_membership: Callable) -> Condition:
    condition: Condition = make_condition("dystonia-x")
    make_membership(condition, zones_of("DE-BY")[0])
    return condition


def lines(session: Session, wanted: Request) -> list[tuple[object, ...]]:
    by, day = By("shell", "a test"), date(2026, 11, 23)
    made = export_numbers(session, wanted, by, site="Test", today=day)
    assert (TAGGED in made.codebook) == wanted.is_tagged
    if wanted.file_format == "csv":
        return [tuple(row) for row in csv.reader(io.StringIO(made.content.decode()))]
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    return list(book["Statistics"].iter_rows(values_only=True))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("table", EXPORT_TABLES)
def test_tags_stand_below_the_names_of_columns(
    session: Session, dystonia: Condition, table: str, kind: str
) -> None:
    here = ("DE",) if table == "zone" else ()  # a workbook of all zones takes long to read
    wanted = Request(("dystonia-x",), table, kind, here, is_tagged=True)
    names, tags, *rows = lines(session, wanted)
    assert len(tags) == len(set(tags)) == len(names)
    assert all(HASHTAG.fullmatch(str(tag)) for tag in tags), tags
    assert [names, *rows] == lines(session, replace(wanted, is_tagged=False))


def test_every_column_but_an_outline_has_a_tag() -> None:
    columns = tuple(name for name in COLUMN_WORDS if name != "geometry")
    assert all(hxl_tags(columns, "zone"))


def test_tags_are_those_that_data_platforms_look_for() -> None:
    columns = ("code", "country_name", "residents", "people", "people_dystonia-x")
    tags = ("#adm1+code", "#country+name", "#population", "#affected+listed")
    assert hxl_tags(columns, "region") == (*tags, "#affected+listed+c_dystonia_x")
    for level in ("country", "zone"):
        assert hxl_tags(("code", "name"), level) == ("#loc+code", "#loc+name")
