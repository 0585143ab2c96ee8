"""The form in which a member asks another for contact."""

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from mapapp.actions.contact.person_page import PersonPage
from mapapp.domain.core.choices import GREETINGS, REASONS
from mapapp.domain.mail.consent_wordings import ADULT, MAIL
from mapapp.web.core.locale import translated
from mapapp.web.mail.agreement_form import AgreementForm


class RequestForm(AgreementForm):
    """A ready-made reason and greeting; there is no free text before the other side agrees.

    Whoever asks for the first time is asked whether they want mail, too.
    """

    reason = RadioField(
        lazy_gettext("Why would you like to talk?"),
        validators=[InputRequired(lazy_gettext("Choose a reason."))],
    )
    greeting = RadioField(
        lazy_gettext("How would you like to greet them?"),
        validators=[InputRequired(lazy_gettext("Choose a greeting."))],
    )
    mail = BooleanField(lazy_gettext("Tell me by email when there is an answer"))

    def __init__(self, person: PersonPage, *, offer_mail: bool) -> None:
        super().__init__(data={"greeting": next(iter(GREETINGS))})
        self.reason.choices = [(key, translated(REASONS[key])) for key in person.wishes.offered]
        self.greeting.choices = [(key, translated(words)) for key, words in GREETINGS.items()]
        self.say_words(MAIL)
        self.leave_out(ADULT, agreed=True)
        self.leave_out(MAIL, agreed=not offer_mail)

    def validate_words(self, field: HiddenField) -> None:
        """Only who agrees to something agrees to its words."""
        if self.agreed_to(MAIL):
            super().validate_words(field)
