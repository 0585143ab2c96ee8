"""Rules for answers and stories other than writing: limits, blocks, names, points, search."""

import uuid
from datetime import timedelta

import pytest

from mapapp.actions.contact.block_member import block
from mapapp.actions.core import quotas
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import post_vote, post_write, question_ask
from mapapp.actions.knowledge.post_list import newest_answers, post
from mapapp.actions.knowledge.post_write import Draft, change
from mapapp.actions.knowledge.question_list import not_taken, take_from_set
from mapapp.actions.knowledge.question_search import search_questions
from mapapp.actions.moderation import member_hide
from mapapp.actions.moderation.report_send import block_reported, my_report
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN
from mapapp.domain.knowledge.question_set import QUESTION_HIDDEN, load_set
from mapapp.errors import LimitError, NotFoundError
from mapapp.store.contact import Block
from mapapp.store.members import Member
from mapapp.store.posts import PostVote
from mapapp.store.questions import Question
from tests.posts import DAY, TEXT, Board
from tests.trust import AREAS

ZEBRA = "Zebra crossings are where I rest a little."


def _found(board: Board, who: Member | None, query: str) -> list[str]:
    return [q.slug for q in search_questions(board.session, who.id if who else None, query)]


def test_twenty_answers_a_day(board: Board, wren: Member) -> None:
    keys = list(load_set())[: quotas.ANSWERS.most + 1]
    asked = [take_from_set(board.session, board.condition_id, key) for key in keys]
    for question_id in asked[:-1]:
        board.write(wren, question_id=question_id)
    with pytest.raises(LimitError):
        board.write(wren, question_id=asked[-1])
    assert (len(asked), quotas.ANSWERS.most, quotas.STORIES.most) == (21, 20, 3)


def test_three_questions_a_day(board: Board, wren: Member) -> None:
    given = (Context(board.session, board.settings, reader_id=wren.id), board.condition_id)
    for number in range(quotas.QUESTIONS.most):
        question_ask.ask_question(*given, f"Does anybody sleep better in winter {number}?")
    with pytest.raises(LimitError):
        question_ask.ask_question(*given, "Does anybody sleep better in summer?")


def test_ten_questions_of_the_set_a_day(board: Board, wren: Member) -> None:
    given = (Context(board.session, board.settings, reader_id=wren.id), board.condition_id)
    first, *others = not_taken(board.session, board.condition_id)
    for key in (first, *others[: quotas.QUESTIONS_TAKEN.most - 1], first):
        question_ask.open_question(*given, key)  # what is open already is not counted
    with pytest.raises(LimitError):
        question_ask.open_question(*given, others[-1])


def test_what_is_refused_costs_no_answer(
    board: Board, wren: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "ANSWERS", quotas.Limit("answer", 1, 86_400))
    key = str(uuid.uuid4())
    for _ in range(3):
        board.write(wren, key=key)
    assert len(board.read(wren)) == 1


