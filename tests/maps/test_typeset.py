"""Pages for printing: one page whatever they are given, and nothing in them is markup."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mapapp.maps.typeset import typeset

TOP = Path(__file__).parents[2]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4"><path d="M0 0h9v4z"/></svg>'
LONG = "Neurodevelopmental disorder with progressive microcephaly, spasticity and anomalies " * 4
WORD = "acetylgalactosaminyltransferase" * 5
WORDS = {
    "title": "Poster",
    "name": "Dystonia",
    "people": "659 people in 74 countries",
    "note": "That is who has joined, not how many people have it.",
    "site": "A map",
    "demo": "",
    "address": "map.example.org/conditions/dystonia",
    "code_words": "A code",
    "map_words": "A map",
    "call": "You are not the only one.",
    "offer": "Look.",
    "safe": "Safe.",
    "way": "Go to:",
    "day": "Today.",
}
VALUES = {"lang": "en", "dir": "ltr", "map": SVG, "code": SVG} | WORDS
PNG_SIZE = b"\0\0\x04\xb0\0\0\x02\x76"  # 1200 and 630, as the head of a PNG says it


def _set(page: str, /, **changed: str) -> bytes:
    return typeset(page, VALUES | changed, "pdf" if page == "poster" else "png")


def _pages(pdf: bytes) -> list[bytes]:
    return re.findall(rb"/MediaBox ?\[([^\]]*)\]", pdf)


def test_a_card_has_the_size_that_cards_have() -> None:
    picture = _set("card")
    assert picture.startswith(b"\x89PNG")
    assert picture[16:24] == PNG_SIZE


def test_a_poster_is_one_sheet_of_a4() -> None:
    pdf = _set("poster")
    (box,) = _pages(pdf)
    assert [round(float(side)) for side in box.split()] == [0, 0, 595, 842]


@pytest.mark.parametrize("page", ["card", "poster"])
@pytest.mark.parametrize(
    "changed",
    [
        dict.fromkeys(WORDS, LONG),
        dict.fromkeys(WORDS, WORD),
        dict.fromkeys(WORDS, ""),
        {"lang": "ar", "dir": "rtl", "name": "خلل التوتر العضلي", "site": "خريطة الحالات"},
    ],
    ids=["long", "one word", "empty", "from right to left"],
)
def test_whatever_is_said_fits_on_one_page(page: str, changed: dict[str, Any]) -> None:
    made = _set(page, **changed)
    assert len(_pages(made)) == 1 if page == "poster" else made[16:24] == PNG_SIZE


@pytest.mark.parametrize("page", ["card", "poster"])
def test_text_is_never_markup(page: str) -> None:
    """If it were, the two would be different errors or the same words."""
    evil = '#panic("ran") $x$ *bold* @label \\ ] }'
    assert _set(page, name=evil) != _set(page, name="")
    assert _set(page, name="#{1+1}") != _set(page, name="2")
    assert _set(page, name="*bold*") != _set(page, name="#strong[bold]")


@pytest.mark.parametrize("page", ["card", "poster"])
def test_the_same_words_give_the_same_bytes_in_another_process(page: str) -> None:
    """Otherwise an answer would differ by the process that made it (privacy rule 4)."""
    code = (
        "import sys; from tests.maps.test_typeset import _set; "
        f"sys.stdout.buffer.write(_set({page!r}))"
    )
    other = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, check=True)
    assert other.stdout == _set(page)
    assert _set(page, name="Gout") != _set(page)


def test_letters_of_another_script_are_drawn_with_its_font() -> None:
    """A letter without a font is a box, and all boxes look alike."""
    assert _set("card", name="خ") != _set("card", name="ب")
    assert _set("card", name="α") != _set("card", name="β")
