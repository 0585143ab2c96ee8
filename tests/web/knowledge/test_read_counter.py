"""How often questions are read: counted in parts, and only where somebody read."""

import pytest
from flask.testing import FlaskClient

from mapapp.store.questions import Question
from mapapp.web.knowledge import read_counter
from mapapp.web.knowledge.read_counter import READS_A_PART, Reads
from tests.posts import Board

FEW = 25
PAGE = "/conditions/dystonia/questions/treatments"


@pytest.mark.both
def test_reads_are_written_in_parts(
    board: Board, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_counter, "READS_A_PART", FEW)
    assert board.question_id  # it is opened when it is first asked for
    board.session.commit()
    for _ in range(FEW - 1):
        client.get(PAGE)
    client.head(PAGE)  # the head alone is no reading, and must not write what others read
    assert board.session.get_one(Question, board.question_id).reads == 0
    board.session.rollback()  # so that it keeps nobody from writing
    for _ in range(4):
        client.get(PAGE)
    board.session.rollback()
    assert board.session.get_one(Question, board.question_id).reads == FEW


def test_a_process_keeps_reads_until_they_are_worth_writing() -> None:
    reads = Reads()
    assert [reads.add(n % 2) for n in range(READS_A_PART - 1)] == [{}] * (READS_A_PART - 1)
    assert reads.add(7) == {0: READS_A_PART // 2, 1: (READS_A_PART - 1) // 2, 7: 1}
    assert reads.add(7) == {}
