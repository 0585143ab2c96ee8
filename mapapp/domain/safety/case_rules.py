"""What can be reported, what moderators can do, and the states of a case.

The picture is in docs/moderation.md.
"""

from dataclasses import dataclass

from mapapp.domain.core.free_text import clean_text
from mapapp.errors import N_, BadInputError, NotFoundError, Words

PERSON, MESSAGE, CONTACT_REQUEST, READING = "person", "message", "knock", "reading"
GROWTH = "growth"
ANSWER, STORY, QUESTION, TREATMENT = "answer", "story", "question", "treatment"
KINDS = (PERSON, MESSAGE, CONTACT_REQUEST, ANSWER, STORY, QUESTION, TREATMENT, READING, GROWTH)
POSTS = (ANSWER, STORY)
REPORTED_KINDS = (PERSON, MESSAGE, CONTACT_REQUEST, *POSTS)
"""Kinds that can be reported on a page of their own."""
REMOVABLE = (*REPORTED_KINDS, QUESTION, TREATMENT)
HIDDEN_BY_REPORTS = (PERSON, *POSTS)
"""Kinds that are hidden until decided when two people who do not know each other report one."""


@dataclass(frozen=True)
class Category:
    """Why something is a case; the most urgent ones (0) are shown first."""

    words: Words
    urgency: int


MINOR, SELF_HARM, OUTING, HARASSMENT = "minor", "self-harm", "outing", "harassment"
MONEY, CURE, SPAM, OTHER = "money", "cure", "spam", "other"
HELD_CATEGORY, MUCH_READ, FAST_GROWTH = "held", "much-read", "growth"

CATEGORIES = {
    CURE: Category(N_("Sells a cure or a treatment"), 2),
    MONEY: Category(N_("Asks for money"), 2),
    MINOR: Category(N_("It is about someone under 18, or they seem to be under 18"), 0),
    SELF_HARM: Category(N_("Talks about harming themselves"), 0),
    HARASSMENT: Category(N_("Harasses or threatens"), 1),
    OUTING: Category(N_("Reveals who someone is"), 1),
    SPAM: Category(N_("Advertising, or the same text sent to many people"), 3),
    OTHER: Category(N_("Something else"), 3),
}
"""What members choose from when they report."""

OUR_CATEGORIES = {
    HELD_CATEGORY: Category(N_("Held before delivery"), 2),
    MUCH_READ: Category(N_("Read the names of very many people or areas"), 1),
    FAST_GROWTH: Category(N_("A map grew unusually fast"), 2),
}
"""What the site itself notices."""

OPEN, TAKEN, RESOLVED, APPEALED = "open", "taken", "resolved", "appealed"
CASE_STATES = (OPEN, TAKEN, RESOLVED, APPEALED)
UNDECIDED = (OPEN, TAKEN)
"""States in which another report joins a case; afterwards it opens a new one."""
TAKE, GIVE_BACK, RESOLVE, APPEAL, CLOSE = "take", "give back", "resolve", "appeal", "close"
CASE_MOVES = {
    (OPEN, TAKE): TAKEN,
    (TAKEN, GIVE_BACK): OPEN,
    (TAKEN, RESOLVE): RESOLVED,
    (RESOLVED, APPEAL): APPEALED,
    (APPEALED, CLOSE): RESOLVED,
}

NOTHING, REMOVE, WARN, SILENCE, SUSPEND = "nothing", "remove", "warn", "silence", "suspend"
ACTS = {
    NOTHING: N_("No action"),
    REMOVE: N_("Remove it"),
    WARN: N_("Warn"),
    SILENCE: N_("Silence for a time"),
    SUSPEND: N_("Suspend"),
}
SILENCE_DAYS = (1, 7, 30)
UPHELD, LIFTED = "upheld", "lifted"
SHORTEST_WORDS, LONGEST_WORDS = 10, 2_000
"""Fewest and most characters of a reason, and of an appeal."""

LONGEST_NOTE, LONGEST_REPORT = 1_000, 500
"""Most characters of a note on a case, and of what a reporter adds in their own words."""

REPORTS_TO_HIDE = 2
"""How many independent reports, by accounts older than a week, hide a piece until decided."""
CONTEXT = 3
"""How many messages before and after a reported one a moderator reads."""


CASE_CHANGED = N_("Someone was faster: this case has changed since you opened it.")


def next_state(state: str, act: str) -> str:
    """Return the state of a case to which ``act`` leads from ``state``.

    Raises:
        NotFoundError: when there is no such move.
    """
    if (state, act) not in CASE_MOVES:
        raise NotFoundError(CASE_CHANGED)
    return CASE_MOVES[state, act]


def acts_for(kind: str, *, has_left: bool = False) -> tuple[str, ...]:
    """Return what a moderator can do about a case of this kind.

    A person who has left cannot be told anything, and their text is gone. A person who read very
    much has written nothing that could be removed.
    """
    if has_left:
        return (NOTHING,)
    return tuple(act for act in ACTS if act != REMOVE or kind in REMOVABLE)


def checked_words(text: str) -> str:
    """Return a reason or an appeal as it is stored.

    Raises:
        BadInputError: when it is too short or too long.
    """
    tidy = clean_text(text)
    if not SHORTEST_WORDS <= len(tidy) <= LONGEST_WORDS:
        raise BadInputError(N_("Write 10 to 2,000 characters."))
    return tidy


def checked_note(text: str) -> str:
    """Return a note on a case as it is stored.

    Raises:
        BadInputError: when it is empty or too long.
    """
    tidy = clean_text(text)
    if not 0 < len(tidy) <= LONGEST_NOTE:
        raise BadInputError(N_("Write up to 1,000 characters."))
    return tidy


def checked_report(text: str) -> str:
    """Return what a reporter adds, as it is stored; '' for nothing.

    Raises:
        BadInputError: when it is too long.
    """
    tidy = clean_text(text)
    if len(tidy) > LONGEST_REPORT:
        raise BadInputError(N_("Write at most 500 characters."))
    return tidy
