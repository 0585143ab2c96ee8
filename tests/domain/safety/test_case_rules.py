"""The states of a case: every pair of a state and an act, and the picture of them."""

import re
from itertools import product
from pathlib import Path

import pytest

from mapapp.domain.safety import case_rules, case_words
from mapapp.domain.safety.case_rules import CASE_MOVES, CASE_STATES
from mapapp.errors import BadInputError, NotFoundError

DOC = Path(__file__).parents[3] / "docs" / "moderation.md"
ACTS = (
    case_rules.TAKE,
    case_rules.GIVE_BACK,
    case_rules.RESOLVE,
    case_rules.APPEAL,
    case_rules.CLOSE,
)


@pytest.mark.parametrize(("state", "act"), list(product(CASE_STATES, ACTS)))
def test_every_act_in_every_state_moves_or_is_refused(state: str, act: str) -> None:
    if (state, act) in CASE_MOVES:
        assert case_rules.next_state(state, act) == CASE_MOVES[state, act]
    else:
        with pytest.raises(NotFoundError):
            case_rules.next_state(state, act)


def test_every_act_leads_somewhere_and_every_state_is_reached() -> None:
    assert {act for _state, act in CASE_MOVES} == set(ACTS)
    assert {*CASE_MOVES.values()} == set(CASE_STATES)


def test_the_picture_shows_these_moves_and_no_other() -> None:
    text = DOC.read_text(encoding="utf-8")
    drawn = re.findall(r"^    (\w+) --> (\w+): (.+)$", text, re.MULTILINE)
    assert {(a, act): b for a, b, act in drawn} == CASE_MOVES


@pytest.mark.parametrize("text", ["", "short", " " * 50, "x" * 2001, "\u200b" * 20])
def test_reasons_and_appeals_have_their_length(text: str) -> None:
    with pytest.raises(BadInputError):
        case_rules.checked_words(text)


def test_a_reason_is_stored_tidy() -> None:
    assert case_rules.checked_words("  Ten letters,\r\nand more. ") == "Ten letters,\nand more."


def test_what_can_be_done_depends_on_what_it_is() -> None:
    assert case_rules.acts_for("message") == tuple(case_rules.ACTS)
    assert case_rules.REMOVE not in case_rules.acts_for("reading")
    assert case_rules.acts_for("message", has_left=True) == (case_rules.NOTHING,)


def test_everything_has_words() -> None:
    assert case_words.KIND_WORDS.keys() == case_words.YOURS_WORDS.keys() == set(case_rules.KINDS)
    assert case_words.STATE_WORDS.keys() == set(CASE_STATES)
    assert case_words.ACT_HINTS.keys() == case_words.RULING_WORDS.keys() == case_rules.ACTS.keys()
    assert case_words.REMOVED_WORDS.keys() == set(case_rules.REMOVABLE)
    assert {f"case-{act}" for act in (*case_rules.ACTS, "upheld", "lifted")} <= set(
        case_words.STAFF_ACTS
    )


def test_the_handbook_says_what_to_do_in_each_category() -> None:
    text = DOC.read_text(encoding="utf-8")
    for category in (*case_rules.CATEGORIES.values(), *case_rules.OUR_CATEGORIES.values()):
        assert f"### {category.words}" in text
