"""Answers and stories that wait for a moderator, or are reported."""

import json
from datetime import timedelta

import pytest
import time_machine

from mapapp.actions.knowledge.post_list import earlier_versions, post, stories
from mapapp.actions.knowledge.post_write import Draft, change, delete
from mapapp.actions.members.visibility_change import is_hidden_by_moderators
from mapapp.actions.moderation import case_decide
from mapapp.domain.core.free_text import HELD, REMOVED
from mapapp.errors import BadInputError, NotAllowedError, NotFoundError
from mapapp.store.members import Member
from tests.posts import CURE, DAY, DRAFT, TEXT, Board


def test_a_claim_of_a_cure_waits_and_keeps_its_label(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    assert board.write(wren, CURE) == HELD
    assert board.read(robin) == board.read() == []
    with pytest.raises(NotFoundError):
        post(board.session, robin.id, board.post_of(wren).public_id)
    assert (board.case().kind, board.case().category) == ("answer", "held")
    board.settle(mod, "nothing", reason="")
    (line,) = board.read(robin)
    assert (line.text, line.speaks_of_cure) == (CURE, True)
    board.check()


@pytest.mark.parametrize("act", ["remove", "warn", "silence", "suspend"])
def test_what_is_not_let_through_is_gone(
    board: Board, wren: Member, robin: Member, mod: Member, act: str
) -> None:
    board.write(wren, CURE)
    board.settle(mod, act)
    assert board.read(robin) == []
    found = board.post_of(wren)
    assert (found.state, found.text, found.words) == (REMOVED, "", "")
    with pytest.raises((BadInputError, NotAllowedError)):
        change(board.session, wren.id, found.public_id, DRAFT, DAY)
    delete(board.session, wren.id, found.public_id)
    board.check()


def test_what_a_moderator_reads_cannot_be_changed(board: Board, wren: Member, mod: Member) -> None:
    board.write(wren, CURE)
    board.take(mod)
    piece = board.post_of(wren).public_id
    with pytest.raises(BadInputError, match="moderator is reading"):
        change(board.session, wren.id, piece, DRAFT, DAY)
    other_name = Draft(CURE, "self", "nobody")
    assert change(board.session, wren.id, piece, other_name, DAY) == HELD


@pytest.mark.both
@pytest.mark.parametrize("new", [f"{CURE} It is green.", TEXT], ids=["held", "harmless"])
def test_what_waits_can_be_replaced_until_a_moderator_takes_it(
    board: Board, wren: Member, robin: Member, mod: Member, new: str
) -> None:
    board.write(wren, CURE)
    piece, late = board.post_of(wren).public_id, DAY + timedelta(days=9)
    board.take(mod)
    case_decide.give_back(board.session, mod.id, board.case().public_id)
    assert change(board.session, wren.id, piece, Draft(new, "self", "members"), late) == HELD
    evidence = json.loads(board.case().evidence)
    assert (evidence["text"], evidence["held"]) == (new, ["cure"])
    assert "changed_to" not in evidence
    with pytest.raises(NotFoundError):
        board.decide(mod, "nothing", reason="")
    assert board.read(robin) == []
    board.settle(mod, "nothing", reason="")
    (line,) = board.read(robin)
    assert line.text == new
    assert earlier_versions(board.session, line.id) == []  # nobody has read the first words
    board.check()


def test_a_changed_text_is_looked_at_again(board: Board, wren: Member, robin: Member) -> None:
    board.write(wren)
    new = Draft(CURE, "self", "members")
    assert change(board.session, wren.id, board.post_of(wren).public_id, new, DAY) == HELD
    assert board.read(robin) == []
    board.check()


def test_reported_first_and_held_later_both_are_read(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece, "harassment")
    change(board.session, wren.id, piece, Draft(CURE, "self", "members"), DAY)
    assert TEXT in board.case().evidence
    assert "cures dystonia" in board.case().evidence
    board.settle(mod, "nothing", reason="")
    assert [line.text for line in board.read(robin)] == [CURE]


@pytest.mark.both
def test_what_changes_while_a_moderator_reads_is_read_anew(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    board.report_piece(robin, "answer", piece)
    board.take(mod)
    change(board.session, wren.id, piece, Draft(CURE, "self", "members"), DAY)
    with pytest.raises(NotFoundError, match="changed since you opened it"):
        board.decide(mod, "nothing", reason="")
    board.session.expire_all()
    assert board.read(robin) == []
    board.settle(mod, "nothing", reason="")
    assert [line.text for line in board.read(robin)] == [CURE]


@pytest.mark.both
def test_a_changed_title_is_read_too(
    board: Board, wren: Member, robin: Member, mod: Member
) -> None:
    board.tell(wren)
    board.settle(mod, "nothing", reason="")
    story = board.post_of(wren)
    board.report_piece(robin, "story", story.public_id)
    new = Draft(story.text, "self", "members", "Quite another title")
    assert change(board.session, wren.id, story.public_id, new, DAY) == HELD
    assert "My first year" in board.case().evidence
    assert "Quite another title" in board.case().evidence


@pytest.mark.both
def test_every_story_waits(board: Board, wren: Member, robin: Member, mod: Member) -> None:
    assert board.tell(wren) == HELD
    assert stories(board.session, board.condition_id, robin.id).items == ()
    assert board.case().kind == "story"
    board.settle(mod, "nothing", reason="")
    (line,) = stories(board.session, board.condition_id, None).items
    assert (line.title, line.pseudonym) == ("My first year", "")
    assert board.read(robin) == []


@pytest.mark.both
def test_two_reports_hide_it_until_it_is_decided(board: Board, wren: Member, mod: Member) -> None:
    with time_machine.travel("2026-01-05"):
        first, second = board.somebody(), board.somebody()
    board.write(wren)
    piece = board.post_of(wren).public_id
    for reader in (first, second):
        board.report_piece(reader, "answer", piece)
    assert board.read(first) == board.read() == []
    assert not is_hidden_by_moderators(board.session, wren.id, board.condition_id)
    assert board.stands(wren)["dystonia"] == ("members", "")
    new = Draft("Quite another thing that I say.", "self", "members")
    with pytest.raises(BadInputError, match="moderator is reading"):
        change(board.session, wren.id, piece, new, DAY)
    board.settle(mod, "nothing", reason="")
    assert len(board.read(first)) == 1
    board.check()


@pytest.mark.both
def test_removing_takes_the_versions_too(board: Board, wren: Member, robin: Member, mod) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    new = Draft("Quite another thing that I say.", "self", "members")
    change(board.session, wren.id, piece, new, DAY + timedelta(days=5))
    board.report_piece(robin, "answer", piece)
    board.settle(mod, "remove")
    assert earlier_versions(board.session, board.post_of(wren).id) == []
    assert board.read(robin) == []
    board.check()


def test_one_does_not_report_oneself_nor_what_one_cannot_see(
    board: Board, wren: Member, robin: Member
) -> None:
    board.write(wren)
    piece = board.post_of(wren).public_id
    with pytest.raises(BadInputError, match="your own"):
        board.report_piece(wren, "answer", piece)
    with pytest.raises(NotFoundError):
        board.report_piece(robin, "story", piece)
    delete(board.session, wren.id, piece)
    with pytest.raises(NotFoundError):
        board.report_piece(robin, "answer", piece)
