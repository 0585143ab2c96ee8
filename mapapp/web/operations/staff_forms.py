"""Forms of the pages for staff."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from mapapp.actions.account.staff_roles import NO_ROLE
from mapapp.actions.core.audit import LONGEST_REASON
from mapapp.actions.operations.staff_acts import (
    LONGEST_ABOUT,
    LONGEST_CONDITION_NAME,
    ConditionText,
    StaffCondition,
)
from mapapp.domain.core.choices import STAFF_ROLE_LABELS
from mapapp.domain.members.pseudonyms import LONGEST_PSEUDONYM, clean_pseudonym
from mapapp.errors import BadInputError
from mapapp.web.core.locale import translated
from mapapp.web.core.security import site_settings


def reason_field() -> StringField:
    """Return the field for why a member of staff does something."""
    return StringField(
        lazy_gettext("Why?"),
        description=lazy_gettext(
            "Kept in the audit log with the date and your name on the staff, or the start of your "
            "random number if you have none."
        ),
        validators=[
            InputRequired(lazy_gettext("Say in a few words why.")),
            Length(max=LONGEST_REASON),
        ],
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )


class RoleForm(FlaskForm):  # type: ignore[misc]
    """What somebody on the staff is called, which role they have from now on, and why."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext(
            "What the rest of the staff calls this person. It may be empty. Do not use a pseudonym "
            "from a map: the staff would know whose it is."
        ),
        render_kw={"maxlength": LONGEST_PSEUDONYM, "autocomplete": "off", "spellcheck": "false"},
    )
    role = SelectField(lazy_gettext("Role"), choices=[])
    reason = reason_field()

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        words = [(key, translated(label)) for key, label in STAFF_ROLE_LABELS.items()]
        self.role.choices = [*words, (NO_ROLE, _("none: no longer on the staff"))]

    def validate_name(self, field: StringField) -> None:
        """Refuse names by which people could be reached, beside the field."""
        if not field.data:
            return
        try:
            field.data = clean_pseudonym(field.data, site_settings().site_name)
        except BadInputError as error:
            raise ValidationError(translated(error)) from None


class ConditionForm(FlaskForm):  # type: ignore[misc]
    """A condition's names and description."""

    name = StringField(
        lazy_gettext("Name"),
        validators=[
            InputRequired(lazy_gettext("Give it a name.")),
            Length(2, LONGEST_CONDITION_NAME),
        ],
        render_kw={"maxlength": LONGEST_CONDITION_NAME, "autocomplete": "off"},
    )
    names = TextAreaField(
        lazy_gettext("Other names"),
        description=lazy_gettext("One per line. The search finds the condition by each of them."),
        render_kw={"rows": 4},
    )
    about = TextAreaField(
        lazy_gettext("What it is"),
        description=lazy_gettext("A few plain sentences. No medical advice."),
        validators=[Length(max=LONGEST_ABOUT)],
        render_kw={"rows": 6, "maxlength": LONGEST_ABOUT},
    )
    shown = BooleanField(lazy_gettext("Shown on the site"), default=True)
    reason = reason_field()
    mark = HiddenField()

    @classmethod
    def of(cls, condition: StaffCondition) -> "ConditionForm":
        """Return the form filled in for ``condition``, or as it was submitted."""
        return cls(
            name=condition.name,
            names="\n".join(condition.names),
            about=condition.about,
            shown=condition.shown,
            mark=condition.mark,
        )

    def text(self) -> ConditionText:
        """Return what was typed."""
        names = tuple((self.names.data or "").splitlines())
        return ConditionText(self.name.data, self.about.data or "", names, bool(self.shown.data))
