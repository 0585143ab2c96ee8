"""The language and writing direction of a page."""

from babel import Locale
from flask import Flask, request
from flask_babel import Babel, get_locale

from mapapp.settings import Settings


def init_languages(app: Flask, settings: Settings) -> None:
    """Choose the language by what the browser asks for, among those the site offers."""
    offered = [tag.strip() for tag in settings.languages.split(",") if tag.strip()]
    app.config["BABEL_DEFAULT_LOCALE"] = offered[0]

    def _choose() -> str | None:
        return request.accept_languages.best_match(offered, offered[0])

    Babel(app, locale_selector=_choose)
    app.jinja_env.globals.update(page_language=page_language, page_direction=page_direction)


def current_locale() -> Locale:
    """Return the locale of this request, English outside of one."""
    return get_locale() or Locale("en")


def page_language() -> str:
    """Return the value of ``lang`` for this page."""
    return str(current_locale()).replace("_", "-")


def page_direction() -> str:
    """Return the value of ``dir`` for this page: ``ltr`` or ``rtl``."""
    return "rtl" if current_locale().character_order == "right-to-left" else "ltr"
