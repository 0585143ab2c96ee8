"""Very many random ids at once."""

import os

import numpy as np

BYTES = 16
"""Of which each id is made."""
SHARED = 4
"""Bytes that ids have alike which are to lie together; 90 bits of each are still its own chance."""


def uuid4_texts(chance: bytes) -> list[str]:
    """Return ``chance`` as texts in the form of UUID4, one for each 16 bytes."""
    raw = np.frombuffer(chance, np.uint8).reshape(-1, BYTES).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return [
        f"{text[i : i + 8]}-{text[i + 8 : i + 12]}-{text[i + 12 : i + 16]}"
        f"-{text[i + 16 : i + 20]}-{text[i + 20 : i + 32]}"
        for i in range(0, len(text), 2 * BYTES)
    ]


def random_ids(number: int) -> list[str]:
    """Return new UUID4s: unpredictable, and in no order."""
    return uuid4_texts(os.urandom(BYTES * number))


def ids_together(number: int) -> list[str]:
    """Return new UUID4s that begin alike, with something random: for ids that nobody is shown.

    An index of millions of ids is then changed in one place, and not in as many places as rows.
    """
    raw = np.frombuffer(os.urandom(BYTES * number), np.uint8).reshape(-1, BYTES).copy()
    raw[:, :SHARED] = np.frombuffer(os.urandom(SHARED), np.uint8)
    return uuid4_texts(raw.tobytes())
