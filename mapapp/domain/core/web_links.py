"""Web addresses inside a text that a member wrote."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_END = ".,;:!?)]}»”’"
"""What ends a sentence is not part of the address before it."""


class LinkedPart(NamedTuple):
    """A piece of a text; ``number`` counts the addresses in it, None for everything else."""

    text: str
    number: int | None


def linked_parts(text: str) -> Iterator[LinkedPart]:
    """Yield ``text`` in pieces, addresses by themselves; together they are the text."""
    at = 0
    for number, found in enumerate(_ADDRESS.finditer(text)):
        address = found.group().rstrip(_END)
        if found.start() > at:
            yield LinkedPart(text[at : found.start()], None)
        yield LinkedPart(address, number)
        at = found.start() + len(address)
    if at < len(text):
        yield LinkedPart(text[at:], None)


def addresses_in(text: str) -> list[str]:
    """Return the web addresses in a text, in their order."""
    return [piece.text for piece in linked_parts(text) if piece.number is not None]


def host_of(address: str) -> str:
    """Return the host that a web address leads to, '' where no browser could tell.

    In ASCII, as browsers ask for it: a host with foreign letters that look like Latin ones
    begins with ``xn--``, and a name in front of an @ is no host.
    """
    try:
        # A browser takes a backslash for a slash.
        host = urlsplit(address.replace("\\", "/")).hostname or ""
        return host.encode("idna").decode()
    except ValueError:  # also what the codec raises
        return ""


def paragraphs(text: str) -> list[list[LinkedPart]]:
    """Return ``text`` as paragraphs, each a list of its pieces."""
    found: list[list[LinkedPart]] = [[]]
    for piece in linked_parts(text):
        if piece.number is not None:
            found[-1].append(piece)
            continue
        first, *more = piece.text.split("\n\n")
        found[-1].append(LinkedPart(first, None))
        found += [[LinkedPart(words, None)] for words in more]
    return [p for p in found if any(piece.text.strip() for piece in p)]
