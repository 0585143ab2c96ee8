"""Reads the features of a GeoJSON file one by one, however large the file is."""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from mapapp.errors import N_, BadInputError

PIECE = 1 << 16  # characters read at a time
LARGEST_FEATURE = 1 << 20  # characters of one feature; a point needs a few hundred
UNFINISHED = 2  # characters that may follow a whole number before its next digit

WGS_84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)


class Twice(dict[str, Any]):
    """An object in which a name stands twice; JSON says nothing about which of them counts."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Twice(found)


_decoder = json.JSONDecoder(object_pairs_hook=_object)


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

    def value(self, feature: int = 0) -> Any:
        """Return the JSON value that begins here; ``feature``: its number, for the error."""
        self.peek()
        while True:
            try:
                found, end = _decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):  # broken, too many digits, or too deep
                if len(self._text) - self._at > LARGEST_FEATURE or not self._more():
                    raise _broken(self.line, feature) from None
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
    """Yield (number, feature) of a FeatureCollection; features are counted from 1.

    Raises:
        BadInputError: when the file is no FeatureCollection, breaks off, goes on behind its end, or
            has other coordinates than degrees.
    """
    text = _Text(file)
    if text.peek() != "{":
        raise BadInputError(N_("This is not GeoJSON. It must be a FeatureCollection of points."))
    opening, has_features = "{", False
    while text.peek() != "}":
        text.take(opening)
        opening = ","
        key = text.value()
        text.take(":")
        if key == "features":
            has_features = True
            yield from _elements(text)
        elif key == "crs":
            check_crs(text.value())
        else:
            text.value()
    text.take("}")
    if text.peek():
        raise _broken(text.line)
    if not has_features:
        raise BadInputError(
            N_("This GeoJSON has no “features”. It must be a FeatureCollection of points.")
        )


def check_crs(crs: Any) -> None:
    """Refuse a coordinate reference system other than WGS 84, the only one of RFC 7946.

    Raises:
        BadInputError: for another one, and for what names none.
    """
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not WGS_84.fullmatch(name.strip()):
        raise BadInputError(
            N_(
                "The coordinates are in another system than WGS 84 (see “crs”). Write the file "
                "again as longitude and latitude in degrees, EPSG:4326."
            )
        )


def _elements(text: _Text) -> Iterator[tuple[int, Any]]:
    opening, number = "[", 0
    if text.peek() != "[":
        raise _broken(text.line)
    while True:
        if text.peek() == "]" and number:
            break
        text.take(opening)
        opening = ","
        if text.peek() == "]":
            break
        number += 1
        yield number, text.value(number)
    text.take("]")


def _broken(line: int, feature: int = 0) -> BadInputError:
    if feature:
        return BadInputError(
            N_(
                "Feature %(feature)s (line %(line)s): the JSON is broken here. Check that the file "
                "is complete."
            ),
            feature=str(feature),
            line=str(line),
        )
    return BadInputError(
        N_("Line %(line)s: the JSON is broken here. Check that the file is complete."),
        line=str(line),
    )
