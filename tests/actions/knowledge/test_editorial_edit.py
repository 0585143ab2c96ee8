"""What staff do with questions and answers: drafts, versions, hiding, import and export."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from mapapp.actions.core import audit
from mapapp.actions.core.audit import SHELL
from mapapp.actions.knowledge import editorial_edit, editorial_read
from mapapp.actions.knowledge.editorial_transfer import export_content, import_content
from mapapp.actions.knowledge.question_list import (
    not_taken,
    question_by_slug,
    questions_of,
    take_from_set,
)
from mapapp.actions.knowledge.question_search import search_questions
from mapapp.actions.knowledge.treatment_use import names_of
from mapapp.domain.knowledge.editorial_file import write_content
from mapapp.domain.knowledge.question_set import CONTENT
from mapapp.errors import BadInputError, NotFoundError
from mapapp.store.members import Member
from mapapp.store.questions import Editorial, Question
from tests.domain.knowledge.test_editorial_file import GOOD
from tests.posts import Board

OTHER = replace(GOOD, body=GOOD.body.replace("It is so", "It is not so"))


def _mark(board: Board) -> str:
    return editorial_read.working_copy(board.session, board.question_id)[1]


def _publish(board: Board, who: Member, text=GOOD) -> None:
    editorial_edit.publish(board.session, who.id, board.question_id, text, _mark(board))


@pytest.mark.both
def test_a_draft_is_for_staff_alone(board: Board, mod: Member) -> None:
    editorial_edit.save_draft(
        board.session, mod.id, board.question_id, replace(GOOD, body="Not yet"), ""
    )
    assert editorial_read.published(board.session, board.question_id) is None
    with pytest.raises(BadInputError, match="200 to 20,000"):
        _publish(board, mod, replace(GOOD, body="Not yet"))
    _publish(board, mod)
    found = editorial_read.published(board.session, board.question_id)
    assert (found.number, found.text) == (1, GOOD)
    assert question_by_slug(board.session, board.condition_id, "treatments").has_editorial
    assert [f.slug for f in search_questions(board.session, None, "stays")] == ["treatments"]


@pytest.mark.both
def test_versions_follow_each_other(board: Board, mod: Member) -> None:
    _publish(board, mod)
    editorial_edit.save_draft(board.session, mod.id, board.question_id, OTHER, _mark(board))
    assert editorial_read.published(board.session, board.question_id).text == GOOD
    _publish(board, mod, OTHER)
    found = editorial_read.versions(board.session, board.question_id)
    assert [(v.number, v.state, v.text) for v in found] == [
        (2, "published", OTHER),
        (1, "published", GOOD),
    ]
    assert found[1].by == "Mod"


def test_nobody_overwrites_what_somebody_else_saved(board: Board, mod: Member) -> None:
    mark = _mark(board)
    _publish(board, mod)
    for act in (editorial_edit.save_draft, editorial_edit.publish):
        with pytest.raises(editorial_edit.OvertakenError, match="another version"):
            act(board.session, mod.id, board.question_id, OTHER, mark)
    assert editorial_read.published(board.session, board.question_id).text == GOOD


@pytest.mark.parametrize(("due", "late"), [(None, False), (date(2026, 1, 1), True)])
def test_what_is_old_is_overdue(board: Board, mod: Member, due: date | None, late: bool) -> None:
    _publish(board, mod, replace(GOOD, review_due=due))
    found = editorial_read.published(board.session, board.question_id)
    assert found.is_overdue(date(2026, 11, 25)) is late


@pytest.mark.both
def test_what_does_not_apply_is_found_nowhere(board: Board, mod: Member) -> None:
    given = (board.session, mod.id, board.condition_id)
    _publish(board, mod)
    editorial_edit.hide(*given, "treatments")
    editorial_edit.hide(*given, "partner")  # nobody has taken it yet
    assert questions_of(board.session, board.condition_id) == []
    assert search_questions(board.session, None, "stays") == []
    assert "partner" not in not_taken(board.session, board.condition_id)
    with pytest.raises(BadInputError, match="does not apply"):
        take_from_set(board.session, board.condition_id, "partner")
    hidden = [
        slug for slug, _ in editorial_edit.hidden_questions(board.session, board.condition_id)
    ]
    assert hidden == ["partner", "treatments"]
    editorial_edit.show(*given, "treatments")
    assert len(questions_of(board.session, board.condition_id)) == 1
    with pytest.raises(NotFoundError):
        editorial_edit.show(*given, "treatments")
    editorial_edit.take(*given, "sleep")
    acts = [entry.action for entry in audit.recent(board.session)]
    assert acts[0] == "question-take"
    assert {"question-hide", "question-show", "editorial-publish"} <= set(acts)


def _folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / "dystonia").mkdir(exist_ok=True)
        (path / "dystonia" / f"{name}.md").write_text(text, encoding="utf-8")
    return path


def test_importing_twice_changes_nothing(board: Board, tmp_path: Path) -> None:
    folder = _folder(
        tmp_path,
        treatments=write_content(GOOD),
        whose=write_content(replace(GOOD, title="Whose question is this one?")),
    )
    first = import_content(board.session, folder)
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    again = import_content(board.session, folder)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert board.session.scalars(select(Editorial.number)).all() == [1, 1]
    _folder(tmp_path, treatments=write_content(OTHER))
    assert import_content(board.session, folder).changed == 1


def test_what_staff_wrote_stays_unless_they_say_so(
    board: Board, mod: Member, tmp_path: Path
) -> None:
    folder = _folder(tmp_path, treatments=write_content(GOOD), sleep=write_content(GOOD))
    import_content(board.session, folder)
    _publish(board, mod, OTHER)
    editorial_edit.hide(board.session, mod.id, board.condition_id, "sleep")
    assert import_content(board.session, folder).kept == [
        "dystonia/sleep.md",
        "dystonia/treatments.md",
    ]
    assert editorial_read.published(board.session, board.question_id).text == OTHER
    assert import_content(board.session, folder, may_replace=True).changed == 1
    assert editorial_read.published(board.session, board.question_id).text == GOOD


def test_what_ships_leaves_alone_what_the_site_brought_in_itself(
    board: Board, tmp_path: Path
) -> None:
    (tmp_path / "ships").mkdir()
    (tmp_path / "own").mkdir()
    ships = _folder(tmp_path / "ships", treatments=write_content(GOOD))
    own = _folder(tmp_path / "own", treatments=write_content(OTHER))
    import_content(board.session, ships)
    assert import_content(board.session, own, who=SHELL).changed == 1
    assert import_content(board.session, ships).kept == ["dystonia/treatments.md"]
    assert editorial_read.published(board.session, board.question_id).text == OTHER
    third = replace(OTHER, review_due=date(2028, 1, 1))
    _folder(tmp_path / "own", treatments=write_content(third))
    assert import_content(board.session, own, who=SHELL).changed == 1
    assert import_content(board.session, ships, may_replace=True).changed == 1
    assert all(v.is_imported for v in editorial_read.versions(board.session, board.question_id))


@pytest.mark.both
def test_an_import_leaves_a_draft_alone(board: Board, mod: Member, tmp_path: Path) -> None:
    editorial_edit.save_draft(board.session, mod.id, board.question_id, OTHER, "")
    import_content(board.session, _folder(tmp_path, treatments=write_content(GOOD)))
    assert editorial_read.working_copy(board.session, board.question_id)[0] == OTHER
    _publish(board, mod, OTHER)
    found = editorial_read.published(board.session, board.question_id)
    assert (found.text, found.number) == (OTHER, 3)


@pytest.mark.parametrize(
    ("folder", "name", "text", "words"),
    [
        ("no-condition", "treatments", write_content(GOOD), "no condition"),
        ("dystonia", "sleep", "nonsense", "dystonia/sleep.md"),
    ],
)
def test_one_bad_file_is_named(
    board: Board, tmp_path: Path, folder: str, name: str, text: str, words: str
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / f"{name}.md").write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=words):
        import_content(board.session, tmp_path)
    with pytest.raises(BadInputError, match="no answer in this folder"):
        import_content(board.session, tmp_path / "empty")


def test_what_ships_comes_in_and_goes_out_the_same(board: Board, tmp_path: Path) -> None:
    done = import_content(board.session, CONTENT)
    shipped = sorted(CONTENT.glob("*/*.md"))
    assert done.new == len(shipped)
    assert done.treatments > 100
    assert len(names_of(board.session, board.condition_id)) > 5
    assert export_content(board.session, tmp_path) == len(shipped)
    again = import_content(board.session, tmp_path)
    assert (again.new, again.changed, again.same) == (0, 0, len(shipped))
    titles = board.session.scalars(select(Question.title).distinct()).all()
    assert titles == [""]