def test_votes_have_their_limit_and_changing_one_is_free(
    board: Board, wren: Member, robin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (quotas.VOTE_LIMIT.most, quotas.QUESTIONS.most) == (200, 3)
    monkeypatch.setattr(quotas, "VOTE_LIMIT", quotas.Limit("vote", 1, 86_400))
    board.write(wren)
    other = board.somebody()
    board.write(other)
    for said in (True, False, None):
        board.vote(robin, wren, said)
    with pytest.raises(LimitError):
        board.vote(robin, other)
    board.session.rollback()


@pytest.mark.parametrize("wren_blocks", [True, False])
def test_a_block_holds_both_ways(
    board: Board, wren: Member, robin: Member, wren_blocks: bool
) -> None:
    board.write(wren, ZEBRA)
    piece = board.post_of(wren).public_id
    first, second = (wren, robin) if wren_blocks else (robin, wren)
    block(board.session, first.id, second.id, board.condition_id)
    assert board.read(robin) == []
    assert _found(board, robin, "zebra") == []
    assert newest_answers(board.session, board.condition_id, 5, reader_id=robin.id) == []
    for act in (
        lambda: post(board.session, robin.id, piece),
        lambda: post_vote.cast_vote(
            Context(board.session, board.settings, reader_id=robin.id), piece, True
        ),
        lambda: board.report_piece(robin, "answer", piece),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert len(board.read(board.somebody())) == len(board.read(wren)) == 1
    unnamed = Draft(ZEBRA, "self", "nobody")
    change(board.session, wren.id, piece, unnamed, DAY)
    assert post(board.session, robin.id, piece).pseudonym == ""
    assert _found(board, robin, "zebra") == ["treatments"]


def test_reporting_blocks_nobody_whose_name_is_not_known(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren, named_to="nobody")
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece)
    with pytest.raises(NotFoundError, match="nobody here"):
        block_reported(board.session, robin.id, "answer", piece)
    assert board.session.get(Block, (robin.id, wren.id, board.condition_id)) is None
    change(board.session, wren.id, piece, Draft(TEXT, "self", "members"), DAY)
    member_hide.hide_unanswered(Context(board.session, board.settings, AREAS), wren.id)
    board.session.expire_all()
    assert my_report(board.session, robin.id, "answer", piece).subject_id is None
    member_hide.show_answered(Context(board.session, board.settings, AREAS), wren.id)
    board.session.expire_all()
    block_reported(board.session, robin.id, "answer", piece)
    assert board.session.get(Block, (robin.id, wren.id, board.condition_id)) is not None


def test_points_leave_with_what_they_were_given_for(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    """Points that counted hidden or nameless texts would reveal whose they are."""
    sleep = take_from_set(board.session, board.condition_id, "sleep")
    board.write(wren)
    board.vote(robin, wren)
    board.write(wren, ZEBRA, question_id=sleep)
    board.vote(robin, wren)
    assert board.read(robin)[0].points == 2
    other = board.post_of(wren)
    board.report_piece(robin, "answer", other.public_id)
    board.settle(mod, "remove")
    assert board.read(robin)[0].points == 1


@pytest.mark.parametrize(
    ("named_to", "member", "visitor"), [("nobody", 0, 0), ("members", 1, 0), ("public", 1, 1)]
)
def test_points_beside_one_text_are_not_of_others_without_the_name(
    board: Board, wren: Member, robin: Member, named_to: str, member: int, visitor: int
) -> None:
    sleep = take_from_set(board.session, board.condition_id, "sleep")
    board.write(wren, ZEBRA, question_id=sleep, named_to=named_to)
    board.vote(robin, wren)
    board.write(wren, named_to="public")
    assert (board.read(robin)[0].points, board.read()[0].points) == (member, visitor)


def test_points_of_what_lost_its_name_are_not_beside_a_new_text(
    board: Board, wren: Member, robin: Member
) -> None:
    sleep = take_from_set(board.session, board.condition_id, "sleep")
    board.write(wren, ZEBRA, question_id=sleep)
    board.vote(robin, wren)
    member_hide.hide_unanswered(Context(board.session, board.settings, AREAS), wren.id)
    board.write(wren)
    (line,) = board.read(robin)
    assert (line.pseudonym, line.points) == ("Wren", 0)


def test_silence_and_hiding_end_apart(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    given = (Context(board.session, board.settings, AREAS), wren.id)
    for _twice in range(2):
        member_hide.hide_unanswered(*given)
        member_hide.hide_everywhere(*given)
    assert board.read(robin) == []
    board.check()
    member_hide.show_again(*given)
    (line,) = board.read(robin)
    assert (line.pseudonym, line.points) == ("", 0)
    member_hide.show_answered(*given)
    assert board.read(robin)[0].pseudonym == "Wren"
    assert board.post_of(wren).hidden_reasons == NOT_HIDDEN


@pytest.mark.both
def test_a_change_keeps_what_hides_a_text(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    member_hide.hide_everywhere(Context(board.session, board.settings, AREAS), wren.id)
    new = Draft(ZEBRA, "self", "public")
    change(board.session, wren.id, board.post_of(wren).public_id, new, DAY)
    assert board.read(robin) == board.read() == []
    board.check()


@pytest.mark.both
def test_a_label_goes_with_the_words(board: Board, wren: Member, mod: Member) -> None:
    board.write(wren, "This tea cures dystonia for ever, throw your medicine away.")
    board.settle(mod, "nothing", reason="")
    assert board.post_of(wren).speaks_of_cure
    change(board.session, wren.id, board.post_of(wren).public_id, Draft(TEXT, "self", "members"))
    assert not board.post_of(wren).speaks_of_cure


def test_a_version_says_on_which_day_it_was_written(board: Board, wren: Member) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    change(board.session, wren.id, piece, Draft(ZEBRA, "self", "members"), DAY + timedelta(1))
    assert board.post_of(wren).edited is None
    change(board.session, wren.id, piece, Draft(TEXT, "self", "members"), DAY + timedelta(2))
    assert board.post_of(wren).edited == DAY + timedelta(2)
    assert post(board.session, wren.id, piece).versions == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ZEBRA", True),
        ("zébra crossing", True),
        ("cross zeb", True),
        ("ebra", False),
        ("zebra lion", False),
        ("zebra%", True),
        ("z_bra", False),
        ("%", False),
        ("", False),
    ],
)
def test_beginnings_of_all_words_are_found(
    board: Board, wren: Member, query: str, found: bool
) -> None:
    board.write(wren, ZEBRA)
    assert _found(board, None, query) == (["treatments"] if found else [])


def test_the_search_finds_what_can_be_read_alone(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.write(wren, ZEBRA + " This tea cures dystonia for ever.")
    assert _found(board, wren, "zebra") == []
    board.settle(mod, "nothing", reason="")
    assert _found(board, robin, "zebra") == ["treatments"]
    condition = board.condition()
    condition.shown = False
    board.session.flush()
    assert _found(board, robin, "zebra") == []
    condition.shown = True
    board.session.get_one(Question, board.question_id).state = QUESTION_HIDDEN
    board.session.flush()
    assert _found(board, robin, "zebra") == []


def test_deleting_takes_the_votes_along(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    board.vote(robin, wren)
    post_write.delete(board.session, wren.id, board.post_of(wren).public_id)
    assert board.session.query(PostVote).count() == 0
    board.check()
