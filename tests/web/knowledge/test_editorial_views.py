"""Pages on which staff look after questions and the editors' answers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from mapapp.actions.knowledge import editorial_edit, editorial_read
from mapapp.domain.knowledge.editorial_rules import (
    MOST_SOURCES,
    EditorialText,
    Source,
    sources_to_lines,
    tidy_line,
)
from mapapp.store.members import Member
from tests.domain.knowledge.test_editorial_file import GOOD
from tests.domain.knowledge.test_markdown import Reader
from tests.forms import form_to
from tests.injections import PAYLOADS
from tests.posts import Board

Login = Callable[..., FlaskClient]
PAGE = "/moderation/content/dystonia"
EDIT = f"{PAGE}/treatments"


@pytest.fixture(autouse=True)
def _asked(board: Board) -> None:
    assert board.question_id


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
        ({"mark": "another"}, "Someone has saved another version"),
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
    assert editorial_read.published(board.session, board.question_id) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "Too short.[^nhs]"}, "body"),
        ({"sources": "nonsense"}, "sources"),
        ({"sources": "nhs | A page | NHS | 2020 | http://a.org"}, "sources"),
        ({"author_role": "editor", "reviewed": "2026-01-01"}, "reviewer"),
        ({"reviewer": "Dr A", "reviewed": "2099-01-01"}, "reviewed"),
        ({"reviewer": "Dr A", "reviewed": "2026-01-02", "review_due": "2026-01-01"}, "review_due"),
    ],
)
def test_it_is_said_beside_the_field(
    board: Board, browser: FlaskClient, changes: dict[str, str], field: str
) -> None:
    page = browser.post(EDIT, data=_sent(browser, **changes, wish="publish"))
    assert page.status_code == 400
    (beside,) = re.findall(
        r'<div id="(\w+)-notes">(?:(?!</div>).)*class="error"', page.text, re.DOTALL
    )
    assert beside == field


def test_whoever_was_overtaken_reads_so_once_and_can_save_then(
    board: Board, browser: FlaskClient
) -> None:
    sent = _sent(browser, wish="draft")
    theirs = board.moderator()
    editorial_edit.publish(board.session, theirs.id, board.question_id, GOOD, "")
    board.session.commit()
    refused = browser.post(EDIT, data={**sent, "body": "Mine."})
    assert "Someone has saved another version" in refused.text
    assert ">\r\nMine.</textarea>" in refused.text
    again = {**sent, **form_to(refused.text, "").fields, "body": "Mine."}
    assert browser.post(EDIT, data=again).status_code == 303
    assert editorial_read.working_copy(board.session, board.question_id)[0].body == "Mine."


def test_a_preview_has_the_sources_and_keeps_nothing(board: Board, browser: FlaskClient) -> None:
    page = browser.post(EDIT, data=_sent(browser, wish="preview")).text
    assert 'id="source-nhs"' in page
    assert "No clinician has reviewed this yet" in page
    assert editorial_read.versions(board.session, board.question_id) == []


def test_versions_show_what_changed(board: Board, browser: FlaskClient, mod: Member) -> None:
    assert "Nothing has been written yet" in browser.get(f"{EDIT}/versions").text
    browser.post(EDIT, data=_sent(browser, wish="publish"))
    browser.post(EDIT, data=_sent(browser, wish="publish", body=GOOD.body + " <b>New</b>."))
    changed = GOOD.body.replace("A short answer", "A longer answer")
    line = sources_to_lines(GOOD.sources).replace("2020", "2021")
    browser.post(EDIT, data=_sent(browser, wish="publish", body=changed, sources=line))
    page = browser.get(f"{EDIT}/versions").text
    assert "<del>short</del><ins>longer</ins>" in page
    assert "year = <del>2020</del><ins>2021</ins>" in page
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


@pytest.mark.both
def test_an_old_answer_says_so(board: Board, browser: FlaskClient, mod: Member) -> None:
    old = GOOD.__class__(
        **{**vars(GOOD), "review_due": editorial_edit.this_day().replace(year=2025)}
    )
    mark = editorial_read.working_copy(board.session, board.question_id)[1]
    editorial_edit.publish(board.session, mod.id, board.question_id, old, mark)
    board.session.commit()
    assert "Overdue for review" in browser.get("/conditions/dystonia/questions/treatments").text


def _written_by(payloads: list[str]) -> EditorialText:
    """Return an answer with a payload in every source and in its reviewer."""
    sources = tuple(
        Source(f"s{n}", tidy_line(text)[:300], tidy_line(text).replace("|", "")[:300])
        for n, text in enumerate(payloads)
    )
    cited = "".join(f"[^{source.id}]" for source in sources)
    reviewer = tidy_line(payloads[0])[:120]
    return replace(GOOD, body=f"{'Words. ' * 40}{cited}", sources=sources, reviewer=reviewer)


def _answers() -> Iterator[tuple[EditorialText, EditorialText]]:
    """Yield answers with every payload, each with one of the same shape that is harmless."""
    usable = [text for text in PAYLOADS if tidy_line(text)]
    for start in range(0, len(usable), MOST_SOURCES):
        some = usable[start : start + MOST_SOURCES]
        yield _written_by(some), _written_by(["words"] * len(some))


def test_nothing_of_a_source_or_a_reviewer_can_run(
    board: Board, browser: FlaskClient, mod: Member
) -> None:
    pages = ("/conditions/dystonia/questions/treatments", EDIT)
    for answers in _answers():
        seen = []
        for text in answers:
            mark = editorial_read.working_copy(board.session, board.question_id)[1]
            editorial_edit.publish(board.session, mod.id, board.question_id, text, mark)
            board.session.commit()
            seen.append(
                [Reader(browser.get(page).text.replace("<!doctype html>", "")) for page in pages]
            )
        for hostile, harmless in zip(*seen, strict=True):
            assert hostile.elements == harmless.elements
            names = [[name for name, _value in one.attributes] for one in (hostile, harmless)]
            assert names[0] == names[1]
            assert "13371337" not in hostile.words
