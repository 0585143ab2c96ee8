"""Editorial answers: Markdown with sources, and who answers for it."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date

from mapapp.domain.core.free_text import clean_text
from mapapp.errors import N_, BadInputError, Words

DRAFT, PUBLISHED = "draft", "published"

AUTHOR_ROLES = {
    "editor": N_("the site’s editors, from general medical knowledge"),
    "clinician": N_("a clinician"),
    "researcher": N_("a researcher"),
    "self": N_("someone who lives with it"),
}

SHORTEST_BODY, LONGEST_BODY = 200, 20_000
LONGEST_REVIEWER = 120
LONGEST_PART = 300
"""Letters of a source's title, publisher or link."""
MOST_SOURCES = 40
LONGEST_SOURCE = 4 * LONGEST_PART  # of one as an editor types it: id, title, publisher, year, link
FIRST_YEAR = 1800

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LINK = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(:\d+)?([/?#][!-~]*)?", re.IGNORECASE)
_BAD_IN_LINK = frozenset("|<>\"'`\\^{}")


NO_TITLE = N_("Source “%(source)s”: give its title, in up to %(most)s characters.")
NO_PUBLISHER = N_("Source “%(source)s”: give its publisher, in up to %(most)s characters.")


class WrongPartError(BadInputError):
    """Something is wrong with a part of an answer; ``part`` is its name in ``EditorialText``."""

    def __init__(self, part: str, message: Words, /, **values: object) -> None:
        super().__init__(message, **values)
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
        raise WrongPartError("sources", N_("Name at most %(most)s sources."), most=MOST_SOURCES)
    seen: set[str] = set()
    for source in found:
        _check_source(source, this_year)
        if source.id in seen:
            raise WrongPartError(
                "sources",
                N_("Two sources are called “%(source)s”. Rename one of them."),
                source=source.id,
            )
        seen.add(source.id)
    return found


def _check_source(source: Source, this_year: int) -> None:
    name = source.id[:40]
    if not _ID.fullmatch(source.id) or len(source.id) > 40:
        raise WrongPartError(
            "sources",
            N_("Source “%(source)s”: its id must be up to 40 letters a to z, digits and hyphens."),
            source=name,
        )
    for words, text in ((NO_TITLE, source.title), (NO_PUBLISHER, source.publisher)):
        if not text or len(text) > LONGEST_PART:
            raise WrongPartError("sources", words, source=name, most=LONGEST_PART)
    if "|" in source.publisher:
        raise WrongPartError(
            "sources", N_("Source “%(source)s”: leave the “|” out of its publisher."), source=name
        )
    if source.year and not FIRST_YEAR <= source.year <= this_year:
        raise WrongPartError(
            "sources",
            N_(
                "Source “%(source)s”: its year must be from %(first)s to %(last)s; if it "
                "has none, leave it out."
            ),
            source=name,
            first=str(FIRST_YEAR),
            last=str(this_year),
        )
    if source.url and not is_link(source.url):
        raise WrongPartError(
            "sources",
            N_(
                "Source “%(source)s”: its link must start with https://; if it has none, "
                "leave it out."
            ),
            source=name,
        )


def is_link(url: str) -> bool:
    """Whether ``url`` is a plain https address without anything odd in it."""
    fits = len(url) <= LONGEST_PART and bool(_LINK.fullmatch(url))
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
    """Return the sources in the lines that ``sources_to_lines`` wrote or an editor typed.

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
            "sources",
            N_("Line %(line)s: write id | title | publisher | year | link."),
            line=str(number),
        )
    parts += [""] * (5 - len(parts))
    # A title may have bars of its own; nothing else has.
    first, *title, publisher, year, url = parts
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise WrongPartError(
            "sources",
            N_("Line %(line)s: give the year in four digits, or leave it empty."),
            line=str(number),
        )
    return Source(first, " | ".join(title), publisher, int(year or 0), url)
