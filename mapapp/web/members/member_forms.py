"""Forms in which members say where they are and who they are."""

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from mapapp.actions.members.place_set import Placement
from mapapp.domain.areas.area_facts import PRECISIONS, at_precision
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.choices import ROLES, VISIBILITY_WORDS
from mapapp.domain.core.languages import MOST_LANGUAGES, language_choices, language_codes
from mapapp.domain.core.visibilities import VISIBILITIES
from mapapp.domain.mail.consent_wordings import MAIL
from mapapp.domain.members.pseudonyms import LONGEST_PSEUDONYM, clean_pseudonym
from mapapp.errors import N_, BadInputError
from mapapp.web.core.locale import current_locale, translated
from mapapp.web.core.security import site_settings
from mapapp.web.mail.agreement_form import AgreementForm


class LanguagesForm(FlaskForm):  # type: ignore[misc]
    """The languages a member speaks, which are four fields of one name."""


class PlaceForm(AgreementForm):
    """A place on the map of one condition, who the member is there, and who sees it."""

    pseudonym = StringField(
        lazy_gettext("Pseudonym"),
        description=lazy_gettext(
            "What others call you on this map. Do not use your name, or anything people could "
            "find you by."
        ),
        validators=[InputRequired(lazy_gettext("Choose a pseudonym."))],
        render_kw={"maxlength": LONGEST_PSEUDONYM, "autocomplete": "off", "spellcheck": "false"},
    )

    # A label of their own spares the library looking for a translation of one.
    area_id = HiddenField("")
    area_version = HiddenField("")
    precision = RadioField(lazy_gettext("How precisely are you shown?"), default=PRECISIONS[0])
    visibility = RadioField(
        lazy_gettext("Who sees you?"),
        description=lazy_gettext("You can change this at any time."),
        default=VISIBILITIES[0],
    )
    role = SelectField(lazy_gettext("What is your connection to it?"), default="self")
    soon = BooleanField(lazy_gettext("Show me with the very next change of the map"))
    mail = BooleanField(lazy_gettext("Email me"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.say_words(MAIL)
        self.precision.choices = [(key, key) for key in PRECISIONS]
        self.visibility.choices = [(key, translated(VISIBILITY_WORDS[key])) for key in VISIBILITIES]
        self.role.choices = [(key, translated(words)) for key, words in ROLES.items()]

    def validate_pseudonym(self, field: StringField) -> None:
        """Refuse names that reveal who the member is, beside the field."""
        try:
            field.data = clean_pseudonym(field.data or "", site_settings().site_name)
        except BadInputError as error:
            raise ValidationError(translated(error)) from None

    def placement(self) -> Placement:
        """Return what was chosen, at the precision that was chosen.

        Raises:
            BadInputError: when no area was chosen.
            NotFoundError: for an area that does not exist.
        """
        area_id = area_number(self.area_id.data)
        if area_id is None:
            raise BadInputError(
                N_("First choose roughly where you are: on the map, or by typing a town.")
            )
        area_id = at_precision(load_areas(), area_id, self.precision.data)
        return Placement(
            area_id,
            self.area_version.data,
            self.visibility.data,
            self.role.data,
            self.pseudonym.data,
            self.soon.data,
        )


def area_number(text: str | None) -> int | None:
    """Return the id in ``text`` if it is a number that an area could have."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def language_options() -> list[tuple[str, str]]:
    """Return the languages a member can choose, and none."""
    return [("", "–"), *language_choices(str(current_locale()))]


def chosen_languages() -> tuple[str, ...]:
    """Return the submitted languages."""
    return tuple(tag for tag in request.form.getlist("languages") if tag)


def language_slots(spoken: tuple[str, ...]) -> list[str]:
    """Return ``spoken`` padded to the number of fields; without languages, with the browser's."""
    asked = (request.accept_languages.best or "").partition("-")[0]
    first = spoken or ((asked,) if asked in language_codes() else ())
    return [*first, *[""] * MOST_LANGUAGES][:MOST_LANGUAGES]
