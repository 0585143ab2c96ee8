"""What can go wrong, without a word about HTTP. ``web/core/failures.py`` turns these into statuses.

Each message is written for the person who reads it: what is wrong, and what to do next. It is
marked for translation where it is written, and its values are kept apart from it, so that it can
be said in the reader's language where it is shown (docs/words.md).
"""


class Words(str):
    """A message in English, marked for translation; ``%(name)s`` stands for a value."""

    __slots__ = ()


class Plural(Words):
    """A message about a number of things, the value ``n``: itself for one, ``many`` for others."""

    __slots__ = ("many",)

    many: str

    def __new__(cls, one: str, many: str = "") -> "Plural":
        """Return the message for one thing, which knows the message for several."""
        words = super().__new__(cls, one)
        words.many = many
        return words


NO_WORDS = Words()
"""Says nothing, in every language."""


def N_(message: str) -> Words:  # noqa: N802, gettext's name for it, which extraction looks for
    """Mark ``message`` for translation, which happens where it is shown."""
    return Words(message)


def Nn_(one: str, many: str) -> Plural:  # noqa: N802, like N_, for gettext's ngettext
    """Mark a message whose form depends on the value ``n``."""
    return Plural(one, many)


class MapappError(Exception):
    """The family: a clear refusal that changes nothing.

    ``message`` is the message as it was marked and ``values`` what is put in its places: numbers,
    names, other marked words or another of these errors. ``str(error)`` is the English text.
    """

    def __init__(self, message: Words, /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        """Return the English text with its values put in."""
        return in_english(self.message, self.values)


def in_english(message: Words, values: dict[str, object]) -> str:
    """Return ``message`` with its values put in; numbers are grouped by commas."""
    text = message.many if isinstance(message, Plural) and values["n"] != 1 else str(message)
    return text % {name: _shown(value) for name, value in values.items()} if values else text


def _shown(value: object) -> object:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}" if is_number else value


class BadInputError(MapappError):
    """What was given cannot be used; the message says what would be."""


class NotFoundError(MapappError):
    """There is no such thing, or not for this person."""


class NotAllowedError(MapappError):
    """The person may not do this."""


class LimitError(MapappError):
    """A limit of privacy rule 6 was reached; the message says when to come back."""


class OutOfReachError(BadInputError):
    """A point so far from any land that no area receives it."""


class DataError(MapappError):
    """A file that ships with the program is missing or damaged."""
