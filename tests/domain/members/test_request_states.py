"""The states of contact requests: the table, the picture, and what each side may tell apart."""

import itertools
import re

import pytest

from mapapp.domain.members import request_states
from mapapp.domain.members.request_states import (
    ACCEPT,
    ACCEPTED,
    ASKED_LEAVES,
    ASKER_BLOCKS,
    ASKER_LEAVES,
    DECLINE,
    DECLINED,
    END,
    GONE,
    LATER,
    LEFT,
    OPEN,
    PUT_AWAY,
    PUT_OFF,
    REFUSED,
    REQUEST_MOVES,
    REQUEST_STATES,
    UNANSWERED,
    WITHDRAWN,
    before,
    next_state,
)
from mapapp.errors import NotFoundError
from mapapp.paths import PACKAGE

ACTS = (ACCEPT, PUT_OFF, DECLINE, END, ASKER_LEAVES, ASKER_BLOCKS, ASKED_LEAVES, PUT_AWAY)
PICTURE = PACKAGE.parent / "docs" / "requests.md"
ARROW = re.compile(r"^ +(\w+) --> (\w+): (.+)$", re.MULTILINE)


def test_the_picture_shows_every_move_and_no_other() -> None:
    drawn = {(before, act): after for before, after, act in ARROW.findall(PICTURE.read_text())}
    assert drawn == REQUEST_MOVES


@pytest.mark.parametrize(("state", "act"), [*itertools.product(REQUEST_STATES, ACTS)])
def test_every_act_in_every_state_leads_on_or_is_refused(state: str, act: str) -> None:
    if (state, act) in REQUEST_MOVES:
        assert next_state(state, act) in REQUEST_STATES
        assert before(act)[state] == REQUEST_MOVES[state, act]
    else:
        with pytest.raises(NotFoundError):
            next_state(state, act)


@pytest.mark.parametrize("act", [ACCEPT, PUT_OFF, DECLINE])
def test_only_what_waits_can_be_answered(act: str) -> None:
    assert set(before(act)) <= {OPEN, LATER}


def test_accepting_is_the_only_way_to_a_conversation() -> None:
    assert {act for (_state, act), after in REQUEST_MOVES.items() if after == ACCEPTED} == {ACCEPT}


@pytest.mark.parametrize("act", [END, ASKED_LEAVES])
def test_whoever_asked_cannot_tell_a_no_from_silence(act: str) -> None:
    """However an unanswered request ends, its final states look the same to the asker."""
    alike = {WITHDRAWN: "ended", REFUSED: "ended"}
    assert len({alike[next_state(state, act)] for state in UNANSWERED}) == 1


def test_whoever_declined_hears_no_more_of_it() -> None:
    shown_to_asked = {OPEN, LATER, LEFT}
    reached, waiting = set(), [DECLINED]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [
            after
            for (before, act), after in REQUEST_MOVES.items()
            if before == state and act != ASKED_LEAVES and after not in reached
        ]
    assert not reached & shown_to_asked


def test_nothing_leads_back_from_the_end() -> None:
    assert not [state for state, _act in REQUEST_MOVES if state == GONE]
    assert request_states.DAYS == 60


def test_nobody_is_told_any_more_that_the_other_side_has_left() -> None:
    assert LEFT not in REQUEST_MOVES.values()
