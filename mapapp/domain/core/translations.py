"""Messages in the languages of the site: catalogues are loaded, and values put in, here alone.

Pages, mails and commands show the messages of the rules through this module. English is in the
code itself; every other language is a compiled catalogue (docs/words.md).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal
from babel.support import Translations

from mapapp.errors import MapappError, Plural, Words
from mapapp.paths import catalogue_of


@dataclass(frozen=True)
class Language:
    """A language to say messages in."""

    locale: Locale
    catalogue: NullTranslations

    def say(self, message: str, /, **values: object) -> str:
        """Return ``message`` in this language with its values put in."""
        return self._filled(message, values)

    def explain(self, error: MapappError) -> str:
        """Return in this language what went wrong, and what to do next."""
        return self._filled(error.message, error.values)

    def _filled(self, message: str, values: Mapping[str, object]) -> str:
        text = self._translated(message, values)
        return (
            text % {name: self._shown(value) for name, value in values.items()} if values else text
        )

    def _translated(self, message: str, values: Mapping[str, object]) -> str:
        if isinstance(message, Plural):
            return self.catalogue.ngettext(str(message), message.many, int(str(values["n"])))
        # The catalogue's answer to the empty message is its own header.
        return self.catalogue.gettext(message) if message else ""

    def _shown(self, value: object) -> str:
        if isinstance(value, MapappError):
            return self.explain(value)
        if isinstance(value, Words):
            return self.say(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return format_decimal(value, locale=self.locale)
        return str(value)


ENGLISH = Language(Locale("en"), NullTranslations())


def language_of(tag: str) -> Language:
    """Return the language ``tag``; its words are English where the site has no others."""
    return _language(tag, catalogue_of(tag))


@lru_cache
def _language(tag: str, catalogue: Path | None) -> Language:
    if catalogue is None:
        return Language(Locale.parse(tag), NullTranslations())
    with catalogue.open("rb") as file:
        return Language(Locale.parse(tag), Translations(file))


def first_spoken(offered: Sequence[str], spoken: Collection[str]) -> Language:
    """Return the first language of the site that is spoken, else the site's default.

    Args:
        offered: the languages of the site, the default first.
        spoken: languages as members name them, without a country.
    """
    known = (tag for tag in offered if Locale.parse(tag).language in spoken)
    return language_of(next(known, offered[0]))
