"""Exports of whole maps: growth is exact, and released estimates stand in a table of their own."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from mapapp.actions.core.audit import By
from mapapp.actions.published.released import released
from mapapp.actions.statistics import release_make
from mapapp.actions.statistics.export_make import export_numbers
from mapapp.actions.statistics.export_request import Request
from mapapp.domain.published.release_rules import ALL_QUERIES, Attribute, Query, query_of
from mapapp.domain.statistics.export_table import COUNTED_COLUMNS, Counted
from mapapp.domain.statistics.map_tables import (
    GROWTH_COLUMNS,
    RELEASED_COLUMNS,
    Estimates,
    released_table,
)
from mapapp.settings import Settings
from mapapp.store.conditions import Condition
from mapapp.store.published import MonthEnd
from mapapp.store.records import Export, Release
from tests import factories
from tests.places import zones_of
from tests.releases import LATER, release_on

MANY = 60
EXACT = {"people", "per_million", "residents"}


@pytest.fixture
def crowd(session: Session, monkeypatch: pytest.MonkeyPatch) -> Condition:
    """Sixty listed people in each of two countries, as many hidden ones in one; no noise."""
    monkeypatch.setattr(release_make, "with_noise", lambda numbers, _scale: dict(numbers))
    condition = factories.make_condition(session, "dystonia")
    for place in ("GB-ENG", "DE-BY"):
        factories.make_crowd(session, condition, zones_of(place)[0], MANY, "public")
    factories.make_crowd(session, condition, zones_of("DE-BY")[0], MANY, "counted")
    session.commit()
    return condition


def taken(session: Session, level: str, today: date = LATER, **more: object) -> bytes:
    wanted = Request(("dystonia",), level, "csv", **more)  # type: ignore[arg-type]
    made = export_numbers(session, wanted, By("shell", "a test"), site="Test", today=today)
    return made.content


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.both
def test_growth_is_what_stood_when_months_ended(session: Session, make_condition: Callable) -> None:
    condition = make_condition("dystonia")
    other = make_condition("als")
    kept = {"2026-08": 3, "2026-09": 12, "2026-11": 9}
    session.add_all(MonthEnd(condition_id=condition.id, month=m, listed=n) for m, n in kept.items())
    session.add(MonthEnd(condition_id=other.id, month="2026-09", listed=77))
    session.flush()
    rows = rows_of(taken(session, "growth"))
    assert tuple(rows[0]) == GROWTH_COLUMNS
    assert [(row["month"], row["people"]) for row in rows] == [
        ("2026-08", "3"),
        ("2026-09", "12"),
        ("2026-10", "0"),
        ("2026-11", "9"),
    ]


@pytest.mark.both
def test_released_numbers_are_those_of_the_release_and_nothing_else(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    assert rows_of(taken(session, "released")) == []
    session.execute(delete(Export))
    session.commit()
    release_on(engine, settings)
    rows = rows_of(taken(session, "released"))
    assert tuple(rows[0]) == RELEASED_COLUMNS
    assert not EXACT & set(RELEASED_COLUMNS)
    assert {row["question"] for row in rows} == {query.key for query in ALL_QUERIES}
    hidden = [row for row in rows if row["released_of"] == "hidden"]
    assert [(row["country"], row["estimate"], row["epoch"]) for row in hidden] == [
        ("DE", "60", "2027-Q1"),
        ("", "60", "2027-Q1"),
    ]
    answer = released(session, crowd.id, query_of(Attribute.ROLE))
    assert answer
    (role,) = (row for row in rows if row["question"] == "role:world")
    assert (role["released_of"], role["answer"]) == ("listed", "self")
    assert (role["estimate"], role["error"], role["fewer_than"], role["epoch"]) == (
        str(2 * MANY),
        str(answer.error),
        str(answer.least),
        "2027",
    )
    (untold,) = (row for row in rows if row["question"] == "role:country")
    assert (untold["answer"], untold["estimate"]) == ("", "")


def test_released_numbers_of_a_country_are_its_own(
    session: Session, engine: Engine, settings: Settings, crowd: Condition
) -> None:
    release_on(engine, settings)
    rows = rows_of(taken(session, "released", countries=("DE",)))
    assert [row["country"] for row in rows if row["estimate"]] == ["DE"]
    rows = rows_of(taken(session, "released", countries=("FR",)))
    assert [row for row in rows if row["estimate"]] == []


def test_a_release_is_the_same_file_all_quarter_long(
    session: Session,
    engine: Engine,
    settings: Settings,
    crowd: Condition,
    make_membership: Callable,
) -> None:
    release_on(engine, settings)
    wanted = Request(("dystonia",), "released", "xlsx")
    first, again = (
        export_numbers(session, wanted, By("shell", "a test"), site="Test", today=day)
        for day in (LATER, LATER.replace(month=3, day=31))
    )
    assert first.key != again.key
    assert (again.content, again.codebook, again.filename) == (
        first.content,
        first.codebook,
        "dystonia-released-2027-Q1.xlsx",
    )
    session.execute(delete(Export))
    for _ in range(30):
        make_membership(crowd, zones_of("DE-BY")[0], visibility="counted")
    remade = export_numbers(session, wanted, By("shell", "a test"), site="Test", today=LATER)
    assert remade.content == first.content
    assert session.scalars(select(Release.condition_id).distinct()).all() == [crowd.id]


def test_a_treatment_that_left_the_list_is_left_out() -> None:
    outcome = query_of(Attribute.OUTCOME)
    numbers = {"|a-b:better": 40, "|gone:better": 50}
    table = released_table(
        {Counted("x", "X"): [estimates(outcome, numbers, {"a-b": "=Tea"})]}, {"": ""}
    )
    (row,) = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert (row["treatment"], row["answer"], row["estimate"]) == ("’=Tea", "better", 40)


def estimates(query: Query, numbers: dict[str, int], names: dict[str, str]) -> Estimates:
    return Estimates(query, "2027", numbers, 20, 3, names)


def test_estimates_and_exact_numbers_never_stand_in_one_table() -> None:
    assert set(RELEASED_COLUMNS) & set(GROWTH_COLUMNS) == set(COUNTED_COLUMNS)
