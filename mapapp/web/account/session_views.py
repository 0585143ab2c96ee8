"""Where the member is signed in, and ending it there."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.account import session_list
from mapapp.domain.core.devices import browser_and_system
from mapapp.web.core.request_session import db
from mapapp.web.core.security import sign_out_browser, this_member_id, this_session

account_sessions = Blueprint("account_sessions", __name__)


@account_sessions.app_template_global()
def device_words(device: str) -> str:
    """Return a device in the language of the page."""
    browser, system = browser_and_system(device)
    if not device:
        return str(_("Unknown device"))
    return str(_("%(browser)s on %(system)s", browser=browser, system=system))


@account_sessions.get("/account/sessions")
def list_sessions() -> ResponseReturnValue:
    """List every browser in which the member is signed in."""
    mine = session_list.my_sessions(db.session, this_member_id(), this_session().key_hash)
    return render_template("account/sessions.html", sessions=mine, form=FlaskForm())


@account_sessions.post("/account/sessions/<public_id>/end")
def end_one(public_id: str) -> ResponseReturnValue:
    """Sign out in one of them."""
    session_list.end_one(db.session, this_member_id(), public_id)
    flash(_("Signed out there."))
    return redirect(url_for("account_sessions.list_sessions"), 303)


@account_sessions.post("/account/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    session_list.end_others(db.session, this_member_id(), this_session().key_hash)
    flash(_("You are now signed in only here."))
    return redirect(url_for("account_sessions.list_sessions"), 303)


@account_sessions.post("/account/sessions/end-all")
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    session_list.end_all(db.session, this_member_id())
    sign_out_browser()
    return redirect(url_for("pages.show_home"), 303)
