"""Lengths, paragraphs and the order of what members write."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.knowledge import post_rules
from mapapp.domain.knowledge.post_rules import Block, blocks, wilson_lower
from mapapp.errors import BadInputError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.\nTwo.", [Block("p", ("One.", "Two."))]),
        ("One.\n\nTwo.", [Block("p", ("One.",)), Block("p", ("Two.",))]),
        ("Two things:\n- one\n* two", [Block("p", ("Two things:",)), Block("ul", ("one", "two"))]),
        ("1. one\n2) two", [Block("ol", ("one", "two"))]),
        ("3. May was hard.", [Block("ol", ("May was hard.",), 3)]),
        ("1. a\n\n2. b\n3. c", [Block("ol", ("a",)), Block("ol", ("b", "c"), 2)]),
        ("1. a\n3. b", [Block("ol", ("a",)), Block("ol", ("b",), 3)]),
        ("-5 degrees, 2.5 hours", [Block("p", ("-5 degrees, 2.5 hours",))]),
        ("- <b>one</b>", [Block("ul", ("<b>one</b>",))]),
        ("", []),
    ],
)
def test_paragraphs_and_lists(text: str, found: list[Block]) -> None:
    assert blocks(text) == found


@given(st.text(max_size=200))
def test_no_word_is_lost(text: str) -> None:
    shown = "".join("".join(block.lines) for block in blocks(text))
    assert len(shown) <= len(text)
    letters = [c for c in text if c.isalpha()]
    assert [c for c in shown if c.isalpha()] == letters


@given(st.lists(st.integers(0, 99), min_size=1, max_size=8))
def test_no_number_is_lost(numbers: list[int]) -> None:
    found = blocks("\n".join(f"{n}. word" for n in numbers))
    shown = [block.first + place for block in found for place, _ in enumerate(block.lines)]
    assert shown == numbers


@pytest.mark.parametrize("length", [19, 5_001])
def test_answers_have_their_length(length: int) -> None:
    with pytest.raises(BadInputError, match="20 to 5,000"):
        post_rules.checked_answer("x" * length)
    assert post_rules.checked_answer("x" * 20) == "x" * 20
    assert post_rules.checked_answer("x" * 5_000) == "x" * 5_000


@pytest.mark.parametrize("length", [199, 20_001])
def test_stories_have_their_length(length: int) -> None:
    with pytest.raises(BadInputError, match="200 to 20,000"):
        post_rules.checked_story("x" * length)
    assert post_rules.checked_story("x" * 200)


@pytest.mark.parametrize("title", ["", "four", "x" * 101, "\u200b" * 20])
def test_titles_have_theirs(title: str) -> None:
    with pytest.raises(BadInputError, match="5 to 100"):
        post_rules.checked_title(title)


@pytest.mark.parametrize("years", [-1, 121])
def test_nobody_has_lived_so_long(years: int) -> None:
    with pytest.raises(BadInputError, match="0 to 120"):
        post_rules.checked_years(years)
    assert post_rules.checked_years(None) is None


def _wilson(helpful: int, votes: int) -> float:
    """The lower root of (share - p)^2 = z^2 p (1 - p) / n, which is how the interval is defined."""
    share, z2n = helpful / votes, 1.96**2 / votes
    a, b, c = 1 + z2n, -(2 * share + z2n), share**2
    return (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a)


@given(st.integers(1, 5_000), st.data())
def test_the_order_is_that_of_the_definition(votes: int, data: st.DataObject) -> None:
    helpful = data.draw(st.integers(0, votes))
    assert wilson_lower(helpful, votes) == pytest.approx(_wilson(helpful, votes), abs=1e-9)
    assert wilson_lower(helpful + 1, votes + 1) > wilson_lower(helpful, votes + 1) - 1e-12


def test_few_votes_say_little() -> None:
    assert wilson_lower(0, 0) == wilson_lower(0, 5) == 0
    assert wilson_lower(8, 10) > wilson_lower(1, 1)
    assert wilson_lower(80, 100) > wilson_lower(8, 10)
