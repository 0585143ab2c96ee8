from datetime import UTC, date, datetime

import pytest

from mapapp.domain.core.dates import month_of, months_between, this_month


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2026, 1, 1), "2026-01"), (date(2026, 12, 31), "2026-12"), (date(987, 6, 5), "0987-06")],
)
def test_a_month_is_written_so_that_it_sorts(day: date, month: str) -> None:
    assert month_of(day) == month


def test_the_month_is_that_of_greenwich() -> None:
    just_before = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC).timestamp()
    assert this_month(just_before) == "2026-11"
    assert this_month(just_before + 1) == "2026-12"


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2026-11", "2026-11", 0),
        ("2026-11", "2027-10", 11),
        ("2026-11", "2027-11", 12),
        ("2026-12", "2027-01", 1),
        ("2027-01", "2026-11", -2),
    ],
)
def test_months_between(earlier: str, later: str, months: int) -> None:
    assert months_between(earlier, later) == months


@pytest.mark.parametrize("text", ["", "soon", "2026", "2026-", "20xx-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        months_between("2026-11", text)
