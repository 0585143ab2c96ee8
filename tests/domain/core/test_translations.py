"""Messages keep their values separate, and are shown in any language that the site has."""

import copy
from pathlib import Path

import pytest

from mapapp.domain.core.translations import ENGLISH, first_spoken, language_of
from mapapp.errors import N_, NO_WORDS, BadInputError, LimitError, Nn_
from tests.catalogues import make_language, use_folder

MOST = N_("At most %(most)s places.")
ROWS = Nn_("%(n)s bad row.", "%(n)s bad rows.")
NOBODY = N_("nobody")


@pytest.fixture(autouse=True)
def _german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_folder(tmp_path, monkeypatch)
    words = {
        "At most %(most)s places.": "Höchstens %(most)s Orte.",
        ("%(n)s bad row.", "%(n)s bad rows."): (
            "%(n)s schlechte Zeile.",
            "%(n)s schlechte Zeilen.",
        ),
        "nobody": "niemand",
        "%(file)s: %(reason)s": "%(file)s – %(reason)s",
    }
    make_language("de", words, tmp_path)


def test_an_error_is_english_with_its_values_put_in() -> None:
    error = BadInputError(MOST, most=12_000)
    assert str(error) == "At most 12,000 places."
    assert error.message == "At most %(most)s places."
    assert error.values == {"most": 12_000}


def test_an_error_without_values_may_hold_a_percent_sign() -> None:
    error = BadInputError(N_("Between 0 % and 100 %."))
    assert str(error) == "Between 0 % and 100 %."
    assert language_of("de").explain(error) == "Between 0 % and 100 %."


@pytest.mark.parametrize(
    ("n", "english", "german"),
    [
        (0, "0 bad rows.", "0 schlechte Zeilen."),
        (1, "1 bad row.", "1 schlechte Zeile."),
        (5_000, "5,000 bad rows.", "5.000 schlechte Zeilen."),
    ],
)
def test_the_number_decides_the_form(n: int, english: str, german: str) -> None:
    error = LimitError(ROWS, n=n)
    assert str(error) == english
    assert ENGLISH.explain(error) == english
    assert language_of("de").explain(error) == german


def test_values_that_are_words_or_errors_are_translated_too() -> None:
    inner = BadInputError(MOST, most=3)
    outer = BadInputError(N_("%(file)s: %(reason)s"), file="a.md", reason=inner)
    assert str(outer) == "a.md: At most 3 places."
    assert language_of("de").explain(outer) == "a.md – Höchstens 3 Orte."
    assert (
        language_of("de").say(N_("%(file)s: %(reason)s"), file="x", reason=NOBODY) == "x – niemand"
    )


def test_no_words_are_none_in_any_language() -> None:
    assert not NO_WORDS
    assert language_of("de").say(NO_WORDS) == ""


def test_a_language_without_words_speaks_english() -> None:
    assert language_of("fr").say(NOBODY) == "nobody"
    assert language_of("fr").explain(BadInputError(MOST, most=1_000)) != "At most 1,000 places."
    assert language_of("de_AT").say(NOBODY) == "niemand"


@pytest.mark.parametrize(
    ("spoken", "offered", "chosen"),
    [
        (["de"], ["en", "de"], "de"),
        (["fr", "de", "en"], ["en", "de"], "en"),
        (["de"], ["en", "de_AT", "de"], "de_AT"),
        (["fr"], ["de", "en"], "de"),
        ([], ["en", "de"], "en"),
    ],
)
def test_the_first_language_of_the_site_that_is_spoken_is_chosen(
    spoken: list[str], offered: list[str], chosen: str
) -> None:
    assert str(first_spoken(offered, spoken).locale) == chosen


def test_a_copy_of_a_plural_knows_both_forms() -> None:
    copied = copy.deepcopy(ROWS)
    assert (copied, copied.many) == (ROWS, ROWS.many)
