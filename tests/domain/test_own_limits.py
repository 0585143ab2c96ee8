"""Each field's refusal names the field's own limit, however much too long the text is."""

from collections.abc import Callable

import pytest

from mapapp.domain.core import free_text
from mapapp.domain.knowledge import post_rules, question_set, treatment_list
from mapapp.domain.safety import case_rules
from mapapp.errors import BadInputError

LIMITS: dict[str, tuple[Callable[[str], object], int]] = {
    "message": (free_text.clean_message, free_text.LONGEST_TEXT),
    "reason or appeal": (case_rules.checked_words, case_rules.LONGEST_WORDS),
    "answer": (post_rules.checked_answer, post_rules.LONGEST_ANSWER),
    "story": (post_rules.checked_story, post_rules.LONGEST_STORY),
    "title": (post_rules.checked_title, post_rules.LONGEST_STORY_TITLE),
    "question": (question_set.checked_title, question_set.LONGEST_QUESTION),
    "treatment": (treatment_list.checked_name, treatment_list.LONGEST_TREATMENT),
}


@pytest.mark.parametrize("over", [1, 4_000, 30_000])
@pytest.mark.parametrize("name", LIMITS)
def test_a_refusal_names_the_limit_of_its_own_field(name: str, over: int) -> None:
    check, most = LIMITS[name]
    words = "Does it help? " * 5_000
    with pytest.raises(BadInputError) as refusal:
        check(words[: most + over - 1].rstrip("? ") + "a" * 5 + "?")
    said = str(refusal.value)
    assert f"{most:,}" in said
    assert {word.strip(".,") for word in said.split()} & {"5,000", "2,000", "20,000"} <= {
        f"{most:,}"
    }
