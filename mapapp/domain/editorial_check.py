"""Whether an editorial answer is complete: nothing is published that nobody can look up."""

import re
from datetime import date

from mapapp.domain.editorial import (
    AUTHOR_ROLES,
    LONGEST_BODY,
    LONGEST_REVIEWER,
    SHORTEST_BODY,
    EditorialText,
    WrongPartError,
    checked_sources,
)
from mapapp.domain.markdown import SECTION, heading_levels, sections
from mapapp.domain.questions import checked_title

_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(\s[^<>]*)?/?>|<!--")
_IMAGE = re.compile(r"!\[[^\]]*\]\(")


def checked_editorial(text: EditorialText, today: date) -> EditorialText:
    """Return ``text`` tidied, as it may be published.

    Raises:
        BadInputError: saying what to mend.
    """
    found = checked_draft(text, today)
    if not SHORTEST_BODY <= len(found.body) <= LONGEST_BODY:
        raise WrongPartError("body", f"The answer has {SHORTEST_BODY} to {LONGEST_BODY:,} letters.")
    _check_marks(found.body)
    _check_headings(heading_levels(found.body))
    _check_citations(found)
    return found


def checked_draft(text: EditorialText, today: date) -> EditorialText:
    """Return ``text`` tidied, as it may be kept until it is complete.

    Raises:
        BadInputError: saying what to mend.
    """
    found = text.tidied()
    if found.author_role not in AUTHOR_ROLES:
        raise WrongPartError("author_role", f"Say who wrote it: {', '.join(AUTHOR_ROLES)}.")
    if len(found.body) > LONGEST_BODY:
        raise WrongPartError("body", f"The answer has at most {LONGEST_BODY:,} letters.")
    if len(found.reviewer) > LONGEST_REVIEWER:
        raise WrongPartError(
            "reviewer", f"The reviewer's name has at most {LONGEST_REVIEWER} letters."
        )
    _check_days(found, today)
    checked_sources(found.sources, today.year)
    if found.title:
        checked_title(found.title)
    return found


def _check_days(text: EditorialText, today: date) -> None:
    if text.reviewed and not text.reviewer:
        raise WrongPartError("reviewer", "Say who reviewed it, or leave the day of the review out.")
    if text.reviewed and text.reviewed > today:
        raise WrongPartError(
            "reviewed", "The day of the review lies in the future. Give the day it was done."
        )
    if text.reviewed and text.review_due and text.review_due <= text.reviewed:
        raise WrongPartError(
            "review_due", "The next review is due after the last one. Give a later day."
        )


def _check_marks(body: str) -> None:
    if found := _HTML.search(body):
        raise WrongPartError(
            "body", f"Write Markdown without HTML: “{found.group()[:40]}” would be text."
        )
    if _IMAGE.search(body):
        raise WrongPartError("body", "Pictures are not shown. Say it in words.")


def _check_headings(levels: list[int]) -> None:
    for at, level in enumerate(levels):
        if level not in {SECTION, SECTION + 1} or (at == 0 and level != SECTION):
            raise WrongPartError(
                "body",
                "Begin sections with “##” and parts of a section with “###”. Use no other heading.",
            )


def _check_citations(text: EditorialText) -> None:
    parts = sections(text.body)
    cited = {name for part in parts for name in part.cited}
    known = {source.id for source in text.sources}
    for part in parts[1:] or parts:
        if not part.cited:
            where = f"The section “{part.heading}”" if part.heading else "The answer"
            raise WrongPartError("body", f"{where} names no source. Cite one: [^id].")
    if unknown := sorted(cited - known):
        raise WrongPartError(
            "body", f"[^{unknown[0]}] is cited, but there is no source with this id."
        )
    if idle := sorted(known - cited):
        raise WrongPartError(
            "sources", f"Source “{idle[0]}” is not cited. Cite it, or take it out."
        )
