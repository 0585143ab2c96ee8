"""The second step: showing a passkey or a code, and setting up an authenticator app."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from mapapp.actions.account import passkey_register, second_proof
from mapapp.actions.core.second_factor import has_authenticator, has_passkey, has_second_factor
from mapapp.domain.account import totp
from mapapp.errors import BadInputError
from mapapp.first_use import OnFirstUse
from mapapp.web.account import passkey_ceremonies
from mapapp.web.account.passkey_views import CREDENTIAL_FIELD
from mapapp.web.account.sign_in_forms import SIX_DIGITS
from mapapp.web.account.wrong_codes import remember_wrong, show_wrong
from mapapp.web.core.access import lacks_proof
from mapapp.web.core.locale import translated
from mapapp.web.core.proof import forget_proof, is_fresh
from mapapp.web.core.request_session import db
from mapapp.web.core.security import (
    local_path,
    sign_in_browser,
    site_settings,
    this_context,
    this_member_id,
)

if TYPE_CHECKING:
    import segno
else:
    segno = OnFirstUse("segno")  # only setting up an app shows a picture

second_factor = Blueprint("second_factor", __name__)

AUTHENTICATOR_PAGE = "second_factor.authenticator"
NEW_SECRET = "new_totp"  # noqa: S105
"""The session entry with the encrypted key of an app that is being set up."""


class AppCodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits that the app shows now."""

    code = StringField(
        lazy_gettext("The code in your app"),
        description=lazy_gettext("Six digits that change every 30 seconds."),
        validators=[InputRequired(lazy_gettext("Type the six digits that the app shows."))],
        render_kw=SIX_DIGITS,
    )
    next = HiddenField()


@second_factor.route("/account/second-step", methods=["GET", "POST"])
def second_step() -> ResponseReturnValue:
    """Take a code of the app; the page offers a passkey as well."""
    next_path = local_path(request.values.get("next"))
    if is_fresh():
        return redirect(next_path, 303)
    form = AppCodeForm(next=next_path)
    if not form.validate_on_submit():
        show_wrong(form.code)
        return _step_page(form), 400 if form.is_submitted() else 200
    try:
        second_proof.check_code(this_context(), this_member_id(), form.code.data)
    except second_proof.WrongCodeError as error:
        remember_wrong(form.code, error)
        return redirect(url_for("second_factor.second_step", next=next_path), 303)
    return _proved(next_path)


@second_factor.post("/account/second-step/options")
def step_options() -> Response:
    """Ask the browser for one of the member's passkeys."""
    offer = passkey_register.offer_use(this_context(), this_member_id())
    return passkey_ceremonies.begin(passkey_ceremonies.STEP, offer)


@second_factor.post("/account/second-step/passkey")
def step_passkey() -> ResponseReturnValue:
    """Take a passkey of the member as the second step."""
    next_path, answer = local_path(request.form.get("next")), request.form.get(CREDENTIAL_FIELD, "")
    try:
        challenge = passkey_ceremonies.take_challenge(passkey_ceremonies.STEP)
        passkey_register.use(this_context(), challenge, answer, this_member_id())
    except passkey_register.PasskeyRefusedError as error:
        return _step_page(AppCodeForm(formdata=None, next=next_path), translated(error)), 403
    return _proved(next_path)


@second_factor.get("/account/authenticator")
def authenticator() -> ResponseReturnValue:
    """Show whether the member has an app, or else the key for one."""
    return _app_page(AppCodeForm(formdata=None, next=local_path(request.args.get("next"))))


@second_factor.post("/account/authenticator")
def set_up_authenticator() -> ResponseReturnValue:
    """Keep the app whose key was shown, once a code says that it works."""
    form, sealed = AppCodeForm(), session.get(NEW_SECRET)
    if sealed is None or has_authenticator(db.session, this_member_id()):
        return redirect(url_for(AUTHENTICATOR_PAGE), 303)
    if not form.validate_on_submit():
        return _app_page(form), 400
    try:
        second_proof.set_up_authenticator(this_context(), this_member_id(), sealed, form.code.data)
    except second_proof.WrongCodeError as error:
        form.code.errors = [translated(error)]
        return _app_page(form), 400
    next_path = local_path(form.next.data)
    words = _("Done. From now on, the codes from your app are your second step.")
    return _proved(next_path if next_path != "/" else url_for(AUTHENTICATOR_PAGE), words)


@second_factor.post("/account/authenticator/remove")
def remove_authenticator() -> ResponseReturnValue:
    """Forget the app."""
    second_proof.remove_authenticator(this_context(), this_member_id())
    if not has_second_factor(db.session, this_member_id()):
        forget_proof()
    flash(_("Removed. Codes from that app no longer work here."))
    return redirect(url_for(AUTHENTICATOR_PAGE), 303)


def _step_page(form: AppCodeForm, error: str = "") -> str:
    return render_template(
        "account/second_proof.html",
        form=form,
        next=form.next.data,
        has_passkey=has_passkey(db.session, this_member_id()),
        has_app=has_authenticator(db.session, this_member_id()),
        error=error,
    )


def _app_page(form: AppCodeForm) -> str:
    has_app = has_authenticator(db.session, this_member_id())
    shown = {} if has_app or lacks_proof() else _new_key()
    return render_template(
        "account/authenticator.html",
        form=form,
        has_app=has_app,
        lacks_proof=lacks_proof(),
        **shown,
    )


def _new_key() -> dict[str, str]:
    """Return the key that is being set up, as a picture, as an address and as text."""
    key, site_name = _offered_key(), site_settings().site_name
    address = totp.app_address(site_name, site_name, key)
    # Dark on light with a margin, whatever the page's colours: cameras read nothing else.
    picture = segno.make(address, error="m").svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )
    return {"picture": picture, "address": address, "key": totp.in_groups(key)}


def _offered_key() -> str:
    """Return the same key on each reload, but a new one where the site's secret was changed."""
    secret = site_settings().secret
    try:
        return totp.open_key(secret, session[NEW_SECRET])
    except (KeyError, BadInputError):
        session[NEW_SECRET] = totp.new_key(secret)
        return totp.open_key(secret, session[NEW_SECRET])


def _proved(next_path: str, words: str = "") -> ResponseReturnValue:
    """Sign the member in again, under another key, as one who gave a second proof."""
    sign_in_browser(this_member_id(), strong=True)
    if words:
        flash(words)
    return redirect(next_path, 303)
