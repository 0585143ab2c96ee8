"""Editorial answers: Markdown with sources, and who answers for it."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date

from mapapp.domain.messages import clean_text
from mapapp.domain.wording import _
from mapapp.errors import BadInputError

DRAFT, PUBLISHED = "draft", "published"

AUTHOR_ROLES = {
    "editor": _("the site's editors, from general medical knowledge"),
    "clinician": _("a clinician"),
    "researcher": _("a researcher"),
    "self": _("somebody who lives with it"),
}

SHORTEST_BODY, LONGEST_BODY = 200, 20_000
LONGEST_REVIEWER = 120
LONGEST_PART = 300
"""Letters of a source's title, publisher or link."""
MOST_SOURCES = 40
FIRST_YEAR = 1800

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LINK = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(:\d+)?([/?#][!-~]*)?", re.IGNORECASE)
_BAD_IN_LINK = frozenset("|<>\"'`\\^{}")


class WrongPartError(BadInputError):
    """Something is wrong with a part of an answer; ``part`` is its name in ``EditorialText``."""

    def __init__(self, part: str, words: str) -> None:
        super().__init__(words)
        self.part = part


@dataclass(frozen=True)
class Source:
    """Where a statement can be looked up; ``year`` 0 and ``url`` '' where they are not certain."""

    id: str
    title: str
    publisher: str
    year: int = 0
    url: str = ""


@dataclass(frozen=True)
class EditorialText:
    """The editors' answer to a question, as it is written.

    Attributes:
        author_role: a key of ``AUTHOR_ROLES``.
        body: Markdown; ``[^id]`` cites a source.
        title: the question itself, where it is none of the set; else ''.
        reviewer: who looked at it; '' for nobody yet.
    """

    author_role: str
    body: str
    sources: tuple[Source, ...] = ()
    title: str = ""
    reviewer: str = ""
    reviewed: date | None = None
    review_due: date | None = None

    def tidied(self) -> "EditorialText":
        """Return it with single spaces and line ends, and without what is no text."""
        return replace(
            self,
            body=clean_text(self.body),
            title=tidy_line(self.title),
            reviewer=tidy_line(self.reviewer),
            sources=tuple(
                replace(
                    source,
                    title=tidy_line(source.title),
                    publisher=tidy_line(source.publisher),
                    url=source.url.strip(),
                )
                for source in self.sources
            ),
        )


def tidy_line(text: str) -> str:
    """Return ``text`` on one line, without what is no text."""
    return " ".join(clean_text(text).split())


def checked_sources(sources: Iterable[Source], this_year: int) -> tuple[Source, ...]:
    """Return the sources as they came.

    Raises:
        BadInputError: saying which one is wrong, and how it should be.
    """
    found = tuple(sources)
    if len(found) > MOST_SOURCES:
        raise WrongPartError("sources", f"Name at most {MOST_SOURCES} sources.")
    seen: set[str] = set()
    for source in found:
        _check_source(source, this_year)
        if source.id in seen:
            raise WrongPartError(
                "sources", f"Two sources are called “{source.id}”. Rename one of them."
            )
        seen.add(source.id)
    return found


def _check_source(source: Source, this_year: int) -> None:
    name = f"Source “{source.id[:40]}”"
    if not _ID.fullmatch(source.id) or len(source.id) > 40:
        raise WrongPartError(
            "sources", f"{name}: its id is up to 40 letters a to z, digits and hyphens."
        )
    for part, text in (("title", source.title), ("publisher", source.publisher)):
        if not text or len(text) > LONGEST_PART:
            raise WrongPartError(
                "sources", f"{name}: give its {part}, in up to {LONGEST_PART} letters."
            )
    if "|" in source.publisher:
        raise WrongPartError("sources", f"{name}: leave the “|” out of its publisher.")
    if source.year and not FIRST_YEAR <= source.year <= this_year:
        raise WrongPartError(
            "sources",
            f"{name}: its year is from {FIRST_YEAR} to {this_year}; without one, leave it out.",
        )
    if source.url and not is_link(source.url):
        raise WrongPartError("sources", f"{name}: its link begins with https://, or leave it out.")


def is_link(url: str) -> bool:
    """Whether ``url`` is a plain https address without anything odd in it."""
    fits = bool(_LINK.fullmatch(url)) and len(url) <= LONGEST_PART
    return fits and not _BAD_IN_LINK & set(url)


def sources_to_json(sources: Iterable[Source]) -> str:
    """Return the sources as they are stored."""
    return json.dumps([asdict(source) for source in sources], ensure_ascii=False)


def json_to_sources(text: str) -> tuple[Source, ...]:
    """Return the sources of a stored version."""
    return tuple(Source(**row) for row in json.loads(text or "[]"))


def sources_to_lines(sources: Iterable[Source]) -> str:
    """Return the sources one a line: ``id | title | publisher | year | link``."""
    rows = ((s.id, s.title, s.publisher, str(s.year or ""), s.url) for s in sources)
    return "\n".join(" | ".join(row).rstrip() for row in rows)


def lines_to_sources(text: str) -> tuple[Source, ...]:
    """Return the sources that ``sources_to_lines`` wrote, or somebody typed.

    Year and link may be left out, with the bars before them.

    Raises:
        BadInputError: naming the line that is none.
    """
    lines = ((n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip())
    return tuple(_line_to_source(number, line) for number, line in lines)


def _line_to_source(number: int, line: str) -> Source:
    parts = [tidy_line(part) for part in line.split("|")]
    if len(parts) < 3:
        raise WrongPartError(
            "sources", f"Line {number}: write id | title | publisher | year | link."
        )
    parts += [""] * (5 - len(parts))
    # A title may have bars of its own; nothing else has.
    first, *title, publisher, year, url = parts
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise WrongPartError(
            "sources", f"Line {number}: the year has four digits, or nothing stands there."
        )
    return Source(first, " | ".join(title), publisher, int(year or 0), url)
