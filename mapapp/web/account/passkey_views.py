"""Passkeys: signing in with one, and the page on which members add and remove theirs."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mapapp.actions.account import passkey_register
from mapapp.actions.core.quotas import PASSKEY_ASKS, use, visitor_subject
from mapapp.actions.core.second_factor import has_second_factor
from mapapp.domain.account.relying_party import relying_party
from mapapp.domain.core.devices import device_of
from mapapp.web.account import passkey_ceremonies
from mapapp.web.account.sign_in_views import enter, sign_in_page
from mapapp.web.core.access import lacks_proof
from mapapp.web.core.locale import translated
from mapapp.web.core.proof import forget_proof
from mapapp.web.core.request_session import db
from mapapp.web.core.security import (
    local_path,
    sign_in_browser,
    site_settings,
    this_context,
    this_member_id,
)

passkeys = Blueprint("passkeys", __name__)

PASSKEYS_PAGE = "passkeys.list_passkeys"
CREDENTIAL_FIELD = "credential"
"""The field of a form in which a script of ours puts what the browser's passkey said, as JSON."""


@passkeys.app_template_global()
def passkey_origin() -> str:
    """Return the one address of this site under which passkeys work, '' where there is none."""
    return relying_party(site_settings().base_url).origin


@passkeys.post("/sign-in/passkey/options")
def entry_options() -> Response:
    """Ask the browser for any passkey it has for this site."""
    # Each asking makes a row for the visitor's session, so they are counted.
    use(this_context(), PASSKEY_ASKS, visitor_subject(request.remote_addr or ""))
    return passkey_ceremonies.begin(
        passkey_ceremonies.ENTRY, passkey_register.offer_use(this_context())
    )


@passkeys.post("/sign-in/passkey")
def use_passkey() -> ResponseReturnValue:
    """Sign in the member whose passkey answered."""
    next_path, answer = local_path(request.form.get("next")), request.form.get(CREDENTIAL_FIELD, "")
    try:
        challenge = passkey_ceremonies.take_challenge(passkey_ceremonies.ENTRY)
        member_id = passkey_register.use(this_context(), challenge, answer)
    except passkey_register.PasskeyRefusedError as error:
        return sign_in_page(next_path, translated(error)), 403
    return enter(member_id, next_path, strong=True)


@passkeys.get("/account/passkeys")
def list_passkeys() -> ResponseReturnValue:
    """List the member's passkeys."""
    return _page()


@passkeys.post("/account/passkeys/options")
def new_options() -> Response:
    """Ask the browser to make a passkey."""
    offer = passkey_register.offer_new(this_context(), this_member_id())
    return passkey_ceremonies.begin(passkey_ceremonies.NEW, offer)


@passkeys.post("/account/passkeys")
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made; making one counts as a second proof, too."""
    member_id, device = this_member_id(), device_of(request.user_agent.string)
    try:
        challenge = passkey_ceremonies.take_challenge(passkey_ceremonies.NEW)
        answer = request.form.get(CREDENTIAL_FIELD, "")
        passkey_register.add(this_context(), member_id, challenge, answer, device)
    except passkey_register.PasskeyRefusedError as error:
        return _page(translated(error)), 403
    sign_in_browser(member_id, strong=True)
    flash(_("Added. From now on this passkey signs you in."))
    next_path = local_path(request.form.get("next"))
    return redirect(next_path if next_path != "/" else url_for(PASSKEYS_PAGE), 303)


@passkeys.post("/account/passkeys/<public_id>/remove")
def remove_passkey(public_id: str) -> ResponseReturnValue:
    """Take a passkey away."""
    passkey_register.remove(this_context(), this_member_id(), public_id)
    if not has_second_factor(db.session, this_member_id()):
        forget_proof()
    flash(_("Removed. It can no longer sign anyone in; you can delete it on the device as well."))
    return redirect(url_for(PASSKEYS_PAGE), 303)


def _page(error: str = "") -> str:
    mine = passkey_register.my_passkeys(db.session, this_member_id())
    return render_template(
        "account/passkeys.html",
        passkeys=mine,
        is_full=len(mine) >= passkey_register.MOST_PASSKEYS,
        lacks_proof=lacks_proof(),
        next=local_path(request.values.get("next")),
        error=error,
    )
