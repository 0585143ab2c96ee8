"""The language and writing direction of a page, and what the floors below say in it."""

from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, g, has_app_context, request
from flask_babel import Babel, get_locale, get_translations

from mapapp import paths
from mapapp.domain.core.translations import Language, language_of
from mapapp.errors import MapappError, Words
from mapapp.settings import Settings


def init_languages(app: Flask, settings: Settings) -> None:
    """Choose the language by what the browser asks for, among those the site offers."""
    offered = settings.offered_languages
    app.config["BABEL_DEFAULT_LOCALE"] = offered[0]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(paths.TRANSLATIONS)

    def _choose() -> str | None:
        return request.accept_languages.best_match(offered, offered[0])

    Babel(app, locale_selector=_choose)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: _catalogue().ugettext(words),
        lambda one, many, n: _catalogue().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        page_language=page_language, page_direction=page_direction, translated=translated
    )


def current_locale() -> Locale:
    """Return the locale of this request, English outside of one."""
    if not has_app_context():
        return Locale("en")
    # Kept, because a page asks hundreds of times, and the extension looks it up each time.
    if "locale" not in g:
        g.locale = get_locale()
    return g.locale  # type: ignore[no-any-return]


def _catalogue() -> Translations:
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue  # type: ignore[no-any-return]


def this_language() -> Language:
    """Return the language of this request, in which the floors below can speak."""
    if not has_app_context():
        return language_of("en")
    if "language" not in g:
        g.language = language_of(str(current_locale()))
    return g.language  # type: ignore[no-any-return]


def decimal_words(number: float, pattern: str | None = None) -> str:
    """Return a number as the page's language writes it, in ``pattern`` of Unicode's CLDR."""
    return _decimal_words(number, pattern, current_locale())


@lru_cache(maxsize=10_000)
def _decimal_words(number: float, pattern: str | None, locale: Locale) -> str:
    return format_decimal(number, pattern, locale=locale)


def page_language() -> str:
    """Return the value of ``lang`` for this page."""
    return str(current_locale()).replace("_", "-")


def page_direction() -> str:
    """Return the value of ``dir`` for this page: ``ltr`` or ``rtl``."""
    return "rtl" if current_locale().character_order == "right-to-left" else "ltr"


def translated(what: Words | MapappError, /, **values: object) -> str:
    """Return a marked message, or what went wrong, in the language of this page.

    Args:
        what: a message with its ``values``, or an error, which has its own.
    """
    language = this_language()
    if isinstance(what, MapappError):
        return language.explain(what)
    return language.say(what, **values)
