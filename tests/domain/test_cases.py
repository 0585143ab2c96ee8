"""The states of a case: every pair of a state and an act, and the picture of them."""

import re
from itertools import product
from pathlib import Path

import pytest

from mapapp.domain import case_words, cases
from mapapp.domain.cases import MOVES, STATES
from mapapp.errors import BadInputError, NotFoundError

DOC = Path(__file__).parents[2] / "docs" / "moderation.md"
ACTS = (cases.TAKE, cases.GIVE_BACK, cases.RESOLVE, cases.APPEAL, cases.CLOSE)


@pytest.mark.parametrize(("state", "act"), list(product(STATES, ACTS)))
def test_every_act_in_every_state_moves_or_is_refused(state: str, act: str) -> None:
    if (state, act) in MOVES:
        assert cases.next_state(state, act) == MOVES[state, act]
    else:
        with pytest.raises(NotFoundError):
            cases.next_state(state, act)


def test_every_act_leads_somewhere_and_every_state_is_reached() -> None:
    assert {act for _state, act in MOVES} == set(ACTS)
    assert {*MOVES.values()} == set(STATES)


def test_the_picture_shows_these_moves_and_no_other() -> None:
    text = DOC.read_text(encoding="utf-8")
    drawn = re.findall(r"^    (\w+) --> (\w+): (.+)$", text, re.MULTILINE)
    assert {(a, act): b for a, b, act in drawn} == MOVES


@pytest.mark.parametrize("text", ["", "short", " " * 50, "x" * 2001, "\u200b" * 20])
def test_reasons_and_appeals_have_their_length(text: str) -> None:
    with pytest.raises(BadInputError):
        cases.checked_words(text)


def test_a_reason_is_stored_tidy() -> None:
    assert cases.checked_words("  Ten letters,\r\nand more. ") == "Ten letters,\nand more."


def test_what_can_be_done_depends_on_what_it_is() -> None:
    assert cases.acts_for("message") == tuple(cases.ACTS)
    assert cases.REMOVE not in cases.acts_for("reading")
    assert cases.acts_for("message", has_left=True) == (cases.NOTHING,)


def test_everything_has_words() -> None:
    assert case_words.KIND_WORDS.keys() == case_words.YOURS_WORDS.keys() == set(cases.KINDS)
    assert case_words.STATE_WORDS.keys() == set(STATES)
    assert case_words.ACT_HINTS.keys() == case_words.RULING_WORDS.keys() == cases.ACTS.keys()
    assert case_words.REMOVED_WORDS.keys() == set(cases.REMOVABLE)
    assert {f"case-{act}" for act in (*cases.ACTS, "upheld", "lifted")} <= set(
        case_words.STAFF_ACTS
    )


def test_the_handbook_says_what_to_do_in_each_category() -> None:
    text = DOC.read_text(encoding="utf-8")
    for category in (*cases.CATEGORIES.values(), *cases.OUR_CATEGORIES.values()):
        assert f"### {category.words}" in text
