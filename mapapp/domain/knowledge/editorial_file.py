"""Editorial answers as files: TOML between lines of ``+++``, then Markdown."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tomli_w

from mapapp.domain.core.text_files import check_file, read_utf8
from mapapp.domain.knowledge.editorial_check import checked_editorial
from mapapp.domain.knowledge.editorial_rules import EditorialText, Source
from mapapp.domain.knowledge.question_set import LONGEST_QUESTION_SLUG, load_set
from mapapp.errors import N_, BadInputError

FENCE = "+++"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TEXTS = ("author_role", "reviewer", "title")
_DAYS = ("reviewed", "review_due")
_SOURCE = {"id": str, "title": str, "publisher": str, "year": int, "url": str}


@dataclass(frozen=True)
class ContentFile:
    """An answer and where it belongs.

    Attributes:
        condition: the condition's part of an address.
        key: the question's.
    """

    condition: str
    key: str
    text: EditorialText

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.condition}/{self.key}.md"


def read_folder(folder: Path, today: date) -> Iterator[ContentFile]:
    """Yield each ``<condition>/<question>.md`` of a folder, checked, in order.

    Raises:
        BadInputError: naming the first file that is wrong, and what is wrong with it.
    """
    for path in content_paths(folder):
        yield read_content(path, today)


def content_paths(folder: Path) -> list[Path]:
    """Return the files of answers in a folder, in order."""
    return sorted(folder.glob("*/*.md"))


def read_content(path: Path, today: date) -> ContentFile:
    """Return the answer in a file.

    Raises:
        BadInputError: naming the file and what is wrong with it.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        check_file(path)
    except BadInputError as error:
        raise BadInputError(N_("%(file)s: %(reason)s"), file=name, reason=error) from None
    try:
        text = read_utf8(path)
    except BadInputError:
        raise BadInputError(N_("%(file)s: save the file as UTF-8."), file=name) from None
    if not _NAME.fullmatch(path.stem) or len(path.stem) > LONGEST_QUESTION_SLUG:
        raise BadInputError(
            N_("%(file)s: name the file with letters a to z, digits and hyphens."), file=name
        )
    found = parse_content(text, name)
    _check_title(found, path.stem, name)
    try:
        return ContentFile(path.parent.name, path.stem, checked_editorial(found, today))
    except BadInputError as error:
        raise BadInputError(N_("%(file)s: %(reason)s"), file=name, reason=error) from None


def _check_title(text: EditorialText, key: str, name: str) -> None:
    if key in load_set() and text.title:
        raise BadInputError(
            N_("%(file)s: this is one of the standard questions. Leave out the title."), file=name
        )
    if key not in load_set() and not text.title:
        raise BadInputError(
            N_(
                "%(file)s: there is no standard question “%(question)s”. Name the file "
                "after one that there is, or give the question itself as the title."
            ),
            file=name,
            question=key,
        )


def parse_content(text: str, name: str) -> EditorialText:
    """Return the answer in the words of a file, which is called ``name`` in errors; not checked.

    Raises:
        BadInputError: when it is not in the form of such a file.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != FENCE or FENCE not in (rest := [x.rstrip() for x in lines[1:]]):
        raise BadInputError(
            N_("%(file)s: start the file with TOML between two lines of %(fence)s."),
            file=name,
            fence=FENCE,
        )
    end = rest.index(FENCE) + 1
    try:
        # The first line stands for the fence, so that errors count the lines of the file.
        head = tomllib.loads("\n".join(["", *lines[1:end]]))
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(
            N_("%(file)s: the part between %(fence)s is not TOML: %(reason)s."),
            file=name,
            fence=FENCE,
            reason=error,
        ) from None
    return _with_head(head, "\n".join(lines[end + 1 :]), name).tidied()


def _with_head(head: dict[str, Any], body: str, name: str) -> EditorialText:
    unknown = head.keys() - {*_TEXTS, *_DAYS, "sources"}
    if unknown:
        raise BadInputError(
            N_("%(file)s: nothing is called “%(name)s” here."), file=name, name=min(unknown)
        )
    for key in _TEXTS:
        if not isinstance(head.get(key, ""), str):
            raise BadInputError(
                N_("%(file)s: %(name)s must be text in quotes."), file=name, name=key
            )
    for key in _DAYS:
        # A moment is a date for Python, too.
        if not isinstance(day := head.get(key, date.min), date) or isinstance(day, datetime):
            raise BadInputError(
                N_("%(file)s: %(name)s must be a date such as 2027-11-25, without quotes."),
                file=name,
                name=key,
            )
    if "author_role" not in head:
        raise BadInputError(N_("%(file)s: author_role is missing."), file=name)
    return EditorialText(**{**head, "body": body, "sources": _as_sources(head, name)})


def _as_sources(head: dict[str, Any], name: str) -> tuple[Source, ...]:
    rows = head.get("sources", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInputError(N_("%(file)s: each source starts with [[sources]]."), file=name)
    return tuple(_as_source(row, name) for row in rows)


def _as_source(row: dict[str, Any], name: str) -> Source:
    for key in ("id", "title", "publisher"):
        if key not in row:
            raise BadInputError(N_("%(file)s: a source has no %(name)s."), file=name, name=key)
    for key, value in row.items():
        if key not in _SOURCE:
            raise BadInputError(
                N_("%(file)s: a source cannot have “%(name)s”."), file=name, name=key
            )
        if type(value) is not _SOURCE[key]:
            raise BadInputError(
                N_("%(file)s: the year of a source must be a number without quotes.")
                if key == "year"
                else N_("%(file)s: the %(name)s of a source must be text in quotes."),
                file=name,
                name=key,
            )
    return Source(**row)


def write_content(text: EditorialText) -> str:
    """Return the words of a file; ``parse_content`` returns the answer again."""
    head: dict[str, Any] = {"title": text.title} if text.title else {}
    head |= {"author_role": text.author_role, "reviewer": text.reviewer}
    head |= {key: day for key in _DAYS if (day := getattr(text, key))}
    # One by one, because the library would put several short ones on one line.
    rows = (f"\n[[sources]]\n{tomli_w.dumps(_as_row(source))}" for source in text.sources)
    return f"{FENCE}\n{tomli_w.dumps(head)}{''.join(rows)}{FENCE}\n{text.body}\n"


def _as_row(source: Source) -> dict[str, Any]:
    row = {key: getattr(source, key) for key in _SOURCE}
    return {key: value for key, value in row.items() if value or key in ("id", "title")}
