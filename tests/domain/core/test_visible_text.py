from collections.abc import Callable

import pytest

from mapapp.actions.operations.staff_acts import ConditionText
from mapapp.domain.core.visible_text import has_heaped_marks, visible_letters, without_invisible
from mapapp.domain.knowledge import post_rules, question_set
from mapapp.domain.knowledge.treatment_list import checked_name
from mapapp.errors import BadInputError

HIDDEN = "\u3164\u115f\uffa0\u2800\u200b\u2060\u00ad\u034f\ufe0f\U000e0101\u200d\u202e"


@pytest.mark.parametrize("text", ["نی‌لبک", "ශ්‍රී", "👩‍🦽", "❤️", "1️⃣", "🏴‍☠️", "Zoë", "李", "क्‍ष"])
def test_what_is_spelling_stays(text: str) -> None:
    assert without_invisible(text) == text


@pytest.mark.parametrize("unseen", list(HIDDEN))
def test_names_that_others_read_lose_what_cannot_be_seen(unseen: str) -> None:
    assert without_invisible(f"Warm{unseen} baths") == "Warm baths"
    assert checked_name(f"Warm{unseen} baths") == "Warm baths"
    question = f"Does it help{unseen} to sleep longer?"
    assert question_set.checked_title(question) == "Does it help to sleep longer?"
    assert post_rules.checked_title(f"My first{unseen} year") == "My first year"
    assert ConditionText(f"Dys{unseen}tonia", "", ()).checked().name == "Dystonia"


def test_a_title_of_nothing_is_none() -> None:
    with pytest.raises(BadInputError):
        question_set.checked_title("\u3164" * 40)
    with pytest.raises(BadInputError):
        checked_name("\u3164" * 10)


@pytest.mark.parametrize(
    "checked",
    [
        checked_name,
        question_set.checked_title,
        post_rules.checked_title,
        lambda text: ConditionText(text, "", ()).checked().name,
        lambda text: ConditionText("Dystonia", "", (text,)).checked().names[0],
    ],
)
def test_marks_are_heaped_in_no_title(checked: Callable[[str], str]) -> None:
    assert checked("Does té\u0323 help with sleep?")
    with pytest.raises(BadInputError, match="Too many marks"):
        checked("Does te" + "\u0301" * 20 + "a help with sleep?")


def test_letters_are_counted_as_they_are_seen() -> None:
    assert [visible_letters(text) for text in ("李", "Z\u0301o", "\u3164", "42", "नीरजा")] == [
        1,
        2,
        0,
        0,
        3,
    ]
    assert has_heaped_marks("a" + "\u0301" * 3)
    assert has_heaped_marks(" \u0301a")
    assert not has_heaped_marks("שָּׁלוֹם")
