"""When two texts are the same advertisement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.safety.near_duplicates import same_text

ADVERTISEMENT = "Hi Anna,\nbuy our tea today, it helped 500 people. Best wishes!"


@pytest.mark.parametrize(
    "changed",
    [
        "Hello Bob!\nBuy our tea today, it helped 700 people. Best wishes",
        "hey  there,   BUY our TEA today... it helped people 😀 best wishes!!!",
        "buy our tea today, it helped 1,000 people. Best wishes",
        "Liebe Clara, b\u200buy our tеa today; it h3lped people — best wishes",
        "Guten Tag liebe Dora:\nｂｕｙ our téa today it helped people best wishes",
        "✨ buy our tea today ✨ it helped people ✨ best wishes ✨",
        "b u y our tea to-day, it helped people, bestwishes",
    ],
)
def test_the_same(changed: str) -> None:
    assert same_text(changed) == same_text(ADVERTISEMENT)


@pytest.mark.parametrize(
    "other",
    [
        "Hi Anna,\nbuy our bread today, it helped 500 people. Best wishes!",
        "buy our tea",
        "",
        "Anna and I buy our tea today, it helped people. Best wishes",
    ],
)
def test_not_the_same(other: str) -> None:
    assert same_text(other) != same_text(ADVERTISEMENT)


def test_a_greeting_alone_stays() -> None:
    assert same_text("Hi!") == "hi"
    assert same_text("Hi Anna!") == "hianna"


def test_figures_and_signs_alone_leave_nothing() -> None:
    assert same_text("123 😀 !?") == ""


@given(st.text(max_size=300))
def test_the_form_of_a_form_is_the_form(text: str) -> None:
    assert same_text(same_text(text)) == same_text(text)


@given(st.lists(st.text("abcdeäß", min_size=1), min_size=1), st.text(" \t\u00a0", min_size=1))
def test_spaces_do_not_matter(words: list[str], space: str) -> None:
    assert same_text(space.join(words)) == same_text("".join(words))
