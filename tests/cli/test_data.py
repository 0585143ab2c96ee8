"""Locating points, checking numbers."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update
from sqlalchemy.orm import Session

from mapapp.store.conditions import Condition
from tests.published import change_number

Shell = Callable[..., Result]
MUNICH, SYDNEY = ("48.137", "11.575"), ("-33.87", "151.21")


def _rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize(("point", "country"), [(MUNICH, "DE"), (SYDNEY, "AU")])
def test_locate_names_the_zone(shell: Shell, point: tuple[str, str], country: str) -> None:
    found = shell("locate", *point)
    assert found.exit_code == 0, found.output
    (row,) = _rows(found)
    assert (row["level"], row["country"]) == ("zone", country)
    assert row["region"].startswith(f"{country}-")


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (("forty", "11"), "not a number"),
        (("nan", "11"), "not a number"),
        (("120.5", "11"), "swapped"),
        (("48.1", "500"), "outside -180 to 180"),
        (("-48.9", "-123.4"), "land"),
    ],
)
def test_locate_refuses_without_repeating_the_point(
    shell: Shell, point: tuple[str, str], words: str
) -> None:
    refused = shell("locate", *point)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert point[0] not in refused.stderr


def test_locate_file_has_a_line_for_every_row(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(
        f'name,lat,lng\na,{MUNICH[0]},{MUNICH[1]}\nb,91.5,11\n"c\nd",{SYDNEY[0]},{SYDNEY[1]}\n',
        encoding="utf-8-sig",
    )
    found = shell("locate", "--file", str(path))
    assert [row["country"] for row in _rows(found)] == ["DE", "", "AU"]
    assert found.exit_code == 2
    assert "line 3: " in found.stderr
    assert found.stderr.endswith("mapapp: 1 row has no zone.\n")
    assert "91.5" not in found.stderr


def test_locate_stores_nothing(shell: Shell, tmp_path: Path) -> None:
    # There is no site at all here.
    found = shell("locate", *MUNICH, MAPAPP_DATABASE_URL=f"sqlite:///{tmp_path}/none.sqlite")
    assert found.exit_code == 0
    assert not (tmp_path / "none.sqlite").exists()


def test_counts_are_verified_and_mended(
    shell: Shell, session: Session, make_condition: Callable, make_membership: Callable
) -> None:
    condition = make_condition("dystonia")
    make_membership(condition, 5)
    make_membership(condition, 5, visibility="counted")
    session.commit()
    assert shell("counts", "verify").stdout == "All numbers are correct.\n"
    assert shell("counts", "repair").stdout == "All numbers were correct.\n"

    change_number(session, condition, 5, 6)
    session.execute(update(Condition).where(Condition.slug == "dystonia").values(listed=9))
    session.commit()
    wrong = shell("counts", "verify")
    assert wrong.exit_code == 1
    assert "area 5: stored 7, correct 1" in wrong.stdout
    assert "total: stored 9, correct 7" in wrong.stdout
    assert "mapapp counts repair" in wrong.stderr
    assert shell("counts", "repair").stdout == "Repaired 2 numbers.\n"
    assert shell("counts", "verify").exit_code == 0


def test_areas_verify_prints_the_figures(shell: Shell) -> None:
    checked = shell("areas", "verify")
    assert checked.exit_code == 0, checked.output
    for figure in ("zones", "smallest zone", "median zone", "share in merged zones"):
        assert figure in checked.stdout
