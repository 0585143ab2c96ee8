"""The longest text that each form promises to take arrives, in whatever script it is written."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mapapp.domain.core.free_text import LONGEST_TEXT
from mapapp.domain.knowledge.post_rules import LONGEST_ANSWER, LONGEST_STORY
from mapapp.domain.safety.case_rules import LONGEST_WORDS
from mapapp.store.posts import Post
from mapapp.web.core.serving import SHORT_FORM
from mapapp.web.operations.form_sizes import LARGEST_FORM, SIZES
from tests.forms import form_to, forms, texts_shown
from tests.posts import Board
from tests.signed_in import enter
from tests.web.core.test_every_route import address, rules

WORST = "".join(map(chr, range(0x1F300, 0x1F600)))
"""Pictures; each has four bytes, which a form sends as twelve."""
CHINESE = "".join(map(chr, range(0x4E00, 0x9FA0)))
SCRIPTS = ("pictures", "Chinese", "Russian")
STORY, ANSWER = {"title": 100, "text": LONGEST_STORY}, {"text": LONGEST_ANSWER}
LONGEST: dict[str, dict[str, int]] = {
    "stories.write_story": STORY,
    "posts.change": STORY,
    "questions.write_answer": ANSWER,
    "questions.ask_question": {"question": 160},
    "conversations.write_message": {"text": LONGEST_TEXT},
    "rulings.appeal": {"words": LONGEST_WORDS},
    "moderation.decide": {"reason": LONGEST_WORDS},
    "moderation.close": {"reason": LONGEST_WORDS},
    "admin.add_condition": {"name": 200, "names": 50 * 200, "about": 2_000, "reason": 300},
    "admin.edit_condition": {"name": 200, "names": 50 * 200, "about": 2_000, "reason": 300},
    "editorial.edit": {"body": 20_000, "sources": 40 * (300 + 300 + 300 + 60), "reviewer": 120},
}
"""Of each form with a long field, what all of its fields take together."""
STORY_PAGE = "/conditions/dystonia/stories/write"


def _long(length: int, letters: str = WORST) -> str:
    return (letters * (length // len(letters) + 1))[:length]


def _blank(browser: FlaskClient) -> dict[str, str]:
    page = browser.get(STORY_PAGE).text
    return next(form.fields for form in forms(page) if "key" in form.fields)


def test_every_page_with_a_size_is_tried(app: Flask) -> None:
    known = {rule.endpoint for rule in rules(app)}
    assert set(LONGEST) <= known
    assert set(SIZES) - {"written.keep"} <= set(LONGEST)
    assert max(SIZES.values()) == LARGEST_FORM


@pytest.mark.parametrize("endpoint", sorted(LONGEST))
def test_the_longest_text_comes_back_from_a_form_that_is_too_old(
    guarded: Flask, signed_in: FlaskClient, endpoint: str
) -> None:
    (rule,) = [rule for rule in rules(guarded) if rule.endpoint == endpoint]
    sent = {name: f"{_long(most // 2 - 1)} {_long(most - most // 2)}"
            for name, most in LONGEST[endpoint].items()}  # fmt: skip
    answer = signed_in.post(address(rule, "dystonia"), data={**sent, "csrf_token": "old"})
    assert answer.status_code == 400
    assert texts_shown(answer.text) == sent


def test_the_longest_story_is_kept(board: Board, login: Callable[..., FlaskClient]) -> None:
    browser = login(board.somebody(pseudonym="Wren"))
    sent = {**_blank(browser), "title": _long(100)}
    sent |= {"text": _long(LONGEST_STORY), "role": "self", "named_to": "nobody", "adult": "y"}
    assert browser.post(STORY_PAGE, data=sent).status_code == 303
    assert board.session.scalars(select(Post.text)).one() == sent["text"]


@pytest.mark.parametrize("letters", [WORST, CHINESE, "Привет, как дела? "], ids=SCRIPTS)
def test_a_text_that_is_too_long_comes_back(
    board: Board, login: Callable[..., FlaskClient], letters: str
) -> None:
    browser = login(board.somebody(pseudonym="Wren"))
    sent = {**_blank(browser), "title": "My first year"}
    sent |= {"text": _long(LONGEST_STORY + 200, letters), "role": "self", "named_to": "nobody"}
    answer = browser.post(STORY_PAGE, data={**sent, "adult": "y"})
    assert answer.status_code == 400
    assert "A story has 200 to 20,000 characters." in answer.text
    assert sent["text"] in answer.text


@pytest.mark.parametrize("letters", [WORST, CHINESE], ids=SCRIPTS[:2])
def test_the_longest_story_is_taken_along_through_signing_in(
    guarded: Flask, board: Board, login: Callable[..., FlaskClient], letters: str
) -> None:
    wren = board.somebody(pseudonym="Wren")
    browser = login(wren)
    sent = {**_blank(browser), "title": "My first year"}
    sent["text"] = _long(LONGEST_STORY, letters)
    browser.delete_cookie("session")
    refused = browser.post(STORY_PAGE, data=sent)
    assert browser.post("/unsent", data=form_to(refused.text, "/unsent").fields).status_code == 303
    enter(guarded, browser, wren.id)
    page = browser.get("/unsent").text
    assert texts_shown(page)["text"] == sent["text"]


def test_no_page_reads_a_longer_form(app: Flask, session: Session, client: FlaskClient) -> None:
    for rule in rules(app):
        if "POST" in (rule.methods or ()):
            too_long = {"text": "a" * SIZES.get(rule.endpoint, SHORT_FORM)}
            answer = client.post(address(rule, "dystonia"), data=too_long)
            assert answer.status_code == 413, rule.rule
            assert "too large" in answer.text
