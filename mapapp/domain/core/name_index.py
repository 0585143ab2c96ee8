"""One index for many names of many things: exact, by beginning, by words, and with slips.

All folded names lie in one sorted block of bytes; a beginning is a binary search in it. Arrays
beside it say whose name an entry is and how much that owner matters. Read-only once built.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.core.folding import fold, folded_query, query_words
from mapapp.domain.core.fuzzy import allowed_slips, cut, nearest, signatures, slips_to
from mapapp.domain.core.word_index import WordIndex

Ints = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float32]

# What a kind of match is worth beside an owner's weight, which runs from 0 to about 4.
PREFIX_COST, WORDS, FUZZY, SLIP, MISSED_WORD, FULL_COVER = 2.0, 1.5, 1.5, 0.7, 1.5, 0.5
ENOUGH = 3
"""With this many proper matches nobody's spelling is doubted."""


@dataclass(frozen=True)
class Match:
    """One owner that was found.

    Attributes:
        owner: the number the index was built with.
        label: which of the names matched, a number that the builder chose.
        score: larger is better; comparable between indexes with the same weights.
        is_guess: whether no name of the owner has what was typed, and only similar words.
    """

    owner: int
    label: int
    score: float
    is_guess: bool = False


class Entries(NamedTuple):
    """Names with their owners.

    Attributes:
        keys: folded names as UTF-8, ascending, each ended by a newline.
        owners: int32, shape (n,): whose name an entry is.
        labels: int32, shape (n,): handed back with a match.
        weights: float32, shape (n,): how much an entry matters.
    """

    keys: bytes
    owners: Ints
    labels: Ints
    weights: Floats


