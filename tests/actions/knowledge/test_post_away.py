"""Texts whose writer is blocked, hidden, silent or gone, and what others still find of them."""

import pytest
import time_machine

from mapapp.actions.account import member_erase
from mapapp.actions.contact.block_member import block
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge.post_list import my_posts
from mapapp.actions.knowledge.post_write import Draft, change
from mapapp.actions.knowledge.question_search import search_questions
from mapapp.actions.members.visibility_change import is_hidden_by_moderators
from mapapp.actions.moderation import member_hide
from mapapp.actions.moderation.report_send import my_report
from mapapp.store.members import Member
from tests.posts import DAY, TEXT, Board
from tests.trust import AREAS


@pytest.mark.both
def test_blocking_is_offered_only_where_the_name_is_known(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren, named_to="nobody")
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece)
    assert my_report(board.session, robin.id, "answer", piece).subject_id is None
    named = Draft(TEXT, "self", "members")
    change(board.session, wren.id, piece, named, DAY)
    assert my_report(board.session, robin.id, "answer", piece).subject_id == wren.id


def test_who_block_each_other_miss_what_bears_the_name_alone(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren, "Zebra crossings are where I rest a little.")
    block(board.session, robin.id, wren.id, board.condition_id)
    assert board.read(robin) == []
    assert search_questions(board.session, robin.id, "zebra") == []
    assert len(board.read()) == len(search_questions(board.session, None, "zebra")) == 1
    unnamed = Draft(board.post_of(wren).text, "self", "nobody")
    change(board.session, wren.id, board.post_of(wren).public_id, unnamed, DAY)
    assert len(board.read(robin)) == 1


@pytest.mark.parametrize(
    ("away", "back"),
    [
        (member_hide.hide_everywhere, member_hide.show_again),
        (member_hide.pause, member_hide.end_pause),
        (member_hide.hide_by_moderators, member_hide.show_by_moderators),
    ],
)
def test_who_is_away_takes_the_texts_along(
    board: Board, wren: Member, robin: Member, away, back
) -> None:
    board.write(wren)
    given = (Context(board.session, board.settings, AREAS), wren.id)
    away(*given)
    assert board.read(robin) == []
    assert search_questions(board.session, robin.id, "walk") == []
    board.check()
    assert [line.text for line in my_posts(board.session, wren.id)] == [TEXT]
    back(*given)
    assert [line.pseudonym for line in board.read(robin)] == ["Wren"]
    board.check()


def test_who_is_hidden_by_moderators_by_reports_is_not_shown_by_writing_more(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    with time_machine.travel("2026-01-05"):
        for reader in (board.somebody(), board.somebody()):
            board.report(reader, wren)
    assert is_hidden_by_moderators(board.session, wren.id, board.condition_id)
    board.write(wren)
    assert board.read(robin) == board.read() == []
    board.check()
    board.settle(mod, "nothing", reason="")
    assert [line.pseudonym for line in board.read(robin)] == ["Wren"]
    board.check()


def test_hiding_needs_no_place_on_a_map(board: Board, robin: Member) -> None:
    author = board.member()
    board.write(author, named_to="nobody")
    member_hide.hide_everywhere(Context(board.session, board.settings, AREAS), author.id)
    assert board.read(robin) == []
    assert member_hide.is_hidden(board.session, author.id)
    assert member_hide.show_again(Context(board.session, board.settings, AREAS), author.id) == 1
    assert len(board.read(robin)) == 1


def test_silence_keeps_the_text_and_takes_the_name(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren)
    member_hide.hide_unanswered(Context(board.session, board.settings, AREAS), wren.id)
    (line,) = board.read(robin)
    assert (line.text, line.pseudonym, line.writer) == (TEXT, "", "")
    member_hide.show_answered(Context(board.session, board.settings, AREAS), wren.id)
    assert board.read(robin)[0].pseudonym == "Wren"


def test_erasing_takes_everything(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    board.write(robin)
    board.vote(wren, robin)
    board.vote(robin, wren)
    member_erase.erase_member(Context(board.session, board.settings), wren.id)
    assert [line.pseudonym for line in board.read(robin)] == ["Robin"]
    assert board.read(robin)[0].helpful == 0
    board.check()
