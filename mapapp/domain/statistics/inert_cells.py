"""Cells that no spreadsheet runs (privacy rule 7), and the one place where CSV is written.

A program that opens a CSV file guesses the separator and the quotes. So text is made safe for each
guess: a cell may begin at the start of a text, and behind every comma, semicolon, tab or bar in it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TextIO

FORMULA = frozenset("=+-−@|%")
"""What a formula, or a call of another program, can begin with. Full-width forms count as these."""
INERT_MARK = "’"
"""Stands before what could run. The straight one will not do: a program may take it for a quote."""
LINE_ENDS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
CELL_SEPARATORS = frozenset(",;|")
QUOTE_SIGNS = "\\\"'`´‘’‚“”„«»"
UNSEEN_FILLERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and symbols, by their category, that nobody can see."""


def write_csv(file: TextIO, rows: Iterable[Iterable[object]], line_end: str = "\r\n") -> None:
    """Write ``rows`` as CSV; texts are made inert, numbers stay as they are."""
    writer = csv.writer(file, lineterminator=line_end)
    writer.writerows([inert(v) if isinstance(v, str) else v for v in row] for row in rows)


def csv_lines(rows: Iterable[Iterable[object]]) -> list[str]:
    """Return ``rows`` as lines of CSV without their ends; commas join them to longer ones."""
    text = io.StringIO(newline="")
    write_csv(text, rows, "\n")  # no inert text has a line end in it
    return text.getvalue().split("\n")[:-1]


def csv_bytes(
    columns: Sequence[str], rows: Iterable[Iterable[object]], tags: Sequence[str] = ()
) -> bytes:
    """Return a small table as CSV; ``tags`` are a second line below the names of its columns."""
    lines = [",".join(head) for head in (columns, tags) if head] + csv_lines(rows)
    return "".join(f"{line}\r\n" for line in lines).encode()


@lru_cache(maxsize=50_000)
def inert(text: str) -> str:
    """Return ``text`` so that no part of it can be taken for a formula; inert text stays as it is.

    Line ends, tabs and other control characters become spaces.
    """
    plain = LINE_ENDS.sub(" ", text)
    starts = (0, *(at + 1 for at, c in enumerate(plain) if c in CELL_SEPARATORS))
    cells = zip(starts, (*starts[1:], len(plain)), strict=True)
    return "".join(
        f"{INERT_MARK if _would_run(plain, start) else ''}{plain[start:end]}"
        for start, end in cells
    )


def _would_run(text: str, start: int) -> bool:
    """Whether what can be seen of ``text`` begins like a formula, from ``start`` on."""
    for character in text[start:]:
        # Taken apart, so that full-width forms and signs that are struck through count, too.
        for part in unicodedata.normalize("NFKD", character):
            if part == INERT_MARK:
                return False
            if not _is_unseen(part):
                return part in FORMULA
    return False


def _is_unseen(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "ZCM" or character in QUOTE_SIGNS or character in UNSEEN_FILLERS
