"""What stands beside a decision is what the handbook says."""

import re

import pytest

from mapapp.domain.safety.case_rules import (
    CATEGORIES,
    HELD_CATEGORY,
    KINDS,
    MESSAGE,
    MUCH_READ,
    OUR_CATEGORIES,
    STORY,
)
from mapapp.domain.safety.handbook import HANDBOOK, OF_POSTS, paragraph_for
from mapapp.paths import PACKAGE

DOC = (PACKAGE.parent / "docs" / "moderation.md").read_text("utf-8")
KNOWN = CATEGORIES | OUR_CATEGORIES


def _under(heading: str) -> str:
    """Return the text below a heading of the handbook, on one line."""
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##)", DOC, re.MULTILINE | re.DOTALL)
    assert found, heading
    return " ".join(found[1].split())


@pytest.mark.parametrize("category", KNOWN)
def test_each_category_has_the_paragraph_of_the_handbook(category: str) -> None:
    assert _under(str(KNOWN[category].words)) == str(HANDBOOK[category])


def test_texts_that_wait_have_theirs() -> None:
    assert _under("Answers, stories and questions") == str(OF_POSTS)
    assert paragraph_for(STORY, HELD_CATEGORY) == OF_POSTS
    assert paragraph_for(MESSAGE, HELD_CATEGORY) == HANDBOOK[HELD_CATEGORY]


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_has_one(kind: str) -> None:
    assert all(paragraph_for(kind, category) for category in KNOWN)
    assert MUCH_READ in HANDBOOK
