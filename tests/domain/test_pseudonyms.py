import random

import pytest

from mapapp.domain.pseudonyms import clean_pseudonym, suggest_pseudonym
from mapapp.errors import BadInputError


def test_suggestions_are_friendly_and_many() -> None:
    source = random.Random(1)
    names = {suggest_pseudonym(source) for _ in range(500)}
    assert len(names) > 300
    assert all(clean_pseudonym(name) == name for name in names)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Quiet   Heron ", "Quiet Heron"),
        ("Zoë", "Zoë"),
        ("静かな川", "静かな川"),
        ("نی‌لبک", "نی‌لبک"),  # a joiner inside a Persian word
        ("Robin 1970", "Robin 1970"),
        ("Ｗｉｌｄ Fox", "Wild Fox"),
        ("🦊 Fox", "🦊 Fox"),
    ],
)
def test_names_of_all_scripts_are_taken(typed: str, kept: str) -> None:
    assert clean_pseudonym(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "x" * 41,
        "robin@example.org",
        "robin＠example",
        "robin (at) example",
        "www.example",
        "https://a.b",
        "find me at foo.com",
        "+49 170 123 45 67",
        "call 0123456789",
        "０１２３４５６７",
        "12 34",
        "…!",
        "a\u202eb",
        "a\u200bb",
        "a\x00b",
    ],
)
def test_names_that_tell_or_hide_something_are_refused(typed: str) -> None:
    with pytest.raises(BadInputError):
        clean_pseudonym(typed)
