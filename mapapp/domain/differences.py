"""What changed between two versions of a text, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
MOST_PIECES = 6_000
"""Beyond this, whole lines are compared: words would take too long."""

_WORDS = re.compile(r"\s+|[^\s]+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """Return ``(kind, text)`` in reading order: what stayed, what is gone, what is new."""
    found: list[tuple[str, str]] = []
    for kind, text in _changes(before, after):
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        elif text:
            found.append((kind, text))
    return found


def _changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    split = _LINES if max(len(before), len(after)) > MOST_PIECES * 6 else _WORDS
    old, new = split.findall(before), split.findall(after)
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if _tag == "equal":
            yield SAME, "".join(old[i1:i2])
        else:
            yield GONE, "".join(old[i1:i2])
            yield NEW, "".join(new[j1:j2])
