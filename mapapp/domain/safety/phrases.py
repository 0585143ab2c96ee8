"""Lists of phrases, and which of them a folded text has.

A phrase is some words. ``*`` at the end of a word stands for any ending; a ``~`` between words for
up to three further words. Phrases in Chinese and Japanese, which write no spaces, are found
anywhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mapapp.domain.core.folding import fold

GAP = "~"
LONGEST_GAP = 3

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HOLE = "\N{SYMBOL FOR NULL}"
"""Put where words were cut out: no list has it, so nothing matches across the gap."""


@dataclass(slots=True)
class _Step:
    """A position inside phrases that start alike, and how they can continue."""

    words: dict[str, "_Step"] = field(default_factory=dict)
    beginnings: dict[str, "_Step"] = field(default_factory=dict)
    gap: "_Step | None" = None
    ends: tuple[str, ...] = ()
    """The lists that have a phrase ending here."""

    def then(self, word: str) -> "_Step":
        """Return the step after ``word``, which is made if no phrase had it before."""
        if word == GAP:
            self.gap = self.gap or _Step()
            return self.gap
        ways = self.beginnings if word.endswith("*") else self.words
        return ways.setdefault(word.removesuffix("*"), _Step())


def _parts(phrase: str) -> list[str]:
    """Return the words of ``phrase``, folded, with their marks."""
    words: list[str] = []
    for word in phrase.split():
        words += [GAP] if word == GAP else fold(word).split()
        if word.endswith("*"):
            words[-1] += "*"
    return words


def _further(step: _Step, word: str) -> Iterator[_Step]:
    """Yield the steps that ``word`` leads to from inside a phrase."""
    if word in step.words:
        yield step.words[word]
    for beginning, further in step.beginnings.items():
        if word.startswith(beginning):
            yield further


def _ends(step: _Step, words: Sequence[str], at: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield list and places of every phrase that continues from ``step`` with the word ``at``."""
    yield from ((ending, ()) for ending in step.ends)
    if at < len(words):
        for further in _further(step, words[at]):
            yield from ((ending, (at, *rest)) for ending, rest in _ends(further, words, at + 1))
    if step.gap:
        for skipped in range(LONGEST_GAP + 1):
            yield from _ends(step.gap, words, at + skipped)


def in_all_languages(lists: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the words of every language. People write to each other in any of them.

    Raises:
        TypeError: if a list is not a list of texts.
    """
    for words in lists.values():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise TypeError("not a list of words")
        yield from words


class Phrases:
    """Lists of phrases, joined where phrases start alike: a text is read once, not once per list.

    Args:
        lists: by name of the list, its phrases.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._inside: list[tuple[str, str]] = []
        self._start = _Step()
        for name, phrases in lists.items():
            for phrase in phrases:
                self._add(phrase, name)
        self._lengths = sorted({len(beginning) for beginning in self._start.beginnings})

    def _add(self, phrase: str, name: str) -> None:
        if _UNSPACED.search(phrase):
            self._inside.append((fold(phrase).replace(" ", ""), name))
            return
        step = self._start
        for word in _parts(phrase):
            step = step.then(word)
        if name not in step.ends:
            step.ends += (name,)

    def found(self, words: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield every phrase that ``words`` have: the name of its list, the places of its words."""
        whole, beginnings, lengths = self._start.words, self._start.beginnings, self._lengths
        for at, word in enumerate(words):
            steps = [whole[word]] if word in whole else []
            for length in lengths:
                if length > len(word):
                    break
                if word[:length] in beginnings:
                    steps.append(beginnings[word[:length]])
            for step in steps:
                yield from ((end, (at, *rest)) for end, rest in _ends(step, words, at + 1))

    def lists_in(self, folded: str) -> set[str]:
        """Return the names of the lists that have a phrase in the folded text."""
        names = {name for name, _ in self.found(folded.split(" "))}
        if self._inside and _UNSPACED.search(folded):
            joined = folded.replace(" ", "")
            names.update(name for phrase, name in self._inside if phrase in joined)
        return names

    def cut_from(self, folded: str) -> str:
        """Return the folded text with a gap in place of every word of a phrase."""
        words = folded.split(" ")
        for place in {place for _, places in self.found(words) for place in places}:
            words[place] = _HOLE
        left = " ".join(words)
        for phrase, _ in self._inside:
            left = left.replace(phrase, _HOLE)
        return left
