"""What changed between two versions of a text: by lines, and by words where a line changed."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

UNCHANGED, GONE, NEW = "same", "gone", "new"
MOST_PAIRS = 50_000
"""Pairs of equal pieces to choose from. With more of them a text has no shape to go by, choosing
takes minutes, and it is told as replaced."""

_WORDS = re.compile(r"\s+|\S+")
_LINES = re.compile(r"\n+|[^\n]+")


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """Return ``(kind, text)`` in reading order: what stayed, what is gone, what is new."""
    found: list[tuple[str, str]] = []
    for kind, text in _by_lines(before, after):
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        elif text:
            found.append((kind, text))
    return found


def _by_lines(before: str, after: str) -> Iterator[tuple[str, str]]:
    for old, new in _blocks(_LINES.findall(before), _LINES.findall(after)):
        if old == new:
            yield UNCHANGED, old
        else:
            yield from _by_words(old, new)


def _by_words(before: str, after: str) -> Iterator[tuple[str, str]]:
    for old, new in _blocks(_WORDS.findall(before), _WORDS.findall(after)):
        if old == new:
            yield UNCHANGED, old
        else:
            yield GONE, old
            yield NEW, new


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands for what, in order; the two are equal where nothing changed."""
    if _pairs(old, new) > MOST_PAIRS:
        yield "".join(old), "".join(new)
        return
    # Spaces and empty lines are everywhere and say nothing about what belongs together.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield "".join(old[i1:i2]), "".join(new[j1:j2])


def _pairs(old: list[str], new: list[str]) -> int:
    counts = Counter(piece for piece in new if not piece.isspace())
    return sum(counts[piece] for piece in old)
