"""The set of questions that ships, and the states of a question."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mapapp.domain.core.folding import fold
from mapapp.domain.core.shipped_files import read_shipped
from mapapp.domain.core.visible_text import clean_line
from mapapp.errors import N_, BadInputError, Words
from mapapp.paths import DATA

CONTENT = DATA / "content"
QUESTIONS_FILE = CONTENT / "questions.toml"

OPEN = "open"
ASKED = "asked"
"""By a member; a moderator has not looked yet, and nobody else sees it."""
QUESTION_HIDDEN = "hidden"
"""It does not apply to this condition."""

SHORTEST_QUESTION, LONGEST_QUESTION = 15, 160
"""Letters of a question that a member asks."""
LONGEST_QUESTION_SLUG = 80


@dataclass(frozen=True)
class SetQuestion:
    """A question of the set: its key, and its words with ``%(condition)s`` in them."""

    key: str
    words: Words


@lru_cache(maxsize=1)
def load_set(path: Path = QUESTIONS_FILE) -> dict[str, SetQuestion]:
    """Return the set by key, in its order.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(
        path,
        lambda read: {q["key"]: SetQuestion(q["key"], Words(q["words"])) for q in read["question"]},
    )


def checked_title(text: str) -> str:
    """Return a member's question as it is stored.

    Raises:
        BadInputError: when it is too short, too long, or no question.
    """
    tidy = clean_line(text)
    if not SHORTEST_QUESTION <= len(tidy) <= LONGEST_QUESTION:
        raise BadInputError(N_("Write your question in 15 to 160 characters."))
    return tidy


def title_to_slug(title: str) -> str:
    """Return a question's part of an address; '' for words in which there is no Latin letter."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    return words[:LONGEST_QUESTION_SLUG].strip("-")
