"""Text files that people bring: in which encoding a file is, by its first bytes or by trying.

A file that is no text, although its name says so, is known by its first bytes, too.
"""

import codecs
import io
import zipfile
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
NO_REGULAR_FILE = N_("This is no regular file. Save what it holds in a file, and give that.")
NOT_UTF8 = N_("This file is not UTF-8. Save it as UTF-8 (in Excel: “CSV UTF-8”) and try again.")
FROM_EXCEL = N_(
    "This file is not UTF-8. It was read as Windows-1252, as Excel often writes it: check that "
    "letters such as é and ß are right, or save it as “CSV UTF-8” and try again."
)
LONGEST_MARK = 512  # bytes looked at
WORKBOOK = N_("This is an Excel workbook. Save it as CSV and try again.")
OPEN_DOCUMENT = N_("This is a spreadsheet of LibreOffice. Save it as CSV and try again.")
ZIP = N_("This is a ZIP archive. Unpack it, then give the file that was in it.")
PACKED = N_("This file is compressed. Unpack it, then give the file that was in it.")
PDF = N_("This is a PDF, which holds no table that could be read. Give the table itself as CSV.")
WEB_PAGE = N_("This is a web page. Save the table itself as CSV and try again.")
DATABASE_FILE = N_("This is a database, such as a GeoPackage. Export it as GeoJSON or CSV.")
MARKS = (
    (b"\x1f\x8b", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ\x00", PACKED),
    (b"\x28\xb5\x2f\xfd", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WORKBOOK),
    (b"SQLite format 3\x00", DATABASE_FILE),
)
ZIP_MARK = b"PK\x03\x04"
HTML_MARKS = (b"<!doctype html", b"<html", b"<table")


def encoding_of(path: Path) -> tuple[str, Words]:
    """Return the encoding of a text file, and what its owner should know about it or ''.

    Raises:
        BadInputError: when it is in none that can be told, or is no regular file.
    """
    check_file(path)
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


def check_file(path: Path) -> None:
    """Refuse what cannot be read twice or may never end, such as a named pipe.

    Raises:
        BadInputError: for anything but a regular file; one that is missing is found out later.
    """
    if path.exists() and not path.is_file():
        raise BadInputError(NO_REGULAR_FILE)


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


def refuse_other_kinds(path: Path) -> None:
    """Refuse a file that is no text, but known to be something else.

    Raises:
        BadInputError: saying what it is, and what to do.
    """
    check_file(path)
    with path.open("rb") as file:
        head = file.read(LONGEST_MARK)
    why = _zip_kind(path) if head.startswith(ZIP_MARK) else _kind(head)
    if why is not None:
        raise why


def _kind(head: bytes) -> BadInputError | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(HTML_MARKS):
        return BadInputError(WEB_PAGE)
    return next((BadInputError(words) for mark, words in MARKS if head.startswith(mark)), None)


def _zip_kind(path: Path) -> BadInputError:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return BadInputError(ZIP)
    if any(name.startswith("xl/") for name in names):
        return BadInputError(WORKBOOK)
    is_open = {"mimetype", "content.xml"} <= set(names)
    return BadInputError(OPEN_DOCUMENT if is_open else ZIP)