class NameIndex:
    """Names in sorted order with their owners.

    Args:
        entries: the names.
        exact: what an exact match is worth.
        folding: how a query is folded; the keys must have been folded the same way.
    """

    def __init__(
        self, entries: Entries, *, exact: float = 6.0, folding: Callable[[str], str] = fold
    ) -> None:
        self._keys = keys = entries.keys
        self._text = np.frombuffer(keys, dtype=np.uint8)
        self._ends = np.flatnonzero(self._text == ord("\n")).astype(np.int32)
        self._starts = np.concatenate(([0], self._ends[:-1] + 1)).astype(np.int32)[
            : len(entries.owners)
        ]
        self._lengths = (self._ends - self._starts).astype(np.int32)
        self.owners, self.labels, self.weights = entries.owners, entries.labels, entries.weights
        self._exact, self._folding = exact, folding
        self._words = WordIndex(keys, entries.weights)
        self._marks = signatures(self._text, self._starts, self._lengths)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.owners)

    def key(self, entry: int) -> bytes:
        """Return the folded name of ``entry`` as UTF-8."""
        return self._keys[self._starts[entry] : self._ends[entry]]

    def search(
        self, query: str, limit: int = 10, allowed: NDArray[np.bool_] | None = None
    ) -> list[Match]:
        """Return at most ``limit`` owners, best first, each once.

        Args:
            query: what was typed, in any script.
            limit: at least 1.
            allowed: per owner, whether it may be found; None allows all.

        Raises:
            BadInputError: if the query is not text or too long.
        """
        word = folded_query(query, self._folding)
        typed = word.encode("utf-8", "ignore")
        if not typed or not len(self) or limit < 1:
            return []
        kinds = [self._beginning(typed)]
        is_known = bool((self._lengths[kinds[0][0]] == len(typed)).any())
        missed = 0
        if len(typed) > 1:
            by_words, missed = self._by_words(word, typed)
            kinds.append(by_words)
        certain = np.concatenate([entries for entries, _ in (kinds[:1] if missed else kinds)])
        for guess in (self._misspelt, self._by_repaired_words):
            if not is_known and sum(len(entries) for entries, _ in kinds) < ENOUGH:
                kinds.append(guess(word, typed))
        entries = np.concatenate([entries for entries, _ in kinds])
        scores = np.concatenate([scores for _, scores in kinds])
        if allowed is not None:
            kept = allowed[self.owners[entries]]
            entries, scores = entries[kept], scores[kept]
        found = self._best(entries, scores, limit)
        owners = np.array([match.owner for match in found], dtype=np.int32)
        is_certain = np.isin(owners, self.owners[certain])
        return [
            match if sure else replace(match, is_guess=True)
            for match, sure in zip(found, is_certain, strict=True)
        ]

    def called(self, name: str) -> Ints:
        """Return the owners that have exactly this name, once folded; unordered, each once."""
        key = folded_query(name, self._folding).encode("utf-8", "ignore")
        first, last = self._range(key, key + b"\0") if key else (0, 0)
        return np.unique(self.owners[first:last])

    def _range(self, low: bytes, high: bytes) -> tuple[int, int]:
        everything = range(len(self))
        first = bisect_left(everything, low, key=self.key)
        return first, bisect_left(everything, high, lo=first, key=self.key)

    def _cover(self, typed: bytes, entries: Places) -> Floats:
        """Return what it is worth that the query makes up much of the name."""
        return (FULL_COVER * len(typed) / np.maximum(self._lengths[entries], len(typed))).astype(
            np.float32
        )

    def _beginning(self, typed: bytes) -> tuple[Places, Floats]:
        first, last = self._range(typed, typed + b"\xff")
        entries = np.arange(first, last)
        scores = self.weights[first:last] + PREFIX_COST + self._cover(typed, entries)
        scores[self._lengths[first:last] == len(typed)] += self._exact - PREFIX_COST
        return entries, scores

    def _by_words(self, word: str, typed: bytes) -> tuple[tuple[Places, Floats], int]:
        """Return what has the words that were typed, and how many of them had to be left out."""
        parts = [part.encode() for part in query_words(word)]
        entries, missed = self._words.with_all([self._words.beginning(part) for part in parts])
        score = WORDS - MISSED_WORD * missed
        return (entries, self.weights[entries] + score + self._cover(typed, entries)), missed

    def _misspelt(self, word: str, typed: bytes) -> tuple[Places, Floats]:
        slips = allowed_slips(len(word))
        if not slips:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        near = nearest(typed, self._marks, self._lengths, slips, self.weights)
        names = cut(self._keys, self._starts[near], self._lengths[near])
        away = slips_to(word, names, slips)
        first_letter = np.array([name[:1] != word[:1] for name in names], dtype=bool) * 0.4
        good = away <= slips
        scores = self.weights[near] + FUZZY - SLIP * away - first_letter
        return near[good], scores[good].astype(np.float32)

    def _by_repaired_words(self, word: str, typed: bytes) -> tuple[Places, Floats]:
        repaired = self._words.all_repaired(query_words(word))
        slips = sum(slips for _, slips in repaired)
        entries, missed = self._words.with_all([entries for entries, _ in repaired])
        score = WORDS - 0.5 - SLIP * slips - MISSED_WORD * missed
        return entries, self.weights[entries] + score + self._cover(typed, entries)

    def _best(self, entries: Places, scores: Floats, limit: int) -> list[Match]:
        """Return the best match of each owner; look at all entries only if the first few repeat."""
        for size in (24 * limit, len(entries)):
            some = _largest(scores, size)
            order = some[np.lexsort((entries[some], -scores[some]))]
            found: dict[int, Match] = {}
            for place in order:
                entry = int(entries[place])
                owner = int(self.owners[entry])
                if owner in found:
                    continue
                found[owner] = Match(owner, int(self.labels[entry]), float(scores[place]))
                if len(found) == limit:
                    return list(found.values())
        return list(found.values())


def _largest(scores: Floats, size: int) -> Places:
    """Return the positions of the ``size`` largest scores, in any order."""
    if size >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, size)[:size]


def build_index(
    pairs: Iterable[tuple[str, int]], *, weight: float = 1.0, folding: Callable[[str], str] = fold
) -> NameIndex:
    """Return an index of a few names made while the program runs.

    Args:
        pairs: each a name and its owner; a match's label is the position of its pair.
        weight: how much all of them matter.
        folding: how names and queries are folded.
    """
    entries = sorted(
        (folding(name).encode("utf-8", "ignore"), label, owner)
        for label, (name, owner) in enumerate(pairs)
    )
    entries = [entry for entry in entries if entry[0]]
    columns = Entries(
        keys=b"".join(key + b"\n" for key, _, _ in entries),
        owners=np.array([owner for _, _, owner in entries], dtype=np.int32),
        labels=np.array([label for _, label, _ in entries], dtype=np.int32),
        weights=np.full(len(entries), weight, dtype=np.float32),
    )
    return NameIndex(columns, folding=folding)
