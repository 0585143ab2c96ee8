"""What every form has by which somebody agrees: which words it showed, and one's age."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, ValidationError
from wtforms.validators import InputRequired

from mapapp.actions.agreements import check_words
from mapapp.domain.consents import ADULT, PURPOSES, words_version
from mapapp.errors import BadInputError


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """Agrees to the words it showed, and says one's age once."""

    words = HiddenField()
    adult = BooleanField(
        lazy_gettext("I am 18 or older"),
        validators=[InputRequired(lazy_gettext("This site is for people of 18 or older."))],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{**kwargs, "words": words_version()})
        self.say_words(ADULT)

    def say_words(self, purpose: str) -> None:
        """Show the words in force beside the field of the same name."""
        self[purpose].description = _(PURPOSES[purpose].now.words)

    def leave_out(self, purpose: str, agreed: bool) -> None:
        """Do not ask again for what the member has agreed to already."""
        if agreed:
            del self[purpose]

    def agreed_to(self, purpose: str) -> bool:
        """Whether the member agreed just now."""
        return purpose in self and bool(self[purpose].data)

    def validate_words(self, field: HiddenField) -> None:
        """Refuse an agreement to words that have changed since the page was opened."""
        shown = "".join(field.raw_data or ())
        field.data = words_version()  # so that the page shows, and sends, the new ones
        try:
            check_words(shown)
        except BadInputError as error:
            raise ValidationError(_(str(error))) from None
