"""Released numbers in words, and numbers as the lengths of bars (``templates/bars.html``)."""

from flask import Flask
from flask_babel import gettext as _

from mapapp.web.published.presenters import number_words


def init_bar_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(bar_length=bar_length, shown_words=shown_words)


def shown_words(shown: int | None, least: int) -> str:
    """Return a released number in words; ``None`` is one that is too small to be shown."""
    if shown is None:
        return str(_("under %(n)s", n=number_words(least)))
    return str(_("about %(n)s", n=number_words(shown)))


def bar_length(shown: int, longest: int) -> str:
    """Return how long a bar is, of the longest one, as an SVG attribute."""
    return f"{shown / longest:.1%}"
