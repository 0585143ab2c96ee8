"""The form in which a member asks another, or several at once, for contact."""

from collections.abc import Iterable

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from mapapp.domain.core.choices import GREETINGS, GREETINGS_TO_SEVERAL, REASONS
from mapapp.domain.mail.consent_wordings import ADULT, MAIL
from mapapp.web.core.locale import translated
from mapapp.web.mail.agreement_form import AgreementForm


class RequestForm(AgreementForm):
    """A ready-made reason and greeting; there is no free text before the other side agrees.

    Whoever asks for the first time is asked whether they want mail, too.
    """

    who = SelectMultipleField(
        lazy_gettext("Whom would you like to ask?"),
        validators=[InputRequired(lazy_gettext("Choose at least one person."))],
        validate_choice=False,  # they may have gone since; the act looks at each
        choices=[],
    )
    reason = RadioField(
        lazy_gettext("Why would you like to talk?"),
        validators=[InputRequired(lazy_gettext("Choose a reason."))],
    )
    greeting = RadioField(
        lazy_gettext("How would you like to greet them?"),
        validators=[InputRequired(lazy_gettext("Choose a greeting."))],
    )
    mail = BooleanField(lazy_gettext("Tell me by email when there is an answer"))

    def __init__(
        self, reasons: Iterable[str], *, offer_mail: bool, to_several: bool = False
    ) -> None:
        greetings = GREETINGS_TO_SEVERAL if to_several else GREETINGS
        super().__init__(data={"greeting": next(iter(greetings))})
        self.reason.choices = [(key, translated(REASONS[key])) for key in reasons]
        self.greeting.choices = [(key, translated(words)) for key, words in greetings.items()]
        self.say_words(MAIL)
        self.leave_out(ADULT, agreed=True)
        self.leave_out(MAIL, agreed=not offer_mail)
        if not to_several:
            del self.who

    def validate_words(self, field: HiddenField) -> None:
        """Only who agrees to something agrees to its words."""
        if self.agreed_to(MAIL):
            super().validate_words(field)
