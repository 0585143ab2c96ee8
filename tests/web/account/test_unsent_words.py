"""A text that was not sent stands under its own name, and says where it goes and who sees it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField
from wtforms.fields.core import UnboundField

from mapapp.domain.core.choices import VISIBILITY_WORDS
from mapapp.domain.knowledge.post_rules import NAME_CHOICES
from mapapp.web.account.unsent_words import LABELS, OTHER_LABELS, WHO_SEES, WRITTEN_ON
from mapapp.web.core.permissions import PERMISSIONS
from mapapp.web.core.written import NAMES
from mapapp.web.knowledge.post_forms import PostForm
from mapapp.web.members.member_forms import PlaceForm
from tests.posts import Board

OTHERS_IN_TEMPLATES = {
    "What should the moderators know?",
    "Your story",
    "Your answer",
    "Propose a treatment",
    "Your question",
}
STORY = "/conditions/dystonia/stories/write"


def _labels() -> Iterator[tuple[str, str]]:
    """Yield name and label of each field that people write into."""
    kinds: list[Any] = [FlaskForm]
    while kinds:
        form = kinds.pop()
        kinds += form.__subclasses__()
        for name in LABELS.keys() & set(dir(form)):
            field = getattr(form, name)
            kind = field.field_class if isinstance(field, UnboundField) else object
            if issubclass(kind, StringField) and not issubclass(kind, EmailField | HiddenField):
                yield name, str(field.args[0])


def test_each_field_is_called_what_its_form_calls_it(app: Flask) -> None:
    with app.test_request_context():
        found = set(_labels())
    said = {*LABELS.items(), *((name, words) for (_act, name), words in OTHER_LABELS.items())}
    assert len(found) > 10
    assert LABELS.keys() == NAMES
    assert found - said == set()
    assert {words for _name, words in said - found} == OTHERS_IN_TEMPLATES


def test_each_page_exists(app: Flask) -> None:
    acts = {*WRITTEN_ON, *(act for act, _name in OTHER_LABELS)}
    assert acts | {page for _words, page in WRITTEN_ON.values()} <= PERMISSIONS.keys()
    assert acts == WRITTEN_ON.keys()


def test_the_choices_are_those_of_the_forms(app: Flask) -> None:
    with app.test_request_context():
        asked = {
            "named_to": (str(PostForm.named_to.args[0]), NAME_CHOICES),
            "visibility": (str(PlaceForm.visibility.args[0]), VISIBILITY_WORDS),
        }
    assert asked == WHO_SEES


@pytest.fixture
def page(app: Flask, board: Board, client: FlaskClient) -> str:
    """A story that was refused."""
    app.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
    board.condition()
    sent = {"title": "A year", "text": "I woke up at four. " * 9, "named_to": "nobody", "role": "x"}
    return client.post(STORY, data={**sent, "csrf_token": "x"}).text


def test_a_story_says_what_it_is_and_where_it_goes(page: str) -> None:
    labels = re.findall(r'<label for="unsent-\d">(.*?)</label>', page)
    assert labels == ["Title", "Your story"]
    link = r'This belongs to: <a href="/conditions/dystonia/stories"[^>]*>Stories about'
    assert re.search(link, page)
    assert "Who sees your pseudonym beside it?</strong> Nobody: readers see only" in page


def test_a_refused_text_can_be_left_fast_and_is_shown_whole(page: str) -> None:
    assert "data-leave" in page
    rows = re.findall(r'<textarea [^>]*class="unsent"[^>]* rows="(\d)"', page)
    assert rows == ["2", "8"]


def test_pages_without_a_text_have_no_such_button(client: FlaskClient) -> None:
    assert "data-leave" not in client.get("/no-such-page").text
