"""Whether a text speaks of wanting to die or of hurting oneself: ``data/self_harm.toml``.

Nobody is told. The writer is shown helplines, which is right too often rather than too seldom.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mapapp.domain.hidden_names import HiddenNames
from mapapp.domain.phrases import Phrases, in_all_languages
from mapapp.domain.shipped import read_shipped
from mapapp.domain.unmasking import readings
from mapapp.paths import DATA

FILE = DATA / "self_harm.toml"


@dataclass(frozen=True)
class Words:
    """The lists of ``self_harm.toml``, ready to be looked for."""

    phrases: Phrases
    names: HiddenNames
    unless: Phrases


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Return the lists that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_words(FILE)


def read_words(path: Path) -> Words:
    """Return the lists in a file.

    Raises:
        DataError: if it is missing or damaged.
    """
    return read_shipped(path, _words)


def _words(lists: dict[str, Any]) -> Words:
    return Words(
        phrases=Phrases({"": in_all_languages(lists["phrases"])}),
        names=HiddenNames(dict.fromkeys(lists["names"], "")),
        unless=Phrases({"": in_all_languages(lists["unless"])}),
    )


def is_about_self_harm(text: str) -> bool:
    """Whether ``text`` speaks of wanting to die, ending one's life or hurting oneself.

    Raises:
        DataError: if the lists are missing or damaged.
    """
    words = load_words()
    for folded in readings(text):
        left = words.unless.cut_from(folded)
        if words.phrases.lists_in(left) or words.names.kinds_in(left):
            return True
    return False
