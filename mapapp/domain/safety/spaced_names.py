"""Names of one word that people take apart to hide them: "b i t c o i n", "what s app"."""

from collections.abc import Iterator, Mapping, Sequence

from mapapp.domain.core.folding import fold

MOST_PIECES = 4
"""The most pieces in which a name is still found: "what s app" has three."""
PIECES_FROM = 5
"""Shorter names are not put together from pieces of more than one letter: "i ban" is no IBAN."""


class SpacedNames:
    """Names, each with what it stands for.

    Args:
        kinds: by name, what it stands for: ``{"bitcoin": "crypto"}``.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = {fold(name): kind for name, kind in kinds.items()}
        self._long = {name: k for name, k in self._kinds.items() if len(name) >= PIECES_FROM}
        self._starts = {name[:length] for name in self._long for length in range(1, len(name))}

    def kinds_in(self, folded: str) -> set[str]:
        """Return what the names stand for that the folded text has, whole or in pieces."""
        words = folded.split(" ")
        kinds = {self._kinds[word] for word in self._kinds.keys() & set(words)}
        kinds.update(self._long[name] for name in self._in_pieces(words))
        for letters in _single_letters(words):
            kinds.update(self._in_letters(letters))
        return kinds

    def _in_pieces(self, words: Sequence[str]) -> Iterator[str]:
        for at, joined in enumerate(words):
            for piece in words[at + 1 : at + MOST_PIECES]:
                if joined not in self._starts:
                    break
                joined += piece
                if joined in self._long:
                    yield joined

    def _in_letters(self, letters: str) -> Iterator[str]:
        """Yield what a run of single letters stands for; a long name may lie in the middle."""
        if letters in self._kinds:
            yield self._kinds[letters]
        yield from (kind for name, kind in self._long.items() if name in letters)


def _single_letters(words: Sequence[str]) -> Iterator[str]:
    """Yield each run of at least three words of one letter, joined."""
    run: list[str] = []
    for word in (*words, ""):
        if len(word) == 1:
            run.append(word)
            continue
        if len(run) > 2:
            yield "".join(run)
        run = []
