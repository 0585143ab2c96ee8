"""The second step: showing a passkey or a code, and setting up an authenticator app."""

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from mapapp.actions import passkeys
from mapapp.actions import second_factor as acts
from mapapp.actions.profile import my_profile
from mapapp.web import ceremonies
from mapapp.web.access import lacks_proof
from mapapp.web.database import db
from mapapp.web.passkeys import ANSWER
from mapapp.web.proof import forget_proof, is_fresh
from mapapp.web.security import (
    local_path,
    sign_in_browser,
    site_settings,
    this_member_id,
)
from mapapp.web.totp import Codes

second_factor = Blueprint("second_factor", __name__)

PAGE = "second_factor.authenticator"
NEW_SECRET = "new_totp"  # noqa: S105
"""The entry of a session with the sealed secret of an app that is being set up."""


class AppCodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits that the app shows now."""

    code = StringField(
        lazy_gettext("The code in your app"),
        description=lazy_gettext("Six digits that change every half minute."),
        validators=[InputRequired(lazy_gettext("Type the six digits that the app shows."))],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": 12,
            "class": "input-short",
        },
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
        return _step_page(form), 400 if form.errors else 200
    settings, member_id = site_settings(), this_member_id()
    try:
        acts.check_code(db.session, settings, member_id, Codes(settings), form.code.data)
    except acts.WrongCodeError as error:
        flash(_(str(error)), "error")  # a redirect, because only good answers are committed
        return redirect(url_for("second_factor.second_step", next=next_path), 303)
    return _proved(next_path)


@second_factor.post("/account/second-step/options")
def step_options() -> Response:
    """Ask the browser for one of the member's passkeys."""
    offer = passkeys.offer_use(db.session, site_settings(), this_member_id())
    return ceremonies.begin(ceremonies.STEP, offer)


@second_factor.post("/account/second-step/passkey")
def step_passkey() -> ResponseReturnValue:
    """Take a passkey of the member as the second step."""
    next_path, answer = local_path(request.form.get("next")), request.form.get(ANSWER, "")
    try:
        challenge = ceremonies.take_challenge(ceremonies.STEP)
        passkeys.use(db.session, site_settings(), challenge, answer, this_member_id())
    except passkeys.PasskeyRefusedError as error:
        return _step_page(AppCodeForm(formdata=None, next=next_path), _(str(error))), 403
    return _proved(next_path)


@second_factor.get("/account/authenticator")
def authenticator() -> ResponseReturnValue:
    """Show whether the member has an app, or else the secret for one."""
    return _app_page(AppCodeForm(formdata=None, next=local_path(request.args.get("next"))))


@second_factor.post("/account/authenticator")
def set_up() -> ResponseReturnValue:
    """Keep the app whose secret was shown, once a code says that it works."""
    form, sealed = AppCodeForm(), session.get(NEW_SECRET)
    if sealed is None or acts.has_authenticator(db.session, this_member_id()):
        return redirect(url_for(PAGE), 303)
    if not form.validate_on_submit():
        return _app_page(form), 400
    member_id, codes = this_member_id(), Codes(site_settings())
    try:
        acts.set_up_authenticator(
            db.session, site_settings(), member_id, codes, sealed, form.code.data
        )
    except acts.WrongCodeError as error:
        form.code.errors = [_(str(error))]
        return _app_page(form), 400
    next_path = local_path(form.next.data)
    words = _("Done. The codes of your app are your second step from now on.")
    return _proved(next_path if next_path != "/" else url_for(PAGE), words)


@second_factor.post("/account/authenticator/remove")
def remove_authenticator() -> ResponseReturnValue:
    """Forget the app."""
    acts.remove_authenticator(db.session, site_settings(), this_member_id())
    if not acts.has_second_factor(db.session, this_member_id()):
        forget_proof()
    flash(_("Removed. Codes of that app are worth nothing here any more."))
    return redirect(url_for(PAGE), 303)


def _step_page(form: AppCodeForm, error: str = "") -> str:
    return render_template(
        "accounts/second_step.html",
        form=form,
        next=form.next.data,
        has_passkey=passkeys.has_passkey(db.session, this_member_id()),
        has_app=acts.has_authenticator(db.session, this_member_id()),
        error=error,
    )


def _app_page(form: AppCodeForm) -> str:
    has_app = acts.has_authenticator(db.session, this_member_id())
    shown = {} if has_app or lacks_proof() else _new_secret()
    return render_template(
        "accounts/authenticator.html",
        form=form,
        has_app=has_app,
        lacks_proof=lacks_proof(),
        **shown,
    )


def _new_secret() -> dict[str, str]:
    """Return the secret that is being set up, as a picture and as text; the same on a reload."""
    codes = Codes(site_settings())
    if NEW_SECRET not in session:
        session[NEW_SECRET] = codes.generate_totp_secret()
    sealed, name = session[NEW_SECRET], my_profile(db.session, this_member_id()).pseudonym
    return {
        "picture": codes.picture(sealed, name),
        "address": codes.address(sealed, name),
        "key": codes.get_totp_pretty_key(sealed),
    }


def _proved(next_path: str, words: str = "") -> ResponseReturnValue:
    """Sign the member in anew, under another key, as somebody who gave a second proof."""
    sign_in_browser(this_member_id(), strong=True)
    if words:
        flash(words)
    return redirect(next_path, 303)
