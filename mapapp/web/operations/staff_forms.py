"""Forms of the pages for staff."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from mapapp.actions.account.staff_roles import NO_ROLE
from mapapp.actions.core.audit import LONGEST_REASON
from mapapp.actions.operations.staff_acts import (
    LONGEST_ABOUT,
    LONGEST_CONDITION_NAME,
    ConditionText,
    StaffCondition,
)
from mapapp.actions.statistics.export_make import Request
from mapapp.domain.core.choices import STAFF_ROLE_LABELS
from mapapp.domain.members.pseudonyms import LONGEST_PSEUDONYM, clean_pseudonym
from mapapp.domain.statistics.export_choices import EXPORT_LEVELS, FORMATS
from mapapp.errors import BadInputError
from mapapp.web.core.locale import translated
from mapapp.web.core.security import site_settings

LEVEL_WORDS = {
    "country": lazy_gettext("Country"),
    "region": lazy_gettext("Region"),
    "zone": lazy_gettext("Zone"),
}
FORMAT_WORDS = {
    "csv": lazy_gettext("CSV, a plain table"),
    "xlsx": lazy_gettext("XLSX, for spreadsheets"),
    "geojson": lazy_gettext("GeoJSON, with outlines"),
    "gpkg": lazy_gettext("GeoPackage, for QGIS and other map programs"),
    "parquet": lazy_gettext("GeoParquet, for R and Python"),
}


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


class ExportForm(FlaskForm):  # type: ignore[misc]
    """Which statistics, how, and why."""

    conditions = SelectMultipleField(
        lazy_gettext("Conditions"),
        description=lazy_gettext("Those with people on the map. Choose one or several."),
        validators=[InputRequired(lazy_gettext("Choose at least one condition."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    level = SelectField(lazy_gettext("One row for each"), default="region")
    file_format = SelectField(lazy_gettext("File"))
    reason = reason_field()

    def __init__(self, conditions: list[tuple[str, str]], **values: object) -> None:
        super().__init__(**values)
        self.conditions.choices = conditions
        self.level.choices = [(key, LEVEL_WORDS[key]) for key in EXPORT_LEVELS]
        self.file_format.choices = [(key, FORMAT_WORDS[key]) for key in FORMATS]

    def request(self) -> Request:
        """Return what is asked for."""
        return Request(tuple(self.conditions.data), self.level.data, self.file_format.data)


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
