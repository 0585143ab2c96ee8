"""The set of questions that ships, and the states of a question."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mapapp.domain.folding import fold
from mapapp.domain.messages import clean_text
from mapapp.domain.shipped import read_shipped
from mapapp.errors import BadInputError
from mapapp.paths import DATA

CONTENT = DATA / "content"
FILE = CONTENT / "questions.toml"

OPEN = "open"
ASKED = "asked"
"""By a member; a moderator has not looked yet, and nobody else sees it."""
HIDDEN = "hidden"
"""It does not apply to this condition."""

SHORTEST_TITLE, LONGEST_TITLE = 15, 160
"""Letters of a question that a member asks."""
LONGEST_SLUG = 80


@dataclass(frozen=True)
class SetQuestion:
    """A question of the set: its key, and its words with ``%(condition)s`` in them."""

    key: str
    words: str


@lru_cache(maxsize=1)
def load_set() -> dict[str, SetQuestion]:
    """Return the set by key, in its order.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_set(FILE)


def read_set(path: Path) -> dict[str, SetQuestion]:
    """Return the set in a file.

    Raises:
        DataError: if it is missing or damaged.
    """
    return read_shipped(path, _as_set)


def _as_set(rows: dict[str, Any]) -> dict[str, SetQuestion]:
    return {row["key"]: SetQuestion(row["key"], row["words"]) for row in rows["question"]}


def checked_title(text: str) -> str:
    """Return a member's question as it is stored.

    Raises:
        BadInputError: when it is too short, too long, or no question.
    """
    tidy = " ".join(clean_text(text).split())
    if not SHORTEST_TITLE <= len(tidy) <= LONGEST_TITLE:
        raise BadInputError("Write your question in 15 to 160 letters.")
    return tidy


def title_to_slug(title: str) -> str:
    """Return a question's part of an address; '' for words in which there is no Latin letter."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    return words[:LONGEST_SLUG].strip("-")
