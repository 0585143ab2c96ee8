"""Rules for what members write for everyone: length, role, who sees the name, and order."""

import math
import re
from dataclasses import dataclass

from mapapp.domain.core.choices import ROLE_LABELS
from mapapp.domain.core.free_text import clean_text
from mapapp.domain.core.hidden_reasons import NOT_HIDDEN, HiddenReason
from mapapp.domain.core.visibilities import (
    MEMBERS,
    NOBODY,
    PUBLIC,
    SIGNED_IN,
    VISITOR,
    visibilities_for,
)
from mapapp.domain.core.visible_text import clean_line
from mapapp.errors import N_, BadInputError, Words

SPEAKERS = {
    key: ROLE_LABELS[key] for key in ("self", "parent", "family", "clinician", "researcher")
}
"""The roles in which a member may answer."""

NAME_CHOICES = {
    MEMBERS: N_("Members: only people who are signed in see your pseudonym"),
    PUBLIC: N_("Everyone: any visitor sees your pseudonym"),
    NOBODY: N_(
        "Nobody: readers see only whether you live with it, care for someone, treat "
        "it or research it"
    ),
}
"""Who sees the pseudonym beside a text that everyone can read; the first is the default."""

NAME_LABELS = {
    MEMBERS: N_("your pseudonym for members"),
    PUBLIC: N_("your pseudonym for everyone"),
    NOBODY: N_("without your pseudonym"),
}

SHORTEST_ANSWER, LONGEST_ANSWER = 20, 5_000
SHORTEST_STORY, LONGEST_STORY = 200, 20_000
SHORTEST_STORY_TITLE, LONGEST_STORY_TITLE = 5, 100
MOST_YEARS = 120
DAYS_TO_EDIT = 1
"""So many days after the first a change leaves no version behind."""

SHOWN_DESPITE = (NOT_HIDDEN, HiddenReason.NO_ANSWER)
"""With these reasons a text is shown; where there is one, without its writer's name."""

HELPFUL, NEWEST = "helpful", "newest"
ORDERS = (HELPFUL, NEWEST)

Z = 1.96
"""Of the normal distribution, for 95 of 100 cases."""

_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+(?=\S)")
_NUMBERED = re.compile(r"\s*(\d{1,2})[.)]\s")


@dataclass(frozen=True)
class Block:
    """A paragraph (``kind`` "p"), or a list ("ul", "ol"); each line or item is plain text.

    Attributes:
        first: the number with which an "ol" begins; its items count on from there.
    """

    kind: str
    lines: tuple[str, ...]
    first: int = 1


def levels_for(signed_in: bool) -> tuple[str, ...]:
    """Return the choices of ``NAME_CHOICES`` with which this reader sees a name."""
    return visibilities_for(SIGNED_IN if signed_in else VISITOR)


def wilson_lower(helpful: int, votes: int) -> float:
    """Return the lower end of the Wilson score interval for the share of helpful votes.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212. Few
    votes say little, so 8 of 10 stand before 1 of 1.

    Returns:
        From 0 to 1; 0 without votes.
    """
    if votes == 0:
        return 0.0
    share, z2 = helpful / votes, Z * Z
    spread = Z * math.sqrt((share * (1 - share) + z2 / (4 * votes)) / votes)
    return max(0.0, (share + z2 / (2 * votes) - spread) / (1 + z2 / votes))


def checked_answer(text: str) -> str:
    """Return an answer as it is stored.

    Raises:
        BadInputError: when it is too short or too long.
    """
    return _checked(
        text, SHORTEST_ANSWER, LONGEST_ANSWER, N_("An answer has 20 to 5,000 characters.")
    )


def checked_story(text: str) -> str:
    """Return a story as it is stored.

    Raises:
        BadInputError: when it is too short or too long.
    """
    return _checked(
        text, SHORTEST_STORY, LONGEST_STORY, N_("A story has 200 to 20,000 characters.")
    )


def checked_title(text: str) -> str:
    """Return the title of a story as it is stored.

    Raises:
        BadInputError: when it is too short or too long.
    """
    refusal = N_("Give it a title of 5 to 100 characters.")
    return _checked(clean_line(text), SHORTEST_STORY_TITLE, LONGEST_STORY_TITLE, refusal)


def checked_years(years: int | None) -> int | None:
    """Return for how many years the member has lived with a condition.

    Raises:
        BadInputError: for a number that nobody has.
    """
    if years is not None and not 0 <= years <= MOST_YEARS:
        raise BadInputError(N_("Give the years as a number from 0 to 120, or leave them out."))
    return years


def blocks(text: str) -> list[Block]:
    """Return a text as paragraphs and lists, for a page to show as plain text."""
    return [block for part in text.split("\n\n") for block in _blocks_of(part.split("\n"))]


def _blocks_of(lines: list[str]) -> list[Block]:
    found: list[tuple[str, int, list[str]]] = []
    for line in filter(str.strip, lines):
        item, numbered = _ITEM.match(line), _NUMBERED.match(line)
        kind = "p" if item is None else "ol" if numbered else "ul"
        number = int(numbered[1]) if numbered else 1
        # Numbers are words too, as in "3. May": a list shows those that were written.
        if not found or not _goes_on(*found[-1], kind, number):
            found.append((kind, number, []))
        found[-1][2].append(line[item.end() :] if item else line.strip())
    return [Block(kind, tuple(words), first) for kind, first, words in found]


def _goes_on(before: str, first: int, items: list[str], kind: str, number: int) -> bool:
    return before == kind and (kind != "ol" or number == first + len(items))


def _checked(text: str, shortest: int, longest: int, refusal: Words) -> str:
    tidy = clean_text(text)
    if not shortest <= len(tidy) <= longest:
        raise BadInputError(refusal)
    return tidy
