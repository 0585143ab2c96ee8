"""What can be reported, what moderators can do, and the states of a case.

The picture is in docs/moderation.md.
"""

from dataclasses import dataclass

from mapapp.domain.messages import clean_message
from mapapp.domain.wording import _
from mapapp.errors import BadInputError, NotFoundError

PERSON, MESSAGE, KNOCK, READING = "person", "message", "knock", "reading"
ANSWER, STORY, QUESTION, TREATMENT = "answer", "story", "question", "treatment"
KINDS = (PERSON, MESSAGE, KNOCK, ANSWER, STORY, QUESTION, TREATMENT, READING)
POSTS = (ANSWER, STORY)
REPORTED = (PERSON, MESSAGE, KNOCK, *POSTS)
"""What has a page on which it can be reported."""
REMOVABLE = (*REPORTED, QUESTION, TREATMENT)
HIDDEN_BY_REPORTS = (PERSON, *POSTS)
"""What two people who do not know each other hide by reporting it, until it is decided."""


@dataclass(frozen=True)
class Category:
    """Why something is a case; the most urgent ones (0) are shown first."""

    words: str
    urgency: int


MINOR, SELF_HARM, OUTING, HARASSMENT = "minor", "self-harm", "outing", "harassment"
MONEY, CURE, SPAM, OTHER = "money", "cure", "spam", "other"
HELD, MUCH_READ = "held", "much-read"

CATEGORIES = {
    CURE: Category(_("Sells a cure or a treatment"), 2),
    MONEY: Category(_("Asks for money"), 2),
    MINOR: Category(_("It is about a minor, or they seem to be one"), 0),
    SELF_HARM: Category(_("Speaks of harming themself"), 0),
    HARASSMENT: Category(_("Harasses or threatens"), 1),
    OUTING: Category(_("Tells who somebody is"), 1),
    SPAM: Category(_("Advertising, or the same text to many"), 3),
    OTHER: Category(_("Something else"), 3),
}
"""What members choose from when they report."""

OUR_CATEGORIES = {
    HELD: Category(_("Held before delivery"), 2),
    MUCH_READ: Category(_("Read very many people or areas"), 1),
}
"""What the site itself notices."""

OPEN, TAKEN, RESOLVED, APPEALED = "open", "taken", "resolved", "appealed"
STATES = (OPEN, TAKEN, RESOLVED, APPEALED)
UNDECIDED = (OPEN, TAKEN)
"""States in which another report joins a case; afterwards it opens a new one."""
TAKE, GIVE_BACK, RESOLVE, APPEAL, CLOSE = "take", "give back", "resolve", "appeal", "close"
MOVES = {
    (OPEN, TAKE): TAKEN,
    (TAKEN, GIVE_BACK): OPEN,
    (TAKEN, RESOLVE): RESOLVED,
    (RESOLVED, APPEAL): APPEALED,
    (APPEALED, CLOSE): RESOLVED,
}

NOTHING, REMOVE, WARN, SILENCE, SUSPEND = "nothing", "remove", "warn", "silence", "suspend"
ACTS = {
    NOTHING: _("No action"),
    REMOVE: _("Remove it"),
    WARN: _("Warn"),
    SILENCE: _("Silence for a time"),
    SUSPEND: _("Suspend"),
}
SILENCE_DAYS = (1, 7, 30)
UPHELD, LIFTED = "upheld", "lifted"
SHORTEST_WORDS, LONGEST_WORDS = 10, 2_000
"""Letters of a reason, and of an appeal."""

REPORTS_TO_HIDE = 2
"""So many independent reports, of accounts older than a week, hide a piece until it is decided."""
CONTEXT = 3
"""So many messages before and after a reported one does a moderator read."""


def next_state(state: str, act: str) -> str:
    """Return the state of a case to which ``act`` leads from ``state``.

    Raises:
        NotFoundError: when there is no such move.
    """
    if (state, act) not in MOVES:
        raise NotFoundError("Somebody was faster: this case is in another state by now.")
    return MOVES[state, act]


def acts_for(kind: str, *, has_left: bool = False) -> tuple[str, ...]:
    """Return what a moderator can do about a case of this kind.

    Who has left can be told nothing, and took along what they wrote. Who read very much made
    nothing that could be removed.
    """
    if has_left:
        return (NOTHING,)
    return tuple(act for act in ACTS if act != REMOVE or kind in REMOVABLE)


def checked_words(text: str) -> str:
    """Return a reason or an appeal as it is stored.

    Raises:
        BadInputError: when it is too short or too long.
    """
    tidy = clean_message(text) if text.strip() else ""
    if not SHORTEST_WORDS <= len(tidy) <= LONGEST_WORDS:
        raise BadInputError("Write 10 to 2,000 letters.")
    return tidy
