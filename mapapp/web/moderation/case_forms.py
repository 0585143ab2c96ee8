"""Forms of the moderators' pages."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from mapapp.actions.moderation.case_decide import Decision
from mapapp.domain.safety.case_rules import (
    ACTS,
    CATEGORIES,
    LIFTED,
    LONGEST_NOTE,
    LONGEST_WORDS,
    NOTHING,
    SILENCE_DAYS,
    UPHELD,
    checked_note,
    checked_words,
)
from mapapp.domain.safety.case_words import ACT_HINTS
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import fits

REASON_ROWS = {"rows": 6, "maxlength": LONGEST_WORDS}


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
            fits(checked_words)(self, field)

    def decision(self) -> Decision:
        """Return what was chosen."""
        return Decision(self.act.data, self.reason.data or "", int(self.days.data))


def reason_field() -> TextAreaField:
    """Return the field for why staff decided so, which the person reads."""
    return TextAreaField(
        lazy_gettext("Your reason"),
        description=lazy_gettext(
            "10 to 2,000 characters. The person reads it, and the audit log keeps its first "
            "300: do not name anyone."
        ),
        validators=[fits(checked_words)],
        render_kw=REASON_ROWS,
    )


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """What becomes of an appeal."""

    outcome = RadioField(
        lazy_gettext("What is your decision?"),
        validators=[InputRequired(lazy_gettext("Choose what to do."))],
    )
    reason = reason_field()

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = [
            (UPHELD, _("The decision stands")),
            (LIFTED, _("The decision is lifted: silence or suspension ends at once")),
        ]


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note for the other moderators."""

    note = TextAreaField(
        lazy_gettext("A note for the other moderators"),
        description=lazy_gettext(
            "Up to 1,000 characters. Only moderators of this case read it, with your name and the "
            "day. Quote no more than you need: it is deleted with the copy of what was reported."
        ),
        validators=[fits(checked_note)],
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )


class LookUpForm(FlaskForm):  # type: ignore[misc]
    """A person on a map about whom nobody has reported anything."""

    person = StringField(
        lazy_gettext("Address of a page about the person, or their number"),
        description=lazy_gettext(
            "Such as the page where people ask them for contact. Only people who are shown on a "
            "map are found, and only what is shown there."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 300},
    )
    category = SelectField(
        lazy_gettext("What is wrong?"),
        validators=[InputRequired(lazy_gettext("Choose what is wrong."))],
    )
    why = TextAreaField(
        lazy_gettext("Why you look them up"),
        description=lazy_gettext(
            "10 to 2,000 characters, for the audit log and the other moderators. The person does "
            "not read this."
        ),
        validators=[fits(checked_words)],
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )

    def __init__(self) -> None:
        super().__init__()
        words = [(key, translated(category.words)) for key, category in CATEGORIES.items()]
        self.category.choices = [("", "–"), *words]
