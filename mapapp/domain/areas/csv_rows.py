"""Reads the rows of a CSV file one by one, and sees where a quotation mark swallows the rest."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TextIO

from mapapp.domain.areas.place_cells import clean_cell, column_name, refuse_twice, wrong_names
from mapapp.errors import N_, BadInputError

LONGEST_ROW = 1 << 20  # characters
DELIMITERS = ",;\t|"
LONGEST_PLAIN = 1 << 16  # characters; in a longer line a field may be longer than csv allows
BEFORE_CLOSING = re.compile(r'(?:[^"]|"")*')
LINE, FEATURE = "line", "feature"

EMPTY_FILE = N_("This file is empty. Its first line must name the columns.")
TOO_LONG = N_("A field is too long, or a quotation mark is never closed.")
BROKEN_QUOTES = N_("Something stands behind a closing quotation mark.")
NO_NAMES = N_(
    "The first line holds no names of columns. It must name the columns lat and lng, or town."
)
UNCLOSED_QUOTES = N_(
    "Line %(line)s: a quotation mark opens here and is not closed in this row, so it would "
    "swallow the rows that follow. Close it, or write it twice if it belongs to the text."
)
WRONG_NUMBER = N_("Columns in this row: %(found)s instead of %(wanted)s.")
DECIMAL_COMMAS = N_(
    "Columns in this row: %(found)s instead of %(wanted)s. If numbers have decimal commas, "
    "separate the columns by semicolons."
)

Fields = dict[str, str]
IsRow = Callable[[Fields], bool]


class RawRow(NamedTuple):
    """A row before it is located: its number, what it holds, or why it cannot be used.

    ``unit`` says what the number counts: lines of a table, or features of GeoJSON.
    """

    number: int
    fields: Fields
    why: BadInputError | None = None
    unit: str = LINE


def csv_rows(file: TextIO, is_row: IsRow) -> Iterator[RawRow]:
    """Yield the rows of a table that begins with the names of its columns.

    Args:
        file: open with ``newline=""``.
        is_row: whether fields are those of a row of their own. A quotation mark that is closed in a
            later row has swallowed rows: the lines inside of it look like some.

    Raises:
        BadInputError: for a file without the right columns, and where a quotation mark is not
            closed; it names the line in which it opens.
    """
    lines = _Lines(file)
    columns, delimiter = _header(lines)
    while (record := lines.record(delimiter)) is not None:
        row = _row(record, columns, delimiter)
        if len(record.lines) > 1 and (
            row.why or _has_swallowed(record, columns, delimiter, is_row)
        ):
            raise _unclosed(record)
        if row.why or any(row.fields.values()):
            yield row


class _Record(NamedTuple):
    """The lines of one row; ``opened`` is the line of the last quotation mark that opens."""

    first: int
    lines: list[str]
    opened: int
    is_cut: bool = False


class _Lines:
    """The file by lines, counted from 1."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0
        self.is_cut = False

    def next(self) -> str:
        """Return the next line, '' at the end; of a line that is too long, only the beginning."""
        line = piece = self._file.readline(LONGEST_ROW)
        self.number += bool(line)
        self.is_cut = len(line) == LONGEST_ROW and not line.endswith(("\n", "\r"))
        while len(piece) == LONGEST_ROW and not piece.endswith(("\n", "\r")):
            piece = self._file.readline(LONGEST_ROW)
        return line

    def record(self, delimiter: str) -> _Record | None:
        """Return the lines of the next row that is not blank, None at the end.

        Raises:
            BadInputError: for a quotation mark that is open at the end of the file.
        """
        while (line := self.next()) and not line.strip():
            pass
        if not line:
            return None
        first = opened = self.number
        if '"' not in line:
            return _Record(first, [line], first, self.is_cut)
        lines, size = [line], len(line)
        is_open = not self.is_cut and _is_open_after(line, delimiter, is_open=False)[0]
        while is_open:
            line = self.next()
            size += len(line)
            if not line or size > LONGEST_ROW:
                raise _unclosed(_Record(first, lines, opened))
            lines.append(line)
            is_open, is_new = _is_open_after(line, delimiter, is_open=True)
            opened = self.number if is_open and is_new else opened
        return _Record(first, lines, opened, self.is_cut)


def _is_open_after(line: str, delimiters: str, *, is_open: bool) -> tuple[bool, bool]:
    """Return whether a quotation mark is open at the end of a line, and whether it opened in it."""
    opening = re.compile(f'(?:^|[{delimiters}])"')  # one inside of a field is an ordinary letter
    at, is_new = 0, False
    while True:
        if is_open:
            at = line.find('"', at)
            if at < 0:
                return True, is_new
            is_open = line.startswith('""', at)
            at += 2 if is_open else 1
        else:
            found = opening.search(line, at)
            if not found:
                return False, is_new
            at, is_open, is_new = found.end(), True, True


