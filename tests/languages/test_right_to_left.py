"""In a right-to-left language, nothing is aligned to the left."""

import re

import pytest
from flask import Flask

from mapapp.paths import STATIC, TEMPLATES
from tests.languages.conftest import RTL
from tests.languages.known import known_names
from tests.languages.reading import plain_english
from tests.languages.walking import STARTS, Walker
from tests.languages.world import Lived
from tests.signed_in import sign_in

DATA = known_names()
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)"
    r"|(?:left|right)\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r"|to (?:left|right)\b)"
)
FOUR = re.compile(r"(?:margin|padding|inset|border-width)\s*:\s*(\S+) (\S+) (\S+) ([^\s;]+);")
ON_PURPOSE = {
    "map-drawing.css: left: 0; /* its middle is on the point, in every writing direction */",
    "map-controls.css: left: 0; /* moved in pixels from the left, in every writing direction */",
    "pages.css: border-width: 0 0 3px 3px; /* a tick is the same in every writing direction */",
}
"""What scripts move over the map, which has its west on the left everywhere, and a tick."""


def _physical(css: str) -> list[str]:
    """Return the lines of a style sheet that say left or right."""
    lines = [line.strip() for line in css.splitlines()]
    uneven = [line for line in lines for found in FOUR.findall(line) if found[1] != found[3]]
    return [line for line in lines if PHYSICAL.search(line)] + uneven


@pytest.fixture(scope="module")
def walkers(foreign: tuple[Flask, Lived]) -> list[Walker]:
    """A visitor and a member who is an admin, who met each kind of page once."""
    app, lived = foreign
    found = [Walker(app, app.test_client(), language=RTL)]
    found.append(Walker(app, app.test_client(), "robin", language=RTL))
    robin = lived.members["robin"]
    sign_in(found[-1].client, robin.id, robin.session_handle)
    for walker in found:
        walker.walk((*STARTS, *lived.paths), each=1)
    return found


def test_every_page_says_in_which_direction_it_is_read(walkers: list[Walker]) -> None:
    pages = {path: page for walker in walkers for path, page in walker.pages.items()}
    assert len(pages) > 60
    wrong = [path for path, page in pages.items() if f'<html lang="{RTL}" dir="rtl"' not in page]
    assert wrong == []


def test_nothing_is_kept_from_another_language(walkers: list[Walker]) -> None:
    said = {text: where for walker in walkers for text, where in walker.said.items()}
    plain = {text: plain_english(text, DATA) for text in said}
    assert {text: (words, said[text]) for text, words in plain.items() if words} == {}
    accented = re.compile("[ÀÅÇÐÉÎÑÖÞÛŴåçðéîñöþûŵ]{3}")
    assert {text: said[text] for text in said if accented.search(text)} == {}


def test_styles_know_start_and_end_not_left_and_right() -> None:
    sheets = sorted((STATIC / "css").glob("*.css"))
    assert len(sheets) > 10
    found = {
        f"{path.name}: {line}"
        for path in sheets
        for line in _physical(path.read_text(encoding="utf-8"))
    }
    assert found == ON_PURPOSE


def test_templates_have_no_styles_of_their_own() -> None:
    paths = sorted(TEMPLATES.rglob("*.html"))
    assert len(paths) > 80
    assert [path for path in paths if " style=" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "line",
    [
        "margin-left: 1rem;",
        "text-align: right;",
        "float: left;",
        "right: 0;",
        "border-top-left-radius: 4px;",
        "padding: 0 1rem 0 2rem;",
        "background: linear-gradient(to right, red, blue);",
    ],
)
def test_left_and_right_are_found(line: str) -> None:
    assert _physical(f".x {{\n  {line}\n}}")


@pytest.mark.parametrize(
    "line", ["margin-inline-start: 1rem;", "text-align: start;", "padding: 0 1rem 2rem 1rem;"]
)
def test_start_and_end_are_no_fault(line: str) -> None:
    assert _physical(f".x {{\n  {line}\n}}") == []
