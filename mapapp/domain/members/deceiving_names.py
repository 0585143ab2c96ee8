"""Names that claim to be the site, its staff or a professional, or insult: ``data/names.toml``.

What a name looks like is compared, not how it is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mapapp.domain.core.look_alikes import looks_of_words
from mapapp.domain.core.shipped_files import read_shipped
from mapapp.errors import N_, Words
from mapapp.paths import DATA

TITLES_FILE = DATA / "names.toml"
SITE, OF_STAFF, PROFESSION, INSULT = "site", "staff", "profession", "insult"
_OF_STAFF = N_(
    "This sounds like the people who run the site. Please choose a name that cannot be theirs."
)
REFUSALS: dict[str, Words] = {
    SITE: _OF_STAFF,
    OF_STAFF: _OF_STAFF,
    PROFESSION: N_(
        "This sounds like a title or a profession, which nobody checks here. "
        "Please choose a name without it."
    ),
    INSULT: N_("These words hurt people. Please choose other ones."),
}


@dataclass(frozen=True)
class _Titles:
    """The words of one kind by where they count, as they look."""

    whole: frozenset[str]
    begun: tuple[str, ...]
    within: tuple[str, ...]
    last: frozenset[str]
    alone: frozenset[str]

    def are_in(self, words: list[str], joined: str) -> bool:
        """Whether a name of these words, or without its spaces, has one of them."""
        return (
            not self.whole.isdisjoint((*words, joined))
            or any(word.startswith(self.begun) for word in (*words, joined))
            or any(title in joined for title in self.within)
            or (len(words) > 1 and words[-1] in self.last)
            or joined in self.alone
        )


@lru_cache(maxsize=1)
def load_titles(path: Path = TITLES_FILE) -> dict[str, _Titles]:
    """Return the lists that came with the program by kind, read once.

    Raises:
        DataError: if the file is missing or damaged.
    """
    return read_shipped(path, lambda lists: {kind: _titles(lists[kind]) for kind in _KINDS})


def sounds_like(name: str, site_name: str) -> str:
    """Return which kind of title a name has, one of ``REFUSALS``, '' for none."""
    # A capital can look like another letter than its small one: М like M, but м like no Latin one.
    for spelling in (name, name.casefold()):
        words = looks_of_words(spelling)
        joined = "".join(words)
        site = _joined(site_name.casefold())
        if site and site in joined:
            return SITE
        for kind, titles in load_titles().items():
            if titles.are_in(words, joined):
                return kind
    return ""


_KINDS = (OF_STAFF, PROFESSION, INSULT)
_PLACES = frozenset({"last", "alone"})
"""Where a word counts only: at the end of a name, or as the whole of it."""


def _joined(text: str) -> str:
    return "".join(looks_of_words(text))


def _titles(lists: dict[str, Any]) -> _Titles:
    words = [word for tag, found in lists.items() if tag not in _PLACES for word in found]
    return _Titles(
        whole=frozenset(_looks(word for word in words if "*" not in word)),
        begun=tuple(_looks(w for w in words if w.endswith("*") and not w.startswith("*"))),
        within=tuple(_looks(word for word in words if word.startswith("*"))),
        last=_in_place(lists, "last"),
        alone=_in_place(lists, "alone"),
    )


def _in_place(lists: dict[str, Any], place: str) -> frozenset[str]:
    return frozenset(_looks(word for found in lists.get(place, {}).values() for word in found))


def _looks(words: Iterable[str]) -> list[str]:
    return [_joined(word.strip("*").casefold()) for word in words]
