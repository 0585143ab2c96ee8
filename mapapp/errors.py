"""What can go wrong, without a word about HTTP. ``web/failures.py`` turns these into statuses.

Each message is written for the person who reads it: what is wrong, and what to do next.
"""


class MapappError(Exception):
    """The family: a clear refusal that changes nothing."""


class BadInputError(MapappError):
    """What was given cannot be used; the message says what would be."""


class NotFoundError(MapappError):
    """There is no such thing, or not for this person."""


class NotAllowedError(MapappError):
    """The person may not do this."""


class LimitError(MapappError):
    """A limit of PRIVACY rule 6 was reached; the message says when to come back."""


class OutOfReachError(BadInputError):
    """A point so far from any land that no area receives it."""


class DataError(MapappError):
    """A file that ships with the program is missing or damaged."""
