"""Pages on which staff look after questions and the editors' answers."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mapapp.actions import editing, editorial
from mapapp.domain.editorial import sources_to_lines
from mapapp.store.members import Member
from tests.domain.test_content_files import GOOD
from tests.posts import Board
from tests.trust import form_to

Login = Callable[..., FlaskClient]
PAGE = "/moderation/content/dystonia"
EDIT = f"{PAGE}/treatments"


@pytest.fixture
def board(session, settings) -> Board:
    made = Board(session, settings)
    assert made.question_id
    return made


@pytest.fixture
def browser(board: Board, mod: Member, login: Login) -> FlaskClient:
    return login(mod)


def _sent(browser: FlaskClient, **changes: str) -> dict[str, str]:
    fields = form_to(browser.get(EDIT).text, "").fields
    given = {"body": GOOD.body, "sources": sources_to_lines(GOOD.sources), "author_role": "editor"}
    return {**fields, **given, "reviewed": "", "review_due": "2027-11-25", **changes}


def test_from_the_queue_to_a_published_answer(board: Board, browser: FlaskClient) -> None:
    assert "/moderation/content" in browser.get("/moderation").text
    assert PAGE in browser.get("/moderation/content?q=dystonia").text
    assert EDIT in browser.get(PAGE).text
    looked = browser.post(EDIT, data=_sent(browser, wish="preview"))
    assert looked.status_code == 200
    assert "As readers would see it" in looked.text
    assert browser.post(EDIT, data=_sent(browser, wish="draft")).location == EDIT
    made = browser.post(EDIT, data=_sent(browser, wish="publish"))
    assert made.location == "/conditions/dystonia/questions/treatments"
    page = browser.get(made.location).text
    assert "A short answer." in page
    assert "November 25, 2027" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": "Too short.[^nhs]"}, "200 to 20,000"),
        ({"sources": "nonsense"}, "Line 1"),
        ({"body": GOOD.body + "\n\n## Bare\nNothing."}, "names no source"),
        ({"mark": "another"}, "Somebody saved another version"),
        ({"review_due": "soon"}, "Not a valid date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    board: Board, browser: FlaskClient, changes: dict[str, str], words: str
) -> None:
    sent = _sent(browser, **{"body": GOOD.body + " Typed.", **changes, "wish": "publish"})
    page = browser.post(EDIT, data=sent)
    assert page.status_code == 400
    assert words in page.text
    assert sent["body"].splitlines()[0] in page.text
    assert editorial.published(board.session, board.question_id) is None


def test_versions_show_what_changed(board: Board, browser: FlaskClient, mod: Member) -> None:
    assert "Nothing has been written yet" in browser.get(f"{EDIT}/versions").text
    browser.post(EDIT, data=_sent(browser, wish="publish"))
    browser.post(EDIT, data=_sent(browser, wish="publish", body=GOOD.body + " <b>New</b>."))
    changed = GOOD.body.replace("A short answer", "A longer answer")
    browser.post(EDIT, data=_sent(browser, wish="publish", body=changed))
    page = browser.get(f"{EDIT}/versions").text
    assert "<del>short</del><ins>longer</ins>" in page
    assert page.count("<h2") == 2  # the one with HTML was refused
    assert "Mod" in page


def test_questions_are_taken_hidden_and_shown(board: Board, browser: FlaskClient) -> None:
    assert browser.post(f"{PAGE}/sleep/take").location == PAGE
    assert browser.post(f"{PAGE}/partner/hide").location == PAGE
    page = browser.get(PAGE).text
    assert f"{PAGE}/sleep/hide" in page
    assert f"{PAGE}/partner/show" in page
    public = browser.get("/conditions/dystonia/questions").text
    assert "living with a partner" not in public
    assert browser.get("/conditions/dystonia/questions/partner").status_code == 404
    browser.post(f"{PAGE}/partner/show")
    assert browser.get("/conditions/dystonia/questions/partner").status_code == 200
    assert browser.post(f"{PAGE}/no-such/hide").status_code == 404


def test_an_old_answer_says_so(board: Board, browser: FlaskClient, mod: Member) -> None:
    old = GOOD.__class__(**{**vars(GOOD), "review_due": editing.today().replace(year=2025)})
    mark = editorial.working_copy(board.session, board.question_id)[1]
    editing.publish(board.session, mod.id, board.question_id, old, mark)
    board.session.commit()
    assert "Overdue for review" in browser.get("/conditions/dystonia/questions/treatments").text
