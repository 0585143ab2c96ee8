"""Forms of the moderators' pages."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from mapapp.actions.moderation.case_decide import Decision
from mapapp.domain.safety.case_rules import (
    ACTS,
    LIFTED,
    LONGEST_WORDS,
    NOTHING,
    SILENCE_DAYS,
    UPHELD,
    checked_words,
)
from mapapp.domain.safety.case_words import ACT_HINTS
from mapapp.errors import BadInputError
from mapapp.web.core.locale import translated

REASON_ROWS = {"rows": 6, "maxlength": LONGEST_WORDS}


def _check_words(field: Any) -> None:
    try:
        checked_words(field.data or "")
    except BadInputError as error:
        raise ValidationError(translated(error)) from error


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What to do about a case, and why."""

    act = RadioField(
        lazy_gettext("What is your decision?"),
        validators=[InputRequired(lazy_gettext("Choose what to do."))],
    )
    days = SelectField(
        lazy_gettext("If you silence them, for how long?"), coerce=int, default=SILENCE_DAYS[1]
    )
    reason = TextAreaField(
        lazy_gettext("Your reason"),
        description=lazy_gettext(
            "10 to 2,000 characters. The person reads it, and the audit log keeps its first "
            "300. Say what was wrong and what you expect, and do not name anyone. Only “No "
            "action” needs no reason."
        ),
        render_kw=REASON_ROWS,
    )

    def __init__(self, acts: tuple[str, ...]) -> None:
        super().__init__()
        words = Markup("<strong>{}</strong>. {}")
        self.act.choices = [
            (act, words.format(translated(ACTS[act]), translated(ACT_HINTS[act]))) for act in acts
        ]
        self.days.choices = [(n, ngettext("%(num)s day", "%(num)s days", n)) for n in SILENCE_DAYS]

    def validate_reason(self, field: Any) -> None:
        """Only "no action" needs no reason; while nothing is chosen, that alone is said."""
        if not self.act.data:
            return
        if self.act.data != NOTHING or (field.data or "").strip():
            _check_words(field)

    def decision(self) -> Decision:
        """Return what was chosen."""
        return Decision(self.act.data, self.reason.data or "", int(self.days.data))


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """What becomes of an appeal."""

    outcome = RadioField(
        lazy_gettext("What is your decision?"),
        validators=[InputRequired(lazy_gettext("Choose what to do."))],
    )
    reason = TextAreaField(
        lazy_gettext("Your reason"),
        description=lazy_gettext(
            "10 to 2,000 characters. The person reads it, and the audit log keeps its first "
            "300: do not name anyone."
        ),
        render_kw=REASON_ROWS,
    )

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = [
            (UPHELD, _("The decision stands")),
            (LIFTED, _("The decision is lifted: silence or suspension ends at once")),
        ]

    def validate_reason(self, field: Any) -> None:
        """Every answer to an appeal has a reason."""
        _check_words(field)
