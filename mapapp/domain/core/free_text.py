"""What a message can be, and the states it can be in."""

import unicodedata

from mapapp.errors import N_, BadInputError

SENT = "sent"
HELD = "held"
"""Not delivered: it waits for a moderator."""
REMOVED = "removed"
"""By a moderator; its text is gone."""
BARRED = "barred"
"""Never delivered, because of a block on another map; to its writer it looks sent."""
UNDELIVERED = (HELD, BARRED)
"""States in which nobody but its writer reads a message."""

LONGEST_TEXT = 5_000
NOT_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})  # Unicode categories that no text is made of
DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reverse what follows, which may be the page's own words."""


def clean_message(text: str) -> str:
    """Return a message as it is stored.

    Raises:
        BadInputError: when nothing is left, or it is too long.
    """
    tidy = clean_text(text)
    if not tidy:
        raise BadInputError(N_("Write something first."))
    if len(tidy) > LONGEST_TEXT:
        raise BadInputError(N_("A message has at most 5,000 characters. Send it in two parts."))
    return tidy


def clean_text(text: str) -> str:
    """Return ``text`` with its paragraphs, without non-text characters; '' if nothing is left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ["".join(c for c in line if _is_text(c)).rstrip() for line in lines]
    tidy = "\n".join(kept).strip()
    while "\n\n\n" in tidy:
        tidy = tidy.replace("\n\n\n", "\n\n")
    return tidy if any(unicodedata.category(c)[0] not in "ZC" for c in tidy) else ""


def _is_text(character: str) -> bool:
    return (
        character == "\t" or unicodedata.category(character) not in NOT_TEXT
    ) and character not in DIRECTION
