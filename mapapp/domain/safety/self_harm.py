"""Whether a text mentions wanting to die or self-harm: ``data/self_harm.toml``.

Nobody is told. The writer is shown helplines, which is right too often rather than too seldom.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mapapp.domain.core.shipped_files import read_shipped
from mapapp.domain.safety.deobfuscation import readings
from mapapp.domain.safety.phrases import Phrases, in_all_languages
from mapapp.domain.safety.spaced_names import SpacedNames
from mapapp.paths import DATA

SELF_HARM_FILE = DATA / "self_harm.toml"


@dataclass(frozen=True)
class SelfHarmWords:
    """The lists of ``self_harm.toml``, ready to search for."""

    phrases: Phrases
    names: SpacedNames
    unless: Phrases


@lru_cache(maxsize=1)
def load_words(path: Path = SELF_HARM_FILE) -> SelfHarmWords:
    """Return the lists that came with the program, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(path, _words)


def _words(lists: dict[str, Any]) -> SelfHarmWords:
    return SelfHarmWords(
        phrases=Phrases({"": in_all_languages(lists["phrases"])}),
        names=SpacedNames(dict.fromkeys(lists["names"], "")),
        unless=Phrases({"": in_all_languages(lists["unless"])}),
    )


def is_about_self_harm(text: str) -> bool:
    """Whether ``text`` mentions wanting to die, suicide or self-harm.

    Raises:
        DataError: if the lists are missing or damaged.
    """
    words = load_words()
    for folded in readings(text):
        left = words.unless.cut_from(folded)
        if words.phrases.lists_in(left) or words.names.kinds_in(left):
            return True
    return False
