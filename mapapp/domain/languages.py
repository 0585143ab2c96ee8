"""The languages people can say they speak, with their names from CLDR."""

from functools import lru_cache

from babel import Locale
from babel.localedata import locale_identifiers

MOST = 4
"""How many languages a member can list."""

# CLDR has data for these, but nobody lists them as a language they speak with others.
LEFT_OUT = frozenset({"root", "und", "mul", "zxx"})


@lru_cache
def language_codes() -> frozenset[str]:
    """Return the BCP 47 primary tags of all languages CLDR has data for, such as ``en``."""
    tags = {identifier.split("_")[0] for identifier in locale_identifiers()}
    english = Locale("en").languages
    return frozenset(tag for tag in tags - LEFT_OUT if tag in english)


def language_name(code: str, locale: Locale) -> str:
    """Return the name of language ``code`` in ``locale``, or the code where it has none."""
    return locale.languages.get(code) or Locale("en").languages.get(code) or code


@lru_cache(maxsize=64)
def language_choices(locale_tag: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every language, by name, named in the language of ``locale_tag``."""
    locale = Locale.parse(locale_tag)
    named = [(code, language_name(code, locale)) for code in language_codes()]
    return tuple(sorted(named, key=lambda pair: (pair[1].casefold(), pair[0])))
