"""Votes: one for each member, none for one's own, and exact whatever happens at once."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select

from mapapp.actions.account import member_erase
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import post_vote, post_write
from mapapp.actions.knowledge.question_list import take_from_set
from mapapp.actions.moderation import member_hide
from mapapp.domain.safety.case_rules import NOTHING, REMOVE
from mapapp.errors import BadInputError, MapappError, NotFoundError
from mapapp.store.database import transaction
from mapapp.store.members import Member
from mapapp.store.posts import PostVote
from tests.posts import DAY, DRAFT, Board, check_numbers
from tests.trust import AREAS

VOTERS = 50


@pytest.fixture
def wren(board: Board) -> Member:
    writer = board.somebody(pseudonym="Wren")
    board.write(writer)
    return writer


def _standing(board: Board, whose: Member) -> tuple[int, int]:
    post = board.post_of(whose)
    return post.helpful, post.votes


@pytest.mark.both
def test_saying_it_twice_counts_once(board: Board, wren: Member) -> None:
    robin = board.somebody()
    for said, numbers in ((True, (1, 1)), (True, (1, 1)), (False, (0, 1)), (None, (0, 0))):
        board.vote(robin, wren, said)
        assert _standing(board, wren) == numbers
        assert board.read(robin)[0].my_vote is said
    board.check()


def test_nobody_votes_for_themself_or_for_what_they_cannot_see(board: Board, wren: Member) -> None:
    with pytest.raises(BadInputError, match="your own"):
        board.vote(wren, wren)
    member_hide.hide_everywhere(Context(board.session, board.settings, AREAS), wren.id)
    with pytest.raises(NotFoundError):
        board.vote(board.somebody(), wren)
    assert _standing(board, wren) == (0, 0)


def test_the_most_helpful_stand_first(board: Board, wren: Member) -> None:
    robin = board.somebody(pseudonym="Robin")
    board.write(robin, "I rest in the afternoon, always.")
    assert [line.pseudonym for line in board.read(wren)] == ["Robin", "Wren"]
    board.vote(robin, wren)
    assert [line.pseudonym for line in board.read(wren)] == ["Wren", "Robin"]


def test_points_are_of_what_bears_the_name_for_this_reader(board: Board, wren: Member) -> None:
    """Votes for a text without a name, or with one only for members, must not change them."""
    robin, owl = board.somebody(), board.somebody()
    for reader in (robin, owl):
        board.vote(reader, wren)
    other = board.session.scalar(select(func.count()).select_from(PostVote))
    assert other == 2
    public = post_write.Draft(DRAFT.text, "self", "public")
    sleep = take_from_set(board.session, board.condition_id, "sleep")
    board.write(wren, "I sleep with the window open, always.", question_id=sleep, named_to="public")
    board.vote(robin, wren)
    seen = {line.named_to: line.points for line in board.read(robin)}
    assert seen == {"members": 3}
    piece = board.read(robin)[0].public_id
    post_write.change(board.session, wren.id, piece, public, DAY)
    assert board.read()[0].points == 3
    nobody = post_write.Draft(DRAFT.text, "self", "nobody")
    post_write.change(board.session, wren.id, piece, nobody, DAY)
    assert board.read(robin)[0].points == 0


@pytest.mark.both
def test_fifty_vote_at_once_and_twice(board: Board, wren: Member, engine: Engine) -> None:
    voters = [board.somebody().id for _ in range(VOTERS)]
    piece = board.post_of(wren).public_id
    board.session.commit()

    def _vote(job: tuple[int, bool]) -> None:
        member_id, helpful = job
        with transaction(engine) as own:
            post_vote.cast_vote(Context(own, board.settings, reader_id=member_id), piece, helpful)

    jobs = [(member_id, place % 5 != 0) for place, member_id in enumerate(voters)]
    with ThreadPoolExecutor(VOTERS) as pool:
        list(pool.map(_vote, [job for job in jobs for _twice in range(2)]))
    board.session.rollback()
    assert board.session.scalar(select(func.count()).select_from(PostVote)) == VOTERS
    assert _standing(board, wren) == (40, 50)
    board.check()


def test_people_who_voted_for_each_other_leave_at_once(board: Board, engine: Engine) -> None:
    people = [board.somebody() for _ in range(8)]
    for who in people:
        board.write(who)
    for voter in people:
        for whose in people:
            if voter is not whose:
                board.vote(voter, whose)
    leaving = [who.id for who in people[:6]]
    board.session.commit()

    def _leave(member_id: int) -> None:
        with transaction(engine) as own:
            member_erase.erase_member(Context(own, board.settings), member_id)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(_leave, leaving))
    board.session.rollback()
    board.session.expire_all()
    board.check()
    assert [_standing(board, who) for who in people[6:]] == [(1, 1), (1, 1)]


@pytest.mark.parametrize("seed", range(6))
def test_numbers_are_true_after_any_acts(board: Board, mod: Member, seed: int) -> None:
    dice = random.Random(seed)
    people = [board.somebody(pseudonym=f"P{n}") for n in range(5)]
    given = (Context(board.session, board.settings, AREAS),)
    acts = {
        "write": lambda a, _b: board.write(a, dice.choice((DRAFT.text, "Send money to my iban!"))),
        "vote": lambda a, b: board.vote(a, b, dice.choice((True, False, None))),
        "delete": lambda a, _b: post_write.delete(board.session, a.id, board.post_of(a).public_id),
        "hide": lambda a, _b: member_hide.hide_everywhere(*given, a.id),
        "show": lambda a, _b: member_hide.show_again(*given, a.id),
        "pause": lambda a, _b: member_hide.pause(*given, a.id),
        "end": lambda a, _b: member_hide.end_pause(*given, a.id),
        "silent": lambda a, _b: member_hide.hide_unanswered(*given, a.id),
        "answered": lambda a, _b: member_hide.show_answered(*given, a.id),
        "report": lambda a, b: board.report_piece(a, "answer", board.post_of(b).public_id),
        "decide": lambda _a, _b: board.settle(mod, dice.choice((NOTHING, REMOVE))),
    }
    done = set()
    for _ in range(70):
        name, (a, b) = dice.choice(list(acts)), dice.sample(people, 2)
        try:
            with board.session.begin_nested():
                acts[name](a, b)
                done.add(name)
        except (MapappError, LookupError):
            pass
        except Exception as error:
            if type(error).__name__ != "NoResultFound":
                raise
        check_numbers(board.session)
    assert len(done) >= 6
    member_erase.erase_member(Context(board.session, board.settings), people[0].id)
    check_numbers(board.session)
