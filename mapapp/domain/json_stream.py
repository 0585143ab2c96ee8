"""Reads the features of a GeoJSON file one by one, however large the file is."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from mapapp.errors import BadInputError

PIECE = 1 << 16  # characters read at a time
LARGEST = 1 << 20  # characters of one feature; a point needs a few hundred
UNFINISHED = 2  # characters that may follow a whole number before its next digit

_decoder = json.JSONDecoder()


class _Text:
    """A window on the file that grows when a value is not complete yet."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def peek(self) -> str:
        """Return the next character that is not white space, '' at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._step(1)
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, expected: str) -> None:
        """Go past ``expected``."""
        if self.peek() != expected:
            raise _broken(self.line)
        self._step(1)

    def value(self) -> Any:
        """Return the JSON value that begins here."""
        self.peek()
        while True:
            try:
                found, end = _decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):  # broken, too many digits, or too deep
                if len(self._text) - self._at > LARGEST or not self._more():
                    raise _broken(self.line) from None
                continue
            # A number at the edge of the window may go on behind it, also after "12." or "12e-".
            length = end - self._at
            if end + UNFINISHED < len(self._text) or not self._more():
                self._step(length)
                return found

    def _step(self, by: int) -> None:
        self.line += self._text.count("\n", self._at, self._at + by)
        self._at += by

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = self._file.read(PIECE)
        self._ended = not piece
        self._text = self._text[self._at :] + piece
        self._at = 0
        return bool(piece)


def read_features(file: TextIO) -> Iterator[tuple[int, Any]]:
    """Yield (line, feature) of a FeatureCollection; the line is where the feature begins.

    Raises:
        BadInputError: when the file is no FeatureCollection, or breaks off.
    """
    text = _Text(file)
    if text.peek() != "{":
        raise BadInputError("This is not GeoJSON. It must be a FeatureCollection of points.")
    opening = "{"
    while text.peek() != "}":
        text.take(opening)
        opening = ","
        key = text.value()
        text.take(":")
        if key == "features":
            yield from _elements(text)
            return
        text.value()
    raise BadInputError("This GeoJSON has no “features”. It must be a FeatureCollection of points.")


def _elements(text: _Text) -> Iterator[tuple[int, Any]]:
    opening = "["
    if text.peek() != "[":
        raise _broken(text.line)
    while True:
        text.take(opening)
        opening = ","
        if text.peek() == "]":
            return
        line = text.line
        yield line, text.value()
        if text.peek() == "]":
            return


def _broken(line: int) -> BadInputError:
    return BadInputError(f"Line {line}: the JSON is broken here. Check that the file is complete.")
