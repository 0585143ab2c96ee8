"""Forms in which members say where they are and who they are."""

from datetime import UTC, datetime

from flask import request
from flask_babel import gettext as _
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

from mapapp.actions.place import Placement
from mapapp.actions.profile import Profile
from mapapp.domain.areas import load_areas
from mapapp.domain.consents import MAIL
from mapapp.domain.languages import MOST, language_choices, language_codes
from mapapp.domain.permissions import VISIBILITIES
from mapapp.domain.places import PRECISIONS, at_precision
from mapapp.domain.pseudonyms import LONGEST, clean_pseudonym
from mapapp.domain.wording import ROLES, VISIBILITY_WORDS
from mapapp.errors import BadInputError
from mapapp.web.agreement_form import AgreementForm
from mapapp.web.languages import current_locale

OLDEST = 100  # years


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """Pseudonym, languages and decade of birth. The languages are four fields of one name."""

    pseudonym = StringField(
        lazy_gettext("Pseudonym"),
        description=lazy_gettext(
            "What others call you here. Not your name, and nothing by which you can be found."
        ),
        validators=[InputRequired(lazy_gettext("Choose a pseudonym."))],
        render_kw={"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false"},
    )
    birth_decade = SelectField(
        lazy_gettext("When were you born?"),
        description=lazy_gettext("If you like. Only used in numbers, never shown beside you."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.birth_decade.choices = decade_choices()

    def validate_pseudonym(self, field: StringField) -> None:
        """Refuse names that tell who somebody is, beside the field."""
        try:
            field.data = clean_pseudonym(field.data or "")
        except BadInputError as error:
            raise ValidationError(_(str(error))) from None

    def profile(self) -> Profile:
        """Return what was typed."""
        return Profile(self.pseudonym.data, chosen_languages(), _decade(self.birth_decade.data))


class PlaceForm(ProfileForm, AgreementForm):
    """A place on the map of one condition, and who sees it."""

    area_id = HiddenField()
    area_version = HiddenField()
    precision = RadioField(lazy_gettext("How precisely are you shown?"), default=PRECISIONS[0])
    visibility = RadioField(
        lazy_gettext("Who sees you?"),
        description=lazy_gettext("You can change this at any time."),
        default=VISIBILITIES[0],
    )
    role = SelectField(lazy_gettext("What connects you with it?"), default="self")
    diagnosis_decade = SelectField(
        lazy_gettext("When was the diagnosis?"),
        description=lazy_gettext("If you like. Only used in numbers, never shown beside you."),
    )
    mail = BooleanField(lazy_gettext("Mail me"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.say_words(MAIL)
        self.precision.choices = [(key, key) for key in PRECISIONS]
        self.visibility.choices = [(key, _(VISIBILITY_WORDS[key])) for key in VISIBILITIES]
        self.role.choices = [(key, _(words)) for key, words in ROLES.items()]
        self.diagnosis_decade.choices = decade_choices()

    def placement(self) -> Placement:
        """Return what was chosen, at the precision that was chosen.

        Raises:
            BadInputError: when no area was chosen.
            NotFoundError: for an area that does not exist.
        """
        area_id = area_number(self.area_id.data)
        if area_id is None:
            raise BadInputError("Choose first where you are, roughly: on the map, or by a town.")
        area_id = at_precision(load_areas(), area_id, self.precision.data)
        return Placement(
            area_id,
            self.area_version.data,
            self.visibility.data,
            self.role.data,
            _decade(self.diagnosis_decade.data),
        )


def area_number(text: str | None) -> int | None:
    """Return the id in ``text`` where it is a whole number that an area could have."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def decade_choices() -> list[tuple[str, str]]:
    """Return the decades a person can be born or diagnosed in, and the choice not to say."""
    this = datetime.now(UTC).year // 10 * 10
    decades = range(this, this - OLDEST - 1, -10)
    named = [(str(year), _("%(first)s to %(last)s", first=year, last=year + 9)) for year in decades]
    return [("", _("I would rather not say")), *named]


def language_options() -> list[tuple[str, str]]:
    """Return the languages a member can choose, and the choice of none."""
    return [("", "–"), *language_choices(str(current_locale()))]


def chosen_languages() -> tuple[str, ...]:
    """Return the languages that were sent."""
    return tuple(tag for tag in request.form.getlist("languages") if tag)


def language_slots(spoken: tuple[str, ...]) -> list[str]:
    """Return ``spoken`` filled up to the number of fields; for nobody's, the browser's language."""
    asked = (request.accept_languages.best or "").partition("-")[0]
    first = spoken or ((asked,) if asked in language_codes() else ())
    return [*first, *[""] * MOST][:MOST]


def _decade(text: str | None) -> int | None:
    return int(text) if text else None
