"""A row of an import: the person it describes, and the marks by which it is known again."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.csv_rows import Fields
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.keyed_hash import many_digests
from mapapp.domain.core.languages import MOST_LANGUAGES, language_codes
from mapapp.domain.core.visibilities import VISIBILITIES
from mapapp.domain.members.pseudonyms import clean_pseudonym
from mapapp.errors import N_, BadInputError

DEFAULT_ROLE = "self"
DEFAULT_VISIBILITY = VISIBILITIES[0]
"""What the row does not say. The importer must have asked people before; docs/commands.md."""

ROW_ID = "id"
SHORT = 30  # hexadecimal digits
MOST_KEPT = 10_000
"""So many rows that differ are checked once, however often they come."""
_SEPARATORS = re.compile(r"[\s,;|/]+")


class Person(NamedTuple):
    """What a row says. ``pseudonym`` is '' where one is to be made up; ``zone`` is an area's id."""

    pseudonym: str
    role: str
    visibility: str
    languages: tuple[str, ...]
    zone: int


def person_of(fields: Fields, zone: int, site_name: str) -> Person:
    """Return the person that a row describes.

    Raises:
        BadInputError: for a value that cannot be; it does not repeat it.
    """
    said = fields.get
    return Person(
        _pseudonym(said("pseudonym", ""), site_name),
        *_choices(said("role", ""), said("visibility", ""), said("languages", "")),
        zone,
    )


@lru_cache(maxsize=MOST_KEPT)
def _pseudonym(text: str, site_name: str) -> str:
    return clean_pseudonym(text, site_name) if text else ""


@lru_cache(maxsize=MOST_KEPT)
def _choices(role: str, visibility: str, languages: str) -> tuple[str, str, tuple[str, ...]]:
    return (
        _choice("role", role, ROLES, DEFAULT_ROLE),
        _choice("visibility", visibility, VISIBILITIES, DEFAULT_VISIBILITY),
        _languages(languages),
    )


def _choice(column: str, text: str, choices: Iterable[str], default: str) -> str:
    if not text:
        return default
    if text.lower() not in choices:
        raise BadInputError(
            N_("%(column)s must be one of: %(choices)s."), column=column, choices=", ".join(choices)
        )
    return text.lower()


def _languages(text: str) -> tuple[str, ...]:
    tags = dict.fromkeys(tag.split("-")[0].lower() for tag in _SEPARATORS.split(text) if tag)
    if not tags.keys() <= language_codes():
        raise BadInputError(
            N_("languages must be codes such as en, de or pt, separated by spaces.")
        )
    if len(tags) > MOST_LANGUAGES:
        raise BadInputError(N_("languages can have at most %(most)s codes."), most=MOST_LANGUAGES)
    return tuple(tags)


class RowMarks:
    """Makes the marks by which rows of one import are known again.

    Both are keyed hashes, of what is stored and of the other map's id, never of a coordinate. So
    whoever holds the site's key can find out an area at most, which stands beside them anyway.

    Args:
        secret: the site's.
        condition_id: of the import.
        name: of the import; the same id in another import is another row.
    """

    def __init__(self, secret: str, condition_id: int, name: str) -> None:
        self._content = many_digests(secret, "import content", condition_id)
        self._key = many_digests(secret, "import row", condition_id, name)
        self._codes: list[str] = load_areas().code.tolist()
        self._equal: Counter[int] = Counter()
        self._seen: set[int] = set()

    def content(self, person: Person) -> str:
        """Return a mark of all that is stored of a person; equal people have the same one."""
        return self._content(
            self._codes[person.zone],
            person.pseudonym,
            person.role,
            person.visibility,
            " ".join(sorted(person.languages)),
        ).hex()

    def key(self, row_id: str, content: str) -> str:
        """Return the mark of a row: of its id, else of its contents and how many equal ones came.

        Raises:
            BadInputError: for an id that came before.
        """
        if not row_id:
            start = short_mark(content)
            self._equal[start] += 1
            return self._key("content", f"{content} {self._equal[start]}").hex()
        key = self._key("id", row_id).hex()
        if (start := short_mark(key)) in self._seen:
            raise BadInputError(N_("An earlier row has the same id."))
        self._seen.add(start)
        return key


def short_mark(mark: str) -> int:
    """Return the first 120 bits of a mark: enough to tell rows apart, in a third of the memory."""
    return int(mark[:SHORT], 16)
