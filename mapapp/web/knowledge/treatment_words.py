"""How treatments went, in words."""

from flask import Flask
from flask_babel import gettext as _

from mapapp.domain.knowledge.treatment_list import OUTCOMES
from mapapp.web.core.locale import translated


def init_treatment_words(app: Flask) -> None:
    """Give templates the words of this module."""
    app.jinja_env.globals.update(
        outcome_of=lambda key: translated(OUTCOMES[key]),
        outcomes=tuple(OUTCOMES),
        use_words=use_words,
    )


def use_words(outcome: str, side_effects: bool) -> str:
    """Return how a treatment went for a member."""
    words = translated(OUTCOMES[outcome])
    return str(_("%(outcome)s, with side effects", outcome=words)) if side_effects else words
