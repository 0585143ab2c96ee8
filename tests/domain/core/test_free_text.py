"""Which characters a message can contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.core.free_text import LONGEST_TEXT, clean_message
from mapapp.errors import BadInputError


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Hello", "Hello"),
        ("  \n Hello  \r\n\r\n\r\n\r\n you \n", "Hello\n\n you"),
        ("Tab\there", "Tab\there"),
        ("No\x07bell\x00", "Nobell"),
        ("turn\u202eround\u2066", "turnround"),
        ("👩\u200d👧 நீ", "👩\u200d👧 நீ"),
        ("{{7*1910191}} ${x} <b>", "{{7*1910191}} ${x} <b>"),
    ],
)
def test_text_is_kept_and_everything_else_left_out(written: str, kept: str) -> None:
    assert clean_message(written) == kept


@pytest.mark.parametrize("written", ["", "  \n\t", "\u200b\u200d\ufeff", "\x00\x01"])
def test_nothing_is_refused(written: str) -> None:
    with pytest.raises(BadInputError, match="Write something"):
        clean_message(written)


def test_too_long_is_refused_and_the_longest_is_not() -> None:
    assert len(clean_message("ä" * LONGEST_TEXT)) == LONGEST_TEXT
    with pytest.raises(BadInputError, match="5,000"):
        clean_message("ä" * (LONGEST_TEXT + 1))


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    try:
        once = clean_message(text)
    except BadInputError:
        return
    assert clean_message(once) == once
