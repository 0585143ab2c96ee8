"""People hide, rest, leave and are suspended at once: nobody waits for ever, every number is true.

They answered the same questions, stand on the same map and voted for each other, so that each act
takes rows that the others want too.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions import agreements, hide
from mapapp.actions.erase import erase_member
from mapapp.actions.questions import take_from_set
from mapapp.domain.consents import WRITE
from mapapp.errors import MapappError
from mapapp.settings import Settings
from mapapp.store import live_counts
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.posts import Post
from tests.posts import Board, check_numbers
from tests.trust import AREAS

KEYS = ("treatments", "sleep", "diet")
ROUNDS = 12


@pytest.fixture
def people(board: Board) -> list[Member]:
    """Six who answered the same questions and voted for all the others."""
    made = [board.somebody() for _ in range(6)]
    asked = [take_from_set(board.session, board.condition_id, key) for key in KEYS]
    for place, who in enumerate(made):
        # Each in another order: what one took first, another takes last.
        for question_id in asked[place % 3 :] + asked[: place % 3]:
            board.write(who, question_id=question_id)
    for voter in made:
        for whose in made:
            if voter is not whose:
                board.vote(voter, whose)
    board.session.commit()
    return made


def _at_once(engine: Engine, jobs: list[list[Callable[[Session], object]]]) -> list[BaseException]:
    """Do each list of acts in a thread of its own, one transaction an act; return what failed."""
    start, failures = threading.Barrier(len(jobs)), []

    def _run(acts: list[Callable[[Session], object]]) -> None:
        start.wait()
        for act in acts:
            try:
                with transaction(engine) as own:
                    act(own)
            except MapappError:
                pass  # a clear refusal, as for a vote on what is hidden just now
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=_run, args=(acts,)) for acts in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _check(board: Board) -> None:
    board.session.rollback()
    check_numbers(board.session)
    assert live_counts.differences(board.session) == []


def _does(act: Callable[..., object], settings: Settings, member_id: int) -> Any:
    return lambda own: act(own, settings, AREAS, member_id)


def test_hiding_resting_and_being_set_aside(
    board: Board, people: list[Member], engine: Engine
) -> None:
    pairs = (
        (hide.hide_everywhere, hide.show_again),
        (hide.pause, hide.end_pause),
        (hide.hide_silent, hide.show_answered),
        (hide.set_aside, hide.bring_back),
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
        return lambda own: erase_member(own, settings, member_id)

    def _take_back(member_id: int) -> Any:
        given = (settings, AREAS, member_id, WRITE, "dystonia")
        return lambda own: agreements.take_back(own, *given)

    ids = [who.id for who in people]
    hides = [_does(act, settings, ids[4]) for act in (hide.hide_everywhere, hide.show_again)]
    rests = [_does(act, settings, ids[5]) for act in (hide.pause, hide.end_pause)]
    jobs = [[_leave(ids[0])], [_leave(ids[1])], [_take_back(ids[2])], [_take_back(ids[3])]]
    assert _at_once(engine, [*jobs, hides * 4, rests * 4]) == []
    _check(board)
    left = {post.member_id for post in board.session.query(Post)}
    assert left == set(ids[4:])
