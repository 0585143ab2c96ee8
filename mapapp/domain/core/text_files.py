"""Text files that people bring: in which encoding a file is, by its first bytes or by trying."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mapapp.errors import N_, NO_WORDS, BadInputError, Words

BYTES_TRIED = 1 << 20  # bytes decoded at a time while trying
ENCODING_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_UTF8 = N_("This file is not UTF-8. Save it as “CSV UTF-8” and try again.")
FROM_EXCEL = N_(
    "This file is not UTF-8. It was read as Windows-1252, as Excel often writes it: check that "
    "letters such as é and ß are right, or save it as “CSV UTF-8” and try again."
)


def encoding_of(path: Path) -> tuple[str, Words]:
    """Return the encoding of a text file, and what its owner should know about it or ''.

    Raises:
        BadInputError: when it is in none that can be told.
    """
    head = _head(path)
    for mark, encoding in ENCODING_MARKS:
        if head.startswith(mark):
            return _tried(path, encoding), NO_WORDS
    if 0 in head[:2]:  # ASCII, in which headers and JSON begin, leaves every other byte empty
        return _tried(path, "utf-16-le" if head[0] else "utf-16-be"), NO_WORDS
    if _fits(path, "utf-8"):
        return "utf-8", NO_WORDS
    return _tried(path, "cp1252"), FROM_EXCEL


@contextmanager
def open_text(path: Path) -> Iterator[tuple[io.TextIOWrapper, Words]]:
    """Open a text file as it is encoded; line ends stay as they are.

    Raises:
        BadInputError: when it is in no encoding that can be told.
    """
    encoding, note = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        yield file, note


def read_utf8(path: Path) -> str:
    """Return the words of a file in UTF-8, UTF-16 or UTF-32; a mark at its beginning goes.

    Raises:
        BadInputError: for any other encoding.
    """
    encoding, note = encoding_of(path)
    if note:
        raise BadInputError(NOT_UTF8)
    return path.read_text(encoding=encoding)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _tried(path: Path, encoding: str) -> str:
    if not _fits(path, encoding):
        raise BadInputError(NOT_UTF8)
    return encoding


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(BYTES_TRIED):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
