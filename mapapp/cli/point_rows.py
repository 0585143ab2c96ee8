"""What the commands that read files of points share: progress, refused rows and notes."""

from collections.abc import Iterator

from mapapp.cli.progress import Advance
from mapapp.cli.tools import say
from mapapp.domain.areas.csv_rows import FEATURE
from mapapp.domain.areas.point_files import BadRow, Rows
from mapapp.errors import N_, Words

MOST_SHOWN = 1000  # refused rows that are listed


def advancing(parts: Iterator[Rows], advance: Advance) -> Iterator[Rows]:
    """Yield ``parts`` and move the bar along."""
    before = 0
    for part in parts:
        yield part
        advance(part.read - before)
        before = part.read


def show_bad(row: BadRow, number: int) -> None:
    """Say what is wrong with the ``number``-th refused row, up to a thousand of them."""
    if number <= MOST_SHOWN:
        words = N_("line %(line)s: %(reason)s")
        if row.unit == FEATURE:
            words = N_("feature %(line)s: %(reason)s")
        say(words, err=True, line=str(row.line), reason=row.why)
    elif number == MOST_SHOWN + 1:
        say(N_("… further refused rows are counted, but not listed."), err=True)


def show_note(note: Words) -> None:
    """Say what the owner of a file should know about it, if anything."""
    if note:
        say(note, err=True)
