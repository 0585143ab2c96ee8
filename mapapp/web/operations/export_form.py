"""The form for an export."""

import re

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from mapapp.actions.statistics.export_request import Request, country_called
from mapapp.domain.statistics.export_choices import EXPORT_TABLES, FORMATS
from mapapp.errors import BadInputError
from mapapp.web.core.locale import translated
from mapapp.web.operations.staff_forms import reason_field

LONGEST_COUNTRIES = 2_000  # characters; the names of all countries have some 2,100
TABLE_WORDS = {
    "country": lazy_gettext("Country"),
    "region": lazy_gettext("Region"),
    "zone": lazy_gettext("Zone"),
    "growth": lazy_gettext("Month: growth of whole maps"),
    "released": lazy_gettext("Released estimate: hidden people, roles, languages and more"),
}
FORMAT_WORDS = {
    "csv": lazy_gettext("CSV, a plain table"),
    "xlsx": lazy_gettext("XLSX, for spreadsheets"),
    "geojson": lazy_gettext("GeoJSON, with outlines"),
    "gpkg": lazy_gettext("GeoPackage, for QGIS and other map programs"),
    "parquet": lazy_gettext("GeoParquet, for R and Python"),
    "zip": lazy_gettext("Data package: tables that join, outlines and their description"),
    "png": lazy_gettext("PNG, a picture of the map"),
    "svg": lazy_gettext("SVG, a picture of the map to edit"),
    "pdf": lazy_gettext("PDF, a picture of the map to print"),
}


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
    countries = StringField(
        lazy_gettext("Countries"),
        description=lazy_gettext(
            "Names or two letters, with commas between them: Kenya, UG. Leave it empty for all."
        ),
        validators=[Length(max=LONGEST_COUNTRIES)],
        render_kw={"maxlength": LONGEST_COUNTRIES, "autocomplete": "off", "spellcheck": "false"},
    )
    file_format = SelectField(
        lazy_gettext("File"),
        description=lazy_gettext(
            "Pictures show one condition by country. Growth and estimates come as CSV, XLSX or "
            "data package."
        ),
    )
    hxl = BooleanField(
        lazy_gettext("With a row of HXL tags"),
        description=lazy_gettext("For humanitarian data platforms; in CSV and XLSX only."),
    )
    mail = BooleanField(
        lazy_gettext("Email me when it is ready"),
        description=lazy_gettext("The email has a link to the file and names no condition."),
    )
    reason = reason_field()

    def __init__(self, conditions: list[tuple[str, str]], **values: object) -> None:
        super().__init__(**values)
        self.conditions.choices = conditions
        self.level.choices = [(key, TABLE_WORDS[key]) for key in EXPORT_TABLES]
        self.file_format.choices = [(key, FORMAT_WORDS[key]) for key in FORMATS]

    def validate_countries(self, field: StringField) -> None:
        """Refuse what is no country, beside the field."""
        try:
            for name in _named(field.data):
                country_called(name)
        except BadInputError as error:
            raise ValidationError(translated(error)) from None

    def request(self) -> Request:
        """Return what is asked for.

        Raises:
            BadInputError: for choices that do not go together.
        """
        return Request(
            tuple(self.conditions.data),
            self.level.data,
            self.file_format.data,
            tuple(_named(self.countries.data)),
            bool(self.hxl.data),
        ).checked()


def _named(text: str | None) -> list[str]:
    return [name.strip() for name in re.split(r"[,;\n]", text or "") if name.strip()]
