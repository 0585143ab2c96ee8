"""Whether an editorial answer is complete: nothing is published that nobody can look up."""

import re
from datetime import date

from mapapp.domain.knowledge.editorial_rules import (
    AUTHOR_ROLES,
    LONGEST_BODY,
    LONGEST_REVIEWER,
    SHORTEST_BODY,
    EditorialText,
    WrongPartError,
    checked_sources,
)
from mapapp.domain.knowledge.markdown import SECTION, heading_levels, sections
from mapapp.domain.knowledge.question_set import checked_title
from mapapp.errors import N_

_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(\s[^<>]*)?/?>|<!--")
_IMAGE = re.compile(r"!\[(?:(?!!\[)[^\]])*\]\(")


def checked_editorial(text: EditorialText, today: date) -> EditorialText:
    """Return ``text`` tidied, as it may be published.

    Raises:
        BadInputError: saying what to mend.
    """
    found = checked_draft(text, today)
    if not SHORTEST_BODY <= len(found.body) <= LONGEST_BODY:
        raise WrongPartError(
            "body",
            N_("The answer has %(least)s to %(most)s characters."),
            least=SHORTEST_BODY,
            most=LONGEST_BODY,
        )
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
        raise WrongPartError(
            "author_role", N_("Say who wrote it: %(roles)s."), roles=", ".join(AUTHOR_ROLES)
        )
    if len(found.body) > LONGEST_BODY:
        raise WrongPartError(
            "body", N_("The answer has at most %(most)s characters."), most=LONGEST_BODY
        )
    if len(found.reviewer) > LONGEST_REVIEWER:
        raise WrongPartError(
            "reviewer",
            N_("The reviewer’s name has at most %(most)s characters."),
            most=LONGEST_REVIEWER,
        )
    _check_days(found, today)
    checked_sources(found.sources, today.year)
    if found.title:
        checked_title(found.title)
    return found


def _check_days(text: EditorialText, today: date) -> None:
    if text.reviewed and not text.reviewer:
        raise WrongPartError(
            "reviewer", N_("Say who reviewed it, or leave out the date of the review.")
        )
    if text.reviewed and text.reviewed > today:
        raise WrongPartError(
            "reviewed", N_("The date of the review is in the future. Give the date it was done.")
        )
    if text.reviewed and text.review_due and text.review_due <= text.reviewed:
        raise WrongPartError(
            "review_due", N_("The next review must be after the last one. Give a later date.")
        )


def _check_marks(body: str) -> None:
    if found := _HTML.search(body):
        raise WrongPartError(
            "body",
            N_("Write Markdown without HTML: “%(found)s” would be shown as text."),
            found=found.group()[:40],
        )
    if _IMAGE.search(body):
        raise WrongPartError("body", N_("Pictures are not shown. Say it in words."))


def _check_headings(levels: list[int]) -> None:
    for at, level in enumerate(levels):
        if level not in {SECTION, SECTION + 1} or (at == 0 and level != SECTION):
            raise WrongPartError(
                "body",
                N_(
                    "Start sections with “##” and parts of a section with “###”. Do not "
                    "use any other heading."
                ),
            )


def _check_citations(text: EditorialText) -> None:
    parts = sections(text.body)
    cited = {name for part in parts for name in part.cited}
    known = {source.id for source in text.sources}
    for part in parts[1:] or parts:
        if not part.cited:
            raise WrongPartError(
                "body",
                N_("The section “%(heading)s” names no source. Cite one: [^id].")
                if part.heading
                else N_("The answer names no source. Cite one: [^id]."),
                heading=part.heading,
            )
    if unknown := sorted(cited - known):
        raise WrongPartError(
            "body",
            N_("[^%(source)s] is cited, but there is no source with this id."),
            source=unknown[0],
        )
    if idle := sorted(known - cited):
        raise WrongPartError(
            "sources",
            N_("Source “%(source)s” is not cited. Cite it, or take it out."),
            source=idle[0],
        )
