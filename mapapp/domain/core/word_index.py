"""The words inside a block of names: which names hold a word that begins so, or nearly so.

Words are sorted by their first eight bytes, read as one number: looking up is two binary searches.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mapapp.domain.core.fuzzy import allowed_slips, cut, nearest, signatures, slips_to

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Bytes = NDArray[np.uint8]

_SPACE, _NEWLINE = 32, 10
_HEAD = 8
REPAIRS = 8
"""How many words a misspelt word may stand for."""
MOST_REPAIRED = 5
"""Of a query with more unknown words, none is repaired: it is no misspelt name."""


_KEPT_BYTES = np.array(
    [(1 << 64) - (1 << 8 * (_HEAD - length)) for length in range(_HEAD + 1)], dtype=np.uint64
)
"""By length of a word: the bits of a head that belong to the word."""


def _heads(text: Bytes, places: Places, lengths: Places) -> NDArray[np.uint64]:
    """Return the first eight bytes of each word as a number that sorts like the word."""
    padded = np.concatenate((text, np.zeros(2 * _HEAD, dtype=np.uint8)))
    # One number begins at every byte: a view that overlaps itself, read once for each word.
    every = np.ndarray((len(text) + _HEAD,), dtype=">u8", buffer=padded, strides=(1,))
    heads = every[places].astype(np.uint64)
    heads &= _KEPT_BYTES[np.clip(lengths, 0, _HEAD)]
    return heads


class WordIndex:
    """Every word of every name.

    Args:
        keys: the folded names as UTF-8, each ended by a newline, words parted by single spaces.
        weights: float32, one per name: which to prefer when a word may stand for several.
    """

    def __init__(self, keys: bytes, weights: NDArray[np.float32]) -> None:
        text = np.frombuffer(keys, dtype=np.uint8)
        # Four bytes a number instead of eight: there are a million words, and all stay in memory.
        ends = np.flatnonzero((text == _SPACE) | (text == _NEWLINE)).astype(np.int32)
        places = np.concatenate((np.zeros(1, np.int32), ends[:-1] + np.int32(1)))[: len(ends)]
        lengths = ends - places
        is_last = text[ends] == _NEWLINE
        names = np.cumsum(is_last, dtype=np.int32) - is_last
        heads = _heads(text, places, lengths)
        order = np.argsort(heads, kind="stable")
        self._keys, self._text, self._size = keys, text, len(weights)
        self._heads = heads[order]
        self._places = places[order]
        self._names = names[order]
        self._learn(heads, places, lengths, weights[names])

    def _learn(
        self,
        heads: NDArray[np.uint64],
        places: Places,
        lengths: Places,
        weights: NDArray[np.float32],
    ) -> None:
        """Keep one example of each different word, in order of place, for repairs."""
        tails = _heads(self._text, places + _HEAD, lengths - _HEAD)
        # Sixteen bytes and the length, stirred into one number: equal words give equal numbers.
        mixed = heads * np.uint64(0x9E3779B97F4A7C15)
        tails *= np.uint64(0xC2B2AE3D27D4EB4F)
        mixed += tails
        mixed += lengths.astype(np.uint64)
        _, firsts, members = np.unique(mixed, return_index=True, return_counts=True)
        order = np.argsort(firsts)
        firsts = firsts[order]
        self._examples, self._lengths = places[firsts], lengths[firsts]
        self._marks = signatures(self._text, self._examples, self._lengths)
        common = np.log10(members[order])
        self._merit = (weights[firsts] + common).astype(np.float32)

    def beginning(self, part: bytes) -> Ints:
        """Return the names with a word that begins with ``part``; a name may come twice."""
        head = part[:_HEAD]
        low = int.from_bytes(head.ljust(_HEAD, b"\x00"), "big")
        high = int.from_bytes(head.ljust(_HEAD, b"\xff"), "big")
        first = np.searchsorted(self._heads, np.uint64(low), "left")
        last = np.searchsorted(self._heads, np.uint64(high), "right")
        found = np.arange(first, last)
        for step in range(_HEAD, len(part)):
            places = np.minimum(self._places[found] + step, len(self._text) - 1)
            found = found[self._text[places] == part[step]]
            if not len(found):
                break
        return np.asarray(self._names[found], dtype=np.int64)

    def with_all(self, names_of_words: Sequence[Ints]) -> tuple[Ints, int]:
        """Return the names that all words have in common, and how many words had to be left out.

        Of three or more words one may be missing, if no name has them all.
        """
        seen = np.zeros(self._size, dtype=np.uint8)
        for names in names_of_words:
            once = np.zeros(self._size, dtype=np.bool_)
            once[names] = True
            seen += once
        wanted = len(names_of_words)
        most = int(seen.max(initial=0))
        missed = wanted - most
        if most == 0 or missed > (1 if wanted >= 3 else 0):
            return np.zeros(0, dtype=np.int64), 0
        return np.flatnonzero(seen == most), missed

    def all_repaired(self, parts: Sequence[str]) -> list[tuple[Ints, int]]:
        """Return for each word the names with a word it was meant to be, and how many slips it had.

        A word that some name begins with is taken as it is, with no slip; so are all words of a
        query of which more than ``MOST_REPAIRED`` are unknown.
        """
        known = [self.beginning(part.encode()) for part in parts]
        if sum(not len(names) for names in known) > MOST_REPAIRED:
            return [(names, 0) for names in known]
        return [
            (names, 0) if len(names) else self._repaired(part)
            for part, names in zip(parts, known, strict=True)
        ]

    def _repaired(self, part: str) -> tuple[Ints, int]:
        names: Ints = np.zeros(0, dtype=np.int64)
        typed, slips = part.encode(), allowed_slips(len(part))
        if not slips:
            return names, 0
        near = nearest(typed, self._marks, self._lengths, slips, self._merit)
        words = cut(self._keys, self._examples[near], self._lengths[near])
        away = slips_to(part, words, slips)
        if not len(away) or away.min() > slips:
            return names, 0
        best = np.lexsort((-self._merit[near], away))[:REPAIRS]
        best = best[away[best] == away.min()]
        return np.concatenate([self.beginning(words[word].encode()) for word in best]), int(
            away.min()
        )
