"""In a language that nobody speaks, nothing on the site is plain English."""

import re
from pathlib import Path

import pytest
from flask import Flask

from mapapp import paths
from mapapp.actions.mail.mail_text import write_mail
from mapapp.domain.core.translations import language_of
from mapapp.paths import TEMPLATES
from mapapp.web.atlas.map_words import map_words
from tests.languages.conftest import LTR
from tests.languages.known import known_names
from tests.languages.pseudo import pseudo
from tests.languages.reading import plain_english, said_on, strings_in
from tests.languages.walking import STARTS, Walker
from tests.languages.world import Lived
from tests.signed_in import sign_in
from tests.web.core.test_every_route import rules

DATA = known_names()
FOR_PROGRAMS = {
    "geo.names",
    "geo.regions",
    "geo.zones",
    "search_engines.sitemaps",
}
"""Answer with numbers, shapes and addresses alone."""
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
NAMED_TAG = re.compile(r"<(/?)\{\{.*?\}\}")
CLASSES = re.compile(r"\{% block \w*class\w* %\}.*?\{% endblock %\}")
LETTERS = sorted(path.stem for path in (TEMPLATES / "mail").glob("*.txt"))
VALUES = {"link": "https://example.org/x", "code": "123456"}


@pytest.fixture(scope="module")
def walkers(foreign: tuple[Flask, Lived]) -> list[Walker]:
    """Everyone, after they visited every page and sent junk to every URL and form."""
    app, lived = foreign
    found = [Walker(app, app.test_client())]
    for name, member in lived.members.items():
        found.append(Walker(app, app.test_client(), name))
        sign_in(found[-1].client, member.id, member.session_handle)
    for walker in found:  # before anybody changes anything
        walker.walk((*STARTS, *lived.paths))
    for walker in found[:2]:  # a visitor, and a member who is an admin
        walker.refuse()
    for walker in found:
        walker.send_forms()
    return found


def test_nothing_that_is_said_is_plain_english(walkers: list[Walker]) -> None:
    said = {text: where for walker in walkers for text, where in walker.said.items()}
    assert len(said) > 1900
    plain = {text: plain_english(text, DATA) for text in said}
    assert {text: (words, said[text]) for text, words in plain.items() if words} == {}


def test_every_page_was_met(walkers: list[Walker]) -> None:
    app = walkers[0].app
    pages = {rule.endpoint for rule in rules(app) if "GET" in (rule.methods or ())}
    assert pages - {page for walker in walkers for page in walker.met} == FOR_PROGRAMS


def test_the_scripts_of_the_map_are_handed_no_plain_english(
    foreign: tuple[Flask, Lived],
) -> None:
    with foreign[0].test_request_context():
        said = list(strings_in(map_words()))
    assert len(said) > 20
    assert {text for text in said if plain_english(text, DATA)} == set()


def test_no_template_has_words_that_are_not_marked() -> None:
    """Also in the branches that nobody walked through."""
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        page = NAMED_TAG.sub(r"<\1p", path.read_text(encoding="utf-8"))
        page = JINJA.sub("", CLASSES.sub("", page))
        said = [plain_english(text, DATA) for text in said_on(page)]
        found[path.name] = [words for words in said if words]
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("name", LETTERS)
def test_no_mail_is_plain_english(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "TRANSLATIONS", folder)
    letter = write_mail(name, language_of(LTR), **VALUES)
    for text in (letter.subject, *letter.body.splitlines()):
        assert plain_english(text, DATA) == "", text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>Choose a place.</p>", "Choose place"),
        (f"<p>{pseudo('Choose')} a place.</p>", "place"),
        (f'<button title="Choose">{pseudo("Choose")}</button>', "Choose"),
        (f'<a aria-label="{pseudo("Report")} him">x</a>', "him"),
        ('<input type="submit" value="Send">', "Send"),
        ('<meta name="description" content="A map">', "map"),
        ('<textarea>&lt;iframe title="Map" loading="lazy"></textarea>', "Map"),
        ('<script type="application/json">{"report": ["Report"]}</script>', "Report"),
        ("<p>Around near Leeds (south)</p>", "Around near south"),
        ("<script>const plain = 'English';</script><p class='plain'>12</p>", ""),
        (f"<p>{pseudo('At most %(most)s of %(n)s places')}</p>", ""),
        ('<p>Leeds</p><a href="/conditions">https://example.org/conditions</a>', ""),
    ],
)
def test_plain_english_is_found_wherever_it_is_said(page: str, words: str) -> None:
    page = page.replace("%(most)s", "8").replace("%(n)s", "9")
    found = [plain_english(text, DATA) for text in said_on(page)]
    assert " ".join(filter(None, found)) == words
