"""Whom readers choose among the people near a place: choices, which may stand in an address."""

from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from mapapp.domain.core.choices import ROLE_LABELS
from mapapp.domain.core.languages import language_codes
from mapapp.errors import N_, BadInputError
from mapapp.web.core.parsing import one_of
from mapapp.web.members.own_place import Reader

MOST_ASKED = 10
"""So many languages can be asked for at once."""
MINE = "mine"
"""People of about the reader's own age, as an address says it."""


@dataclass(frozen=True)
class Choice:
    """A role, languages of which people have to speak one, and the reader's age; none: everyone."""

    role: str | None = None
    languages: tuple[str, ...] = ()
    my_age: bool = False

    def __bool__(self) -> bool:
        return bool(self.role or self.languages or self.my_age)

    def args(self) -> dict[str, Any]:
        """Return the choice as arguments of an address."""
        found: dict[str, Any] = {"role": self.role} if self.role else {}
        if self.languages:
            found["language"] = list(self.languages)
        return {**found, "age": MINE} if self.my_age else found

    def open_to(self, reader: Reader) -> "Choice":
        """Return what of it the reader can choose: by age, only who shows theirs."""
        return replace(self, my_age=self.my_age and reader.birth_decade is not None)


ANYONE = Choice()


def asked_choice(given: MultiDict[str, str]) -> Choice:
    """Return the choice in an address or a form.

    Raises:
        BadInputError: for what is not offered, or too many languages.
    """
    role = one_of(given.get("role", ""), ROLE_LABELS, N_("There is no such role."))
    tags = tuple(dict.fromkeys(filter(None, given.getlist("language"))))
    for tag in tags:
        one_of(tag, language_codes(), N_("There is no such language."))
    if len(tags) > MOST_ASKED:
        raise BadInputError(N_("Choose at most %(most)s languages."), most=MOST_ASKED)
    age = one_of(given.get("age", ""), {MINE}, N_("There is no such choice of age."))
    return Choice(role, tags, bool(age))
