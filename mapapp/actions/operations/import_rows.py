"""A row of an import: the person it describes, and the marks by which it is known again."""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.csv_rows import Fields
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.keyed_hash import keyed_hash
from mapapp.domain.core.languages import MOST_LANGUAGES, language_codes
from mapapp.domain.core.visibilities import VISIBILITIES
from mapapp.domain.members.pseudonyms import clean_pseudonym, suggest_pseudonym
from mapapp.errors import N_, BadInputError

DEFAULT_ROLE = "self"
DEFAULT_VISIBILITY = VISIBILITIES[0]
"""What the row does not say. The importer must have asked people before; docs/commands.md."""

ROW_ID = "id"
_SEPARATORS = re.compile(r"[\s,;|/]+")


@dataclass(frozen=True)
class Person:
    """What a row says. ``pseudonym`` is '' where one is to be made up; ``zone`` is an area's id."""

    pseudonym: str
    role: str
    visibility: str
    languages: tuple[str, ...]
    zone: int

    def shown_name(self) -> str:
        """Return the pseudonym, or a friendly one, another each time."""
        return self.pseudonym or suggest_pseudonym(random.SystemRandom())


def person_of(fields: Fields, zone: int, site_name: str) -> Person:
    """Return the person that a row describes.

    Raises:
        BadInputError: for a value that cannot be; it does not repeat it.
    """
    pseudonym = fields.get("pseudonym", "")
    return Person(
        clean_pseudonym(pseudonym, site_name) if pseudonym else "",
        _choice("role", fields.get("role", ""), ROLES, DEFAULT_ROLE),
        _choice("visibility", fields.get("visibility", ""), VISIBILITIES, DEFAULT_VISIBILITY),
        _languages(fields.get("languages", "")),
        zone,
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
        self._secret, self._condition_id, self._name = secret, condition_id, name
        self._equal: Counter[str] = Counter()
        self._seen: set[str] = set()

    def content(self, person: Person) -> str:
        """Return a mark of all that is stored of a person; equal people have the same one."""
        return keyed_hash(
            self._secret,
            "import content",
            self._condition_id,
            str(load_areas().code[person.zone]),
            person.pseudonym,
            person.role,
            person.visibility,
            " ".join(sorted(person.languages)),
        )

    def key(self, row_id: str, content: str) -> str:
        """Return the mark of a row: of its id, else of its contents and how many equal ones came.

        Raises:
            BadInputError: for an id that came before.
        """
        if row_id:
            parts = ("id", row_id)
        else:
            self._equal[content] += 1
            parts = ("content", f"{content} {self._equal[content]}")
        key = keyed_hash(self._secret, "import row", self._condition_id, self._name, *parts)
        if key in self._seen:
            raise BadInputError(N_("An earlier row has the same id."))
        self._seen.add(key)
        return key
