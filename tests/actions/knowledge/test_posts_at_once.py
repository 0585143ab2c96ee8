"""People hide, pause, leave and are suspended at once: no deadlock, and every number is right.

They answered the same questions, stand on the same map and voted for each other, so that each act
takes rows that the others want too.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.account import consent_change
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.moderation import member_hide
from mapapp.domain.mail.consent_wordings import WRITE
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.posts import Post
from tests.at_once import at_once
from tests.posts import Board, check_numbers
from tests.published import wrong_numbers
from tests.trust import AREAS

KEYS = ("treatments", "sleep", "diet")
ROUNDS = 12


@pytest.fixture
def people(board: Board) -> list[Member]:
    """Six who answered the same questions and voted for all the others."""
    made = [board.somebody() for _ in range(6)]
    asked = [take_from_set(board.session, board.condition_id, key) for key in KEYS]
    for place, who in enumerate(made):
        # Each in another order: what one locks first, another locks last.
        for question_id in asked[place % 3 :] + asked[: place % 3]:
            board.write(who, question_id=question_id)
    for voter in made:
        for whose in made:
            if voter is not whose:
                board.vote(voter, whose)
    board.session.commit()
    return made


def _at_once(engine: Engine, jobs: list[list[Callable[[Session], object]]]) -> list[BaseException]:
    """Run each list of acts in its own thread, one transaction per act; return what failed."""

    def _run(acts: list[Callable[[Session], object]]) -> None:
        for act in acts:
            # A clear refusal is no failure, as for a vote on what is hidden just now.
            with suppress(MapappError), transaction(engine) as own:
                act(own)

    return at_once([partial(_run, acts) for acts in jobs])


def _check(board: Board) -> None:
    board.session.rollback()
    check_numbers(board.session)
    assert wrong_numbers(board.session) == []


def _does(act: Callable[..., object], settings: Settings, member_id: int) -> Any:
    return lambda own: act(Context(own, settings, AREAS), member_id)


def test_every_reason_to_hide_begins_and_ends(
    board: Board, people: list[Member], engine: Engine
) -> None:
    pairs = (
        (member_hide.hide_everywhere, member_hide.show_again),
        (member_hide.pause, member_hide.end_pause),
        (member_hide.hide_unanswered, member_hide.show_answered),
        (member_hide.hide_by_moderators, member_hide.show_by_moderators),
    )
    jobs = [
        [_does(act, board.settings, who.id) for act in pairs[place % 4]] * ROUNDS
        for place, who in enumerate(people)
    ]
    assert _at_once(engine, jobs) == []
    _check(board)


def test_leaving_hiding_and_taking_the_consent_back(
    board: Board, people: list[Member], engine: Engine
) -> None:
    settings = board.settings

    def _leave(member_id: int) -> Any:
        return lambda own: erase_member(Context(own, settings), member_id)

    def _take_back(member_id: int) -> Any:
        given = (member_id, WRITE, "dystonia")
        return lambda own: consent_change.take_back(Context(own, settings, AREAS), *given)

    ids = [who.id for who in people]
    hides = [
        _does(act, settings, ids[4])
        for act in (member_hide.hide_everywhere, member_hide.show_again)
    ]
    rests = [_does(act, settings, ids[5]) for act in (member_hide.pause, member_hide.end_pause)]
    jobs = [[_leave(ids[0])], [_leave(ids[1])], [_take_back(ids[2])], [_take_back(ids[3])]]
    assert _at_once(engine, [*jobs, hides * 4, rests * 4]) == []
    _check(board)
    left = {post.member_id for post in board.session.query(Post)}
    assert left == set(ids[4:])
