"""What every consent form has: the wording it showed, and the member's age."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, ValidationError
from wtforms.validators import InputRequired

from mapapp.domain.mail.consent_wordings import ADULT, PURPOSES, check_words, words_version
from mapapp.errors import N_, BadInputError
from mapapp.web.core.locale import translated

SAID_BY_LABEL = N_("You are 18 or over.")
"""The wording that the label of the box repeats, so that it need not stand beside it."""


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """Agrees to the wording it showed, and confirms the member's age once."""

    words = HiddenField("")
    adult = BooleanField(
        lazy_gettext("I am 18 or over"),
        validators=[
            InputRequired(
                lazy_gettext("Tick this box if you are 18 or over. This site is only for adults.")
            )
        ],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{**kwargs, "words": words_version()})
        if PURPOSES[ADULT].now.words != SAID_BY_LABEL:
            self.say_words(ADULT)

    def say_words(self, purpose: str) -> None:
        """Show the current wording beside the field of the same name."""
        self[purpose].description = translated(PURPOSES[purpose].now.words)

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
            raise ValidationError(translated(error)) from None
