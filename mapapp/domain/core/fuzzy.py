"""Spellings a few typing errors away: bit signatures choose candidates, an edit distance decides.

A signature has one bit for each letter and each pair of letters that occurs (hashed to 64 bits).
One slip changes few bits, so the few thousand nearest signatures hold the nearest spellings.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

Ints = NDArray[np.int64] | NDArray[np.int32]
Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Signatures = NDArray[np.uint64]

CANDIDATES = 1_500
_CHUNK = 1 << 16
_SPACE, _NEWLINE = 32, 10
_LETTER_BITS = np.array([1 << bit for bit in range(32)], dtype=np.uint64)
_PAIR_BITS = np.array([1 << bit for bit in range(32, 64)], dtype=np.uint64)


def allowed_slips(letters: int) -> int:
    """Return how many slips a word of ``letters`` letters may have and still be meant."""
    for longest, slips in ((3, 0), (5, 1), (9, 2), (19, 3)):
        if letters <= longest:
            return slips
    return 4


def _bits(text: Bytes) -> Signatures:
    """Return one signature per byte: its own bit and, within a word, that of the pair it begins."""
    bits: Signatures = _LETTER_BITS[text & 31]
    pairs = _PAIR_BITS[(text[:-1] * np.uint8(37) + text[1:]) & 31]
    pairs[(text[1:] == _SPACE) | (text[1:] == _NEWLINE)] = 0
    bits[:-1] |= pairs
    return bits


def signatures(text: Bytes, starts: Ints, lengths: Ints) -> Signatures:
    """Return the signatures of slices of ``text``, shape (n,).

    Args:
        text: uint8 array that holds all strings, each followed by a space or a newline.
        starts: first byte of each string, ascending, shape (n,).
        lengths: bytes of each string, at least 1, shape (n,).
    """
    found = np.zeros(len(starts), dtype=np.uint64)
    # In pieces, because the bits take eight times the room of the text; small ones stay in cache.
    first = 0
    while first < len(starts):
        end = int(starts[first]) + _CHUNK
        last = max(first + 1, int(np.searchsorted(starts, end)))
        origin, stop = int(starts[first]), int(starts[last - 1] + lengths[last - 1])
        piece = _bits(text[origin : stop + 1])
        edges = np.empty(2 * (last - first), dtype=np.int64)
        edges[0::2] = starts[first:last] - origin
        edges[1::2] = edges[0::2] + lengths[first:last]
        found[first:last] = np.bitwise_or.reduceat(piece, edges)[0::2]
        first = last
    return found


def signature_of(word: bytes) -> np.uint64:
    """Return the signature of one string of at least one byte."""
    text = np.frombuffer(word + b"\n", dtype=np.uint8)
    return np.uint64(signatures(text, np.array([0]), np.array([len(word)]))[0])


def nearest(
    word: bytes, marks: Signatures, lengths: Ints, slips: int, merit: NDArray[np.float32]
) -> Places:
    """Return the positions of at most ``CANDIDATES`` strings that may be ``word`` misspelt.

    Args:
        word: UTF-8 of what was typed.
        marks: signatures of all strings, shape (n,).
        lengths: their bytes, shape (n,).
        slips: how many letters may differ.
        merit: which string to prefer among equally near ones, shape (n,); one unit is one bit.
    """
    room = slips if word.isascii() else 3 * slips
    near = np.flatnonzero(np.abs(lengths - len(word)) <= room)
    apart = np.bitwise_count(marks[near] ^ signature_of(word)).astype(np.float32)
    if len(near) > CANDIDATES:
        best = np.argpartition(apart - merit[near], CANDIDATES)[:CANDIDATES]
        near = near[best]
    return near


def cut(block: bytes, starts: Ints, lengths: Ints) -> list[str]:
    """Return the strings of ``block`` that begin at ``starts``, in that order."""
    # Plain Python numbers slice three times faster than NumPy's.
    ends = (starts + lengths).tolist()
    return [block[start:end].decode() for start, end in zip(starts.tolist(), ends, strict=True)]


def slips_to(word: str, candidates: Sequence[str], slips: int) -> Places:
    """Return the edit distance (swaps of neighbours count once) to each candidate, shape (n,).

    Distances above ``slips`` are reported as ``slips + 1``.
    """
    if not candidates:
        return np.zeros(0, dtype=np.int64)
    table = cdist([word], candidates, scorer=OSA.distance, score_cutoff=slips, dtype=np.int32)
    return np.asarray(table[0], dtype=np.int64)
