"""Whom readers choose among the people near a place: choices, which may stand in an address."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from mapapp.domain.core.choices import ROLE_LABELS
from mapapp.domain.core.languages import language_codes
from mapapp.errors import N_, BadInputError
from mapapp.web.core.parsing import one_of

MOST_ASKED = 10
"""So many languages can be asked for at once."""


@dataclass(frozen=True)
class Choice:
    """A role, and languages of which people have to speak one; neither, and it is everyone."""

    role: str | None = None
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.role or self.languages)

    def args(self) -> dict[str, Any]:
        """Return the choice as arguments of an address."""
        found: dict[str, Any] = {"role": self.role} if self.role else {}
        return {**found, "language": list(self.languages)} if self.languages else found


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
    return Choice(role, tags)
