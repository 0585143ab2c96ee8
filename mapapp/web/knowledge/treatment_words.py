"""Released numbers of treatments in words, and as the lengths of bars."""

from flask import Flask
from flask_babel import gettext as _

from mapapp.domain.knowledge.treatment_list import OUTCOMES
from mapapp.web.core.locale import translated
from mapapp.web.published.presenters import number_words


def init_treatment_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        bar_length=bar_length,
        outcome_of=lambda key: translated(OUTCOMES[key]),
        outcomes=tuple(OUTCOMES),
        shown_words=shown_words,
        use_words=use_words,
    )


def shown_words(shown: int | None, least: int) -> str:
    """Return a released number in words; ``None`` is one that is too small to be shown."""
    if shown is None:
        return str(_("under %(n)s", n=number_words(least)))
    return str(_("about %(n)s", n=number_words(shown)))


def use_words(outcome: str, side_effects: bool) -> str:
    """Return how a treatment went for a member."""
    words = translated(OUTCOMES[outcome])
    return str(_("%(outcome)s, with side effects", outcome=words)) if side_effects else words


def bar_length(shown: int, longest: int) -> str:
    """Return how long a bar is, of the longest one, as an SVG attribute."""
    return f"{shown / longest:.1%}"
