"""The languages people can say they speak, with their names from CLDR."""

from functools import lru_cache

from babel import Locale
from babel.languages import get_official_languages
from babel.localedata import locale_identifiers

MOST_LANGUAGES = 4
"""How many languages a member can list."""

# CLDR has data for these, but nobody lists them as a language they speak with others.
NO_LANGUAGES = frozenset({"root", "und", "mul", "zxx"})


@lru_cache
def language_codes() -> frozenset[str]:
    """Return the BCP 47 primary tags of all languages CLDR has data for, such as ``en``."""
    tags = {identifier.split("_")[0] for identifier in locale_identifiers()}
    english = Locale("en").languages
    return frozenset(tag for tag in tags - NO_LANGUAGES if tag in english)


def language_name(code: str, locale: Locale) -> str:
    """Return the name of language ``code`` in ``locale``, or the code where it has none."""
    return locale.languages.get(code) or Locale("en").languages.get(code) or code


@lru_cache(maxsize=64)
def language_choices(locale_tag: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every language, by name, named in the language of ``locale_tag``."""
    locale = Locale.parse(locale_tag)
    named = [(code, language_name(code, locale)) for code in language_codes()]
    return tuple(sorted(named, key=lambda pair: (pair[1].casefold(), pair[0])))


@lru_cache(maxsize=256)
def countries_of_tag(tag: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a language tag that a browser sends tells about the reader's country.

    Args:
        tag: such as ``es-ES`` or ``es``; anything else tells nothing.

    Returns:
        The country (ISO 3166-1) that it names, if any; and otherwise those where its language is
        official.
    """
    language, *rest = tag.split("-")
    named = [part.upper() for part in rest if len(part) == 2 and part.isascii() and part.isalpha()]
    if named:
        return frozenset(named[:1]), frozenset()
    return frozenset(), _spoken_officially().get(language.lower(), frozenset())


@lru_cache(maxsize=1)
def _spoken_officially() -> dict[str, frozenset[str]]:
    """Return the countries of each official language."""
    spoken: dict[str, set[str]] = {}
    for country in map(str, Locale("en").territories):
        if len(country) == 2:
            for language in map(str, get_official_languages(country, de_facto=True)):
                spoken.setdefault(language.partition("_")[0], set()).add(country)
    return {language: frozenset(countries) for language, countries in spoken.items()}
