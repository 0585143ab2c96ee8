"""What is sampled leaves no row and no column of a matrix out."""

import pytest

from tests.sampling import Sampling

ROWS, COLUMNS = [f"row {n}" for n in range(13)], [f"column {n}" for n in range(5)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("least", [1, 2, 5, 9])
@pytest.mark.parametrize(
    ("rows", "columns"),
    [(ROWS, COLUMNS), (COLUMNS, ROWS), (ROWS, ROWS), (ROWS, COLUMNS[:1]), (ROWS[:1], COLUMNS)],
)
def test_every_row_and_every_column_is_there(
    rows: list[str], columns: list[str], least: int, seed: int
) -> None:
    found = Sampling(seed=seed).pairs(rows, columns, least)
    assert len(found) == len(set(found))
    for row in rows:
        assert sum(r == row for r, _c in found) >= min(least, len(columns))
    assert {column for _row, column in found} == set(columns)
    assert len(found) <= max(len(rows) * min(least, len(columns)), len(columns)) + len(rows)


def test_a_part_is_a_part_and_the_whole_is_the_whole() -> None:
    assert len(Sampling().pairs(ROWS, COLUMNS)) == 13
    assert len(Sampling(full=True).pairs(ROWS, COLUMNS)) == 65


def test_a_seed_chooses_the_same_each_time_and_another_seed_something_else() -> None:
    assert Sampling(seed=3).pairs(ROWS, ROWS) == Sampling(seed=3).pairs(ROWS, ROWS)
    assert Sampling(seed=3).pairs(ROWS, ROWS) != Sampling(seed=4).pairs(ROWS, ROWS)


def test_some_values_are_in_order_with_the_first_and_the_last() -> None:
    found = Sampling().some(ROWS, 5)
    assert found == sorted(found, key=ROWS.index)
    assert len(found) == 5
    assert (found[0], found[-1]) == (ROWS[0], ROWS[-1])
    assert Sampling(full=True).some(ROWS, 5) == ROWS
    assert Sampling().some(COLUMNS, 9) == COLUMNS