def _row(record: _Record, columns: Sequence[str], delimiter: str) -> RawRow:
    if record.is_cut:
        return RawRow(record.first, {}, BadInputError(TOO_LONG))
    values = _values(record.lines, delimiter, strict=True)
    if isinstance(values, BadInputError):
        return RawRow(record.first, {}, values)
    if not any(values):
        return RawRow(record.first, {})
    if len(values) != len(columns):
        words = (
            DECIMAL_COMMAS if len(values) == len(columns) + 2 and delimiter == "," else WRONG_NUMBER
        )
        why = BadInputError(words, found=len(values), wanted=len(columns))
        return RawRow(record.first, {}, why)
    return RawRow(record.first, dict(zip(columns, values, strict=True)))


def _values(lines: list[str], delimiter: str, *, strict: bool) -> list[str] | BadInputError:
    if len(lines) == 1 and '"' not in lines[0] and len(lines[0]) <= LONGEST_PLAIN:
        return _plain_values(lines[0].rstrip("\r\n"), delimiter)
    try:
        values = next(csv.reader(lines, delimiter=delimiter, strict=strict), [])
    except csv.Error as error:
        return BadInputError(TOO_LONG if "limit" in str(error) else BROKEN_QUOTES)
    return [clean_cell(value) for value in values]


def _plain_values(line: str, delimiter: str) -> list[str]:
    """Return what ``csv`` finds in a line without quotation marks, in a tenth of the time."""
    values = line.split(delimiter)
    # What is printed all the same has nothing in it that ``clean_cell`` would take out.
    clean = str.strip if line.isprintable() else clean_cell
    return [clean(value) for value in values]


def _has_swallowed(record: _Record, columns: Sequence[str], delimiter: str, is_row: IsRow) -> bool:
    """Whether what stands between the quotation marks of a row over several lines holds a row."""
    first, *inside, last = record.lines
    inside.append(BEFORE_CLOSING.match(last)[0])  # type: ignore[index]
    opened_in = _values([first], delimiter, strict=False)
    if isinstance(opened_in, list) and len(opened_in) < len(columns):
        inside.append(first.replace('"', ""))  # the row that was never closed, if it is complete
    for line in inside:
        values = _values([line], delimiter, strict=False)
        if isinstance(values, BadInputError) or len(values) != len(columns):
            continue
        if is_row(dict(zip(columns, values, strict=True))):
            return True
    return False


def _unclosed(record: _Record) -> BadInputError:
    return BadInputError(UNCLOSED_QUOTES, line=str(record.opened))


def _header(lines: _Lines) -> tuple[list[str], str]:
    """Return the names of the columns, and what separates them."""
    said = ""
    while (record := lines.record(DELIMITERS)) is not None:
        line = record.lines[0]
        if clean_cell(line).strip(DELIMITERS + '" ') and not _separator(line):
            break
        said = _separator(line) or said
    else:
        raise BadInputError(EMPTY_FILE)
    choices = said or sorted(DELIMITERS, key=line.count, reverse=True)
    read = [(_names(record, delimiter), delimiter) for delimiter in choices]
    for names, delimiter in read:
        if _has_place(names):
            refuse_twice(names)
            return names, delimiter
    raise _wrong_names(read[0][0])


def _names(record: _Record, delimiter: str) -> list[str]:
    values = _values(record.lines, delimiter, strict=False)
    return [] if isinstance(values, BadInputError) else [column_name(name) for name in values]


def _separator(line: str) -> str:
    """Return the character of a line such as ``sep=;``, which Excel writes and reads."""
    found = re.fullmatch(r'"?sep=(.)"?', clean_cell(line) or line.strip("\r\n"), re.IGNORECASE)
    tab = re.fullmatch(r'"?sep=\t"?[\r\n]*', line, re.IGNORECASE)
    return "\t" if tab else found[1] if found and found[1] in DELIMITERS else ""


def _has_place(names: Sequence[str]) -> bool:
    return {"lat", "lng"} <= set(names) or "town" in names


def _wrong_names(names: Sequence[str]) -> BadInputError:
    # A first line of numbers is a row, and what it holds is not repeated.
    if not any(names) or any(map(_is_value, names)):
        return BadInputError(NO_NAMES)
    return wrong_names(names)


def _is_value(name: str) -> bool:
    """Whether what stands where a column is named has figures and no letter."""
    return re.search(r"\d", name) is not None and re.search(r"[a-z]", name) is None
