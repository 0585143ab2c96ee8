"""Names of treatments, the lists that ship."""

from pathlib import Path

import pytest

from mapapp.domain.conditions.catalogue import load_catalogue
from mapapp.domain.core.folding import fold
from mapapp.domain.knowledge import question_set, treatment_list
from mapapp.domain.knowledge.treatment_list import checked_name, load_names
from mapapp.errors import BadInputError, DataError

SHIPPED = sorted(path.parent.name for path in question_set.CONTENT.glob("*/treatments.toml"))


@pytest.mark.parametrize("slug", SHIPPED)
def test_each_list_is_of_a_condition_and_names_nothing_twice(slug: str) -> None:
    assert slug in {condition.slug for condition in load_catalogue().conditions}
    names = load_names(slug)
    assert 8 <= len(names) <= 15
    assert len({fold(name) for name in names}) == len(names)
    assert [checked_name(name) for name in names] == list(names)


def test_there_are_lists() -> None:
    assert {"dystonia", "me-cfs", "type-1-diabetes"} <= set(SHIPPED)


def test_a_condition_without_a_list_has_none() -> None:
    assert load_names("a-condition-nobody-asked-about") == ()


@pytest.mark.parametrize("text", ["", "names = 3", 'name = ["Tea"]'])
def test_a_damaged_list_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(treatment_list, "CONTENT", tmp_path)
    (tmp_path / "ague").mkdir()
    (tmp_path / "ague" / "treatments.toml").write_text(text, encoding="utf-8")
    load_names.cache_clear()
    with pytest.raises(DataError):
        load_names("ague")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Tea", "Tea"),
        ("  Willow \n bark\ttea ", "Willow bark tea"),
        ("Ｔｅａ", "Tea"),
        ("Chá de casca", "Chá de casca"),
        ("针灸疗法", "针灸疗法"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_name_is_cleaned(typed: str, kept: str) -> None:
    assert checked_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "ab",
        "x" * 81,
        "123 456",
        "\u202e\u202e\u202e",
        "Tea of www.tea.example",
        "Tea from tea.com",
        "write to tea@example.org",
        "Tea, call 0123 456789",
        "Treatment for imbeciles",
    ],
)
def test_what_cannot_be_a_name_is_refused(typed: str) -> None:
    with pytest.raises(BadInputError):
        checked_name(typed)
