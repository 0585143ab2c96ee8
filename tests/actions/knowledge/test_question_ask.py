"""Members' own questions: asked, accepted by a moderator, and found."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from mapapp.actions.account import member_erase
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import question_ask
from mapapp.actions.knowledge.question_list import questions_of
from mapapp.actions.knowledge.question_search import search_questions
from mapapp.actions.moderation import member_hide
from mapapp.errors import BadInputError, NotAllowedError
from mapapp.store.members import Member
from mapapp.store.posts import Post
from mapapp.store.questions import Question
from tests.posts import CURE, Board


@pytest.mark.both
def test_a_question_waits_for_a_moderator(board: Board, wren: Member, mod: Member) -> None:
    words = "Does swimming help anybody here?"
    given = (Context(board.session, board.settings, reader_id=wren.id), board.condition_id)
    question_ask.ask_question(*given, words)
    assert questions_of(board.session, board.condition_id) == []
    with pytest.raises(BadInputError, match="already been asked"):
        question_ask.ask_question(*given, "Does swimming help anybody here ?")
    assert board.case().kind == "question"
    board.settle(mod, "nothing", reason="")
    (found,) = questions_of(board.session, board.condition_id)
    assert (found.title, found.slug) == (words, "does-swimming-help-anybody-here")
    assert board.session.scalars(select(Question.proposed_by)).one() is None


@pytest.mark.both
def test_a_refused_question_is_gone_and_so_is_that_of_who_leaves(
    board: Board, wren: Member, mod: Member
) -> None:
    given = (Context(board.session, board.settings, reader_id=wren.id), board.condition_id)
    question_ask.ask_question(*given, "Is this a question at all, or not?")
    board.settle(mod, "remove")
    assert board.session.scalars(select(Question.id)).all() == []
    question_ask.ask_question(*given, "Will this question stay without me?")
    member_erase.erase_member(Context(board.session, board.settings), wren.id)
    assert board.session.scalars(select(Question.id)).all() == []


def test_who_may_not_ask(board: Board, wren: Member, robin: Member) -> None:
    ctx = Context(board.session, board.settings)
    words = "Does swimming help anybody here?"
    member_hide.pause(ctx, robin.id)
    with pytest.raises(BadInputError, match="paused"):
        question_ask.ask_question(replace(ctx, reader_id=robin.id), board.condition_id, words)
    wren.suspended = True
    with pytest.raises(NotAllowedError):
        question_ask.ask_question(replace(ctx, reader_id=wren.id), board.condition_id, words)
    assert list(board.session.scalars(select(Question))) == []


@pytest.mark.parametrize("text", ["", "Why?", "x" * 161])
def test_what_is_no_question(board: Board, wren: Member, text: str) -> None:
    with pytest.raises(BadInputError, match="15 to 160"):
        question_ask.ask_question(
            Context(board.session, board.settings, reader_id=wren.id), board.condition_id, text
        )


@pytest.mark.both
@pytest.mark.parametrize("query", ["wálk MORN", "walk", "treat", "wálk MORN wa mo"])
def test_the_search_reads_questions_and_answers(board: Board, wren: Member, query: str) -> None:
    board.write(wren)
    (found,) = search_questions(board.session, None, query)
    assert (found.slug, found.condition_slug, found.answers) == ("treatments", "dystonia", 1)
    for other in ("alking", "walk zebra", "%", "_"):
        assert search_questions(board.session, None, other) == []


@pytest.mark.both
def test_what_waits_is_not_found(board: Board, wren: Member) -> None:
    board.write(wren, CURE)
    assert search_questions(board.session, wren.id, "cures") == []
    assert board.session.scalars(select(Post.day)).all() == [date(2026, 11, 24)]
