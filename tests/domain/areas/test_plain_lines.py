"""Lines without quotation marks are read without ``csv``, and mean the same."""

import csv

from hypothesis import assume, given
from hypothesis import strategies as st

from mapapp.domain.areas.csv_rows import LONGEST_PLAIN, _values
from mapapp.domain.areas.place_cells import clean_cell
from mapapp.errors import BadInputError

CELLS = st.text(st.characters(exclude_characters='"\r\n', codec="utf-8"), max_size=12)


@given(st.lists(CELLS, min_size=1, max_size=6), st.sampled_from(",;\t|"), st.booleans())
def test_they_are_read_as_csv_reads_them(cells: list[str], delimiter: str, strict: bool) -> None:
    line = delimiter.join(cells) + "\r\n"
    assume(line.strip())  # blank lines are left out before
    (expected,) = csv.reader([line], delimiter=delimiter, strict=strict)
    assert _values([line], delimiter, strict=strict) == [clean_cell(cell) for cell in expected]


def test_a_field_that_is_too_long_is_refused_all_the_same() -> None:
    assert isinstance(_values(["x" * 140_000], ",", strict=True), BadInputError)
    assert _values(["x" * LONGEST_PLAIN], ",", strict=True) == ["x" * LONGEST_PLAIN]
