"""scripts/languages keeps catalogues in line with the code, and reports what is wrong."""

import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from pydantic import ValidationError

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import languages_catalogues as catalogues
from languages_catalogues import add, compile_all, extract, faults, update

from mapapp.settings import Settings
from tests.catalogues import use_folder
from tests.languages.pseudo import pseudo_catalogue

TEMPLATE = extract()


@pytest.fixture(autouse=True)
def _extracted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "extract", lambda: TEMPLATE)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A catalogue in which everything is translated, and compiled; return its path."""
    add("de", tmp_path)
    path = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    with path.open("wb") as file:
        write_po(file, pseudo_catalogue("de", TEMPLATE))
    update(tmp_path)
    compile_all(tmp_path)
    assert faults(tmp_path) == []
    return path


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_new_language_has_everything_still_to_translate(tmp_path: Path) -> None:
    add("pt_BR", tmp_path)
    found = faults(tmp_path)
    assert sum("not translated" in fault for fault in found) == len(TEMPLATE)
    assert all(fault.startswith("pt_BR: ") for fault in found)
    with pytest.raises(SystemExit, match="there already"):
        add("pt_BR", tmp_path)
    with pytest.raises(SystemExit, match="no language"):
        add("xx_bogus", tmp_path)


def test_a_message_that_the_catalogue_lacks_is_found(whole: Path) -> None:
    text = whole.read_text(encoding="utf-8")
    entry = next(part for part in text.split("\n\n") if 'msgid "Choose what to do."' in part)
    _replace(whole, entry + "\n\n", "")
    compile_all(whole.parents[2])
    assert faults(whole.parents[2]) == ["de: missing: 'Choose what to do.'"]
    update(whole.parents[2])
    compile_all(whole.parents[2])
    assert faults(whole.parents[2]) == ["de: not translated: 'Choose what to do.'"]


@pytest.mark.parametrize(
    ("message", "translation", "fault"),
    [
        ("Choose what to do.", "", "not translated: 'Choose what to do.'"),
        ("Choose what to do.", "<b>!</b>", "other values or HTML than in English: <b>!</b>"),
        ("Choose what to do.", "%(n)s", "other values or HTML than in English: %(n)s"),
        ("%(column)s is empty.", "leer", "other values or HTML than in English: leer"),
        ("%(column)s is empty.", "%(colum)s", "other values or HTML than in English: %(colum)s"),
        ("Nobody asked", "Niemand", "not in the code: 'Nobody asked'"),
    ],
)
def test_what_is_wrong_in_a_translation_is_found(
    whole: Path, message: str, translation: str, fault: str
) -> None:
    with whole.open("rb") as file:
        catalogue = read_po(file, locale="de")
    catalogue.add(message, translation)
    if message in catalogue:
        catalogue[message].string = translation
    with whole.open("wb") as file:
        write_po(file, catalogue)
    compile_all(whole.parents[2])
    assert faults(whole.parents[2]) == [f"de: {fault}"]


def test_what_was_not_compiled_since_is_found(whole: Path) -> None:
    whole.with_suffix(".mo").unlink()
    assert faults(whole.parents[2]) == [
        "de: not compiled since it was changed: scripts/languages compile"
    ]


def test_a_language_that_is_not_whole_cannot_be_offered(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a page would say ``lang="de"`` over English words."""
    use_folder(whole.parents[2], monkeypatch)
    assert Settings(languages="de,en").offered_languages == ("de", "en")
    with whole.open("rb") as file:
        catalogue = read_po(file, locale="de")
    catalogue["Choose what to do."].string = ""
    with whole.open("wb") as file:
        write_po(file, catalogue)
    assert "de: compiled, but not whole: scripts/languages compile" in faults(whole.parents[2])
    compile_all(whole.parents[2])
    with pytest.raises(ValidationError, match="has not been translated into"):
        Settings(languages="de,en")


def test_the_catalogues_that_ship_are_whole() -> None:
    assert faults() == []


def test_a_catalogue_is_read_as_it_was_written(whole: Path) -> None:
    with whole.open("rb") as file:
        assert len(read_po(file)) == len(TEMPLATE)
