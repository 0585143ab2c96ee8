"""The forms for signing in: an address, and the code that was sent there."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from mapapp.domain.mail.clean_addresses import LONGEST_COPIED, clean_address, why_not
from mapapp.web.account.join_confirm import ConfirmForm
from mapapp.web.core.locale import translated

SIX_DIGITS = {
    "inputmode": "numeric",
    "autocomplete": "one-time-code",
    "maxlength": 12,
    "class": "input-short",
}
"""How a code is typed: with the gaps that people leave between the digits."""


def can_be_sent_to(_form: FlaskForm, field: EmailField) -> None:
    """Refuse what is no address; every address gets the same answer."""
    if clean_address(field.data or "") is None:
        raise ValidationError(translated(why_not(field.data or "")))


def address_field(words: str) -> EmailField:
    """Return the field for an address; ``words`` say what becomes of it."""
    return EmailField(
        lazy_gettext("Your email address"),
        description=words,
        filters=[lambda text: (text or "").strip()],
        validators=[InputRequired(lazy_gettext("Type your email address.")), can_be_sent_to],
        render_kw={"autocomplete": "email", "maxlength": LONGEST_COPIED, "spellcheck": "false"},
    )


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where to send the link."""

    email = address_field(
        lazy_gettext("We send you a link. Nobody on this site ever sees the address.")
    )
    next = HiddenField()


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits of the mail."""

    code = StringField(
        lazy_gettext("The code in the email"),
        description=lazy_gettext("Six digits."),
        validators=[InputRequired(lazy_gettext("Type the six digits from the email."))],
        render_kw=SIX_DIGITS,
    )


class CodeToJoinForm(CodeForm, ConfirmForm):
    """The same, and the agreement to what was chosen before."""
