"""Forms of the pages for staff."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from mapapp.actions.admin import LONGEST_ABOUT, LONGEST_NAME, ConditionText, StaffCondition
from mapapp.actions.audit import LONGEST_REASON
from mapapp.actions.export import FORMATS, Request
from mapapp.domain.export_table import EXPORT_LEVELS

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


def _reason() -> StringField:
    return StringField(
        lazy_gettext("Why?"),
        description=lazy_gettext("Kept in the audit log, with your name here and the date."),
        validators=[
            InputRequired(lazy_gettext("Say in a few words why.")),
            Length(max=LONGEST_REASON),
        ],
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )


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
    reason = _reason()

    def __init__(self, conditions: list[tuple[str, str]], **values: object) -> None:
        super().__init__(**values)
        self.conditions.choices = conditions
        self.level.choices = [(key, LEVEL_WORDS[key]) for key in EXPORT_LEVELS]
        self.file_format.choices = [(key, FORMAT_WORDS[key]) for key in FORMATS]

    def request(self) -> Request:
        """Return what is asked for."""
        return Request(tuple(self.conditions.data), self.level.data, self.file_format.data)


class ConditionForm(FlaskForm):  # type: ignore[misc]
    """What a condition is called and what is said of it."""

    name = StringField(
        lazy_gettext("Name"),
        validators=[InputRequired(lazy_gettext("Give it a name.")), Length(2, LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    names = TextAreaField(
        lazy_gettext("Other names"),
        description=lazy_gettext("One a line. The search finds the condition by each of them."),
        render_kw={"rows": 4},
    )
    about = TextAreaField(
        lazy_gettext("What it is"),
        description=lazy_gettext("A few plain sentences. No medical advice."),
        validators=[Length(max=LONGEST_ABOUT)],
        render_kw={"rows": 6, "maxlength": LONGEST_ABOUT},
    )
    shown = BooleanField(lazy_gettext("Shown on the site"), default=True)
    reason = _reason()

    @classmethod
    def of(cls, condition: StaffCondition) -> "ConditionForm":
        """Return the form as it stands for ``condition``, or as it was sent."""
        return cls(
            name=condition.name,
            names="\n".join(condition.names),
            about=condition.about,
            shown=condition.shown,
        )

    def text(self) -> ConditionText:
        """Return what was typed."""
        names = tuple((self.names.data or "").splitlines())
        return ConditionText(self.name.data, self.about.data or "", names)
