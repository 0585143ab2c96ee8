"""Rounded numbers of treatments in words, and as the lengths of bars."""

from collections.abc import Iterable

from flask import Flask
from flask_babel import gettext as _

from mapapp.domain.knowledge.treatment_list import OUTCOMES
from mapapp.domain.published.counts import SMALL, PublicUses, drawn
from mapapp.web.core.locale import translated
from mapapp.web.published.presenters import number_words, people_words


def init_treatment_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        about_people=about_people,
        bar_length=bar_length,
        outcome_of=lambda key: translated(OUTCOMES[key]),
        outcomes=tuple(OUTCOMES),
        shown_words=shown_words,
        use_words=use_words,
    )


def shown_words(shown: int | str) -> str:
    """Return a rounded number in words; how it was rounded is said beside it."""
    if isinstance(shown, str):
        return str(_("under %(n)s", n=number_words(SMALL)))
    return number_words(shown)


def about_people(shown: int | str) -> str:
    """Return ``about 45 people``."""
    if isinstance(shown, str):
        return str(_("fewer than %(n)s people", n=number_words(SMALL)))
    return str(_("about %(people)s", people=people_words(shown)))


def use_words(outcome: str, side_effects: bool) -> str:
    """Return how a treatment went for a member."""
    words = translated(OUTCOMES[outcome])
    return str(_("%(outcome)s, with side effects", outcome=words)) if side_effects else words


def longest_bar(uses: Iterable[PublicUses]) -> int:
    """Return the number that the longest bar of a chart stands for; 1 where there is none."""
    parts = (part for u in uses for part in (u.better, u.same, u.worse, u.side_effects))
    return max((drawn(part) for part in parts), default=0) or 1


def bar_length(shown: int | str, longest: int) -> str:
    """Return how long a bar is, of the longest one, as an SVG attribute."""
    return f"{drawn(shown) / longest:.1%}"
