"""The commands that make, print and check releases."""

import csv
import json
from collections.abc import Callable
from io import StringIO

import pytest
from click.testing import Result
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from mapapp.store.records import Release
from tests import factories
from tests.places import zones_of

Shell = Callable[..., Result]


@pytest.fixture
def dystonia(session: Session) -> Condition:
    condition = factories.make_condition(session, "dystonia")
    factories.make_crowd(session, condition, zones_of("GB-ENG")[0], 60)
    session.commit()
    return condition


def _rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(StringIO(result.stdout)))


def test_made_once_listed_shown_and_verified(shell: Shell, dystonia: Condition) -> None:
    assert "Made the releases of 2 maps." in shell("release", "make").stdout
    assert "are there." in shell("release", "make").stdout
    spent = _rows(shell("release", "list"))
    assert len(spent) == 12
    assert {row["maps"] for row in spent} == {row["answered"] for row in spent} == {"1"}
    assert sum(float(row["epsilon"]) for row in spent if "Q" in row["epoch"]) == 0.75
    assert "All is well: 12 questions in the ledger, 0 without" in shell("release", "verify").stdout


def test_shown_is_what_was_released_and_nothing_else(
    shell: Shell, session: Session, dystonia: Condition
) -> None:
    shell("release", "make")
    numbers = {f"|{role}": n for role, n in (("self", 61), ("parent", 25))}
    session.execute(
        update(Release).where(Release.query == "role:world").values(numbers=json.dumps(numbers))
    )
    session.execute(delete(Release).where(Release.query != "role:world"))
    session.commit()
    rows = _rows(shell("release", "show", "dystonia"))
    told = {row["value"]: (row["number"], row["error"], row["fewest"]) for row in rows}
    assert told == {"self": ("61", "12", "20"), "parent": ("25", "12", "20")}
    for wrong in (("no-such",), ("dystonia", "--epoch", "1999")):
        assert shell("release", "show", *wrong).exit_code == 2


def test_a_changed_release_is_found(shell: Shell, session: Session, dystonia: Condition) -> None:
    shell("release", "make")
    session.execute(
        update(Release).where(Release.query == "role:world").values(numbers='{"|self": 900}')
    )
    session.commit()
    found = shell("release", "verify")
    assert found.exit_code == 1
    assert "was changed after it was made" in found.stderr
