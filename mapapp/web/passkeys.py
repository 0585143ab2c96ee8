"""Passkeys: signing in with one, and the page on which members add and remove theirs."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mapapp.actions import passkeys as acts
from mapapp.actions.quotas import PASSKEY_ASKS, use, visitor_subject
from mapapp.actions.second_factor import has_second_factor
from mapapp.domain.devices import device_of
from mapapp.domain.relying_party import relying_party
from mapapp.web import ceremonies
from mapapp.web.access import lacks_proof
from mapapp.web.accounts import sign_in_page
from mapapp.web.database import db
from mapapp.web.entering import enter
from mapapp.web.proof import forget_proof
from mapapp.web.security import (
    local_path,
    sign_in_browser,
    site_settings,
    this_member_id,
)

passkeys = Blueprint("passkeys", __name__)

PAGE = "passkeys.index"
ANSWER = "credential"
"""The field of a form in which a script of ours puts what the browser's passkey said, as JSON."""


@passkeys.app_template_global()
def passkey_origin() -> str:
    """Return the one address of this site under which passkeys work, '' where there is none."""
    return relying_party(site_settings().base_url).origin


@passkeys.post("/sign-in/passkey/options")
def entry_options() -> Response:
    """Ask the browser for any passkey it has for this site."""
    settings = site_settings()
    # Each asking makes a row for the visitor's session, so they are counted.
    use(db.session, settings.secret, PASSKEY_ASKS, visitor_subject(request.remote_addr or ""))
    return ceremonies.begin(ceremonies.ENTRY, acts.offer_use(db.session, settings))


@passkeys.post("/sign-in/passkey")
def use_passkey() -> ResponseReturnValue:
    """Sign in whoever's passkey answered."""
    next_path, answer = local_path(request.form.get("next")), request.form.get(ANSWER, "")
    try:
        challenge = ceremonies.take_challenge(ceremonies.ENTRY)
        member_id = acts.use(db.session, site_settings(), challenge, answer)
    except acts.PasskeyRefusedError as error:
        return sign_in_page(next_path, _(str(error))), 403
    return enter(member_id, next_path, strong=True)


@passkeys.get("/account/passkeys")
def index() -> ResponseReturnValue:
    """List the member's passkeys."""
    return _page()


@passkeys.post("/account/passkeys/options")
def new_options() -> Response:
    """Ask the browser to make a passkey."""
    offer = acts.offer_new(db.session, site_settings(), this_member_id())
    return ceremonies.begin(ceremonies.NEW, offer)


@passkeys.post("/account/passkeys")
def add() -> ResponseReturnValue:
    """Keep the passkey that the browser made; whoever has just made one has proved it, too."""
    member_id, device = this_member_id(), device_of(request.user_agent.string)
    try:
        challenge = ceremonies.take_challenge(ceremonies.NEW)
        answer = request.form.get(ANSWER, "")
        acts.add(db.session, site_settings(), member_id, challenge, answer, device)
    except acts.PasskeyRefusedError as error:
        return _page(_(str(error))), 403
    sign_in_browser(member_id, strong=True)
    flash(_("Added. From now on this passkey signs you in."))
    next_path = local_path(request.form.get("next"))
    return redirect(next_path if next_path != "/" else url_for(PAGE), 303)


@passkeys.post("/account/passkeys/<public_id>/remove")
def remove(public_id: str) -> ResponseReturnValue:
    """Take a passkey away."""
    acts.remove(db.session, site_settings(), this_member_id(), public_id)
    if not has_second_factor(db.session, this_member_id()):
        forget_proof()
    flash(_("Removed. It signs nobody in any more; you may delete it on the device as well."))
    return redirect(url_for(PAGE), 303)


def _page(error: str = "") -> str:
    mine = acts.my_passkeys(db.session, this_member_id())
    return render_template(
        "accounts/passkeys.html",
        passkeys=mine,
        is_full=len(mine) >= acts.MOST,
        lacks_proof=lacks_proof(),
        next=local_path(request.values.get("next")),
        error=error,
    )
