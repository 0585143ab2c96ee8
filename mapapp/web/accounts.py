"""Sign in by a mailed link or code, and sign out."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from mapapp.actions import quotas
from mapapp.actions import sign_in as signing_in
from mapapp.domain.keyed import plain_hash
from mapapp.store.database import WRITE
from mapapp.web.database import db
from mapapp.web.entering import enter
from mapapp.web.security import (
    local_path,
    owner_id,
    sign_out_browser,
    site_settings,
)

accounts = Blueprint("accounts", __name__)

HANDLE = "sign_in"
"""The entry of a visitor's session under which the code is checked."""


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where to send the link. Whatever looks a little like an address gets the same answer."""

    email = EmailField(
        lazy_gettext("Your e-mail address"),
        description=lazy_gettext("We send you a link. Nobody on this site ever sees the address."),
        filters=[lambda text: (text or "").strip()],
        validators=[
            InputRequired(lazy_gettext("Type your e-mail address.")),
            Length(max=254, message=lazy_gettext("An e-mail address has at most 254 letters.")),
            Regexp(
                r"^[^@\s]+@[^@\s]+$",
                message=lazy_gettext("An e-mail address has a name, an @ and a domain."),
            ),
        ],
        render_kw={"autocomplete": "email", "maxlength": 254, "spellcheck": "false"},
    )
    next = HiddenField()


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits of the mail."""

    code = StringField(
        lazy_gettext("The code in the mail"),
        description=lazy_gettext("Six digits."),
        validators=[InputRequired(lazy_gettext("Type the six digits of the mail."))],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": 12,
            "class": "input-short",
        },
    )


@accounts.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for an address and send a link to it."""
    next_path = local_path(request.values.get("next"))
    if owner_id() is not None:
        return redirect(next_path, 303)
    form = AddressForm(next=next_path)
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 400 if form.errors else 200
    settings = site_settings()
    # Counted before anything is known of the address, so that this limit tells nothing of it.
    quotas.use(db.session, settings.secret, quotas.SIGN_IN_ASKS, _network())
    session[HANDLE] = signing_in.ask(db.session, settings, form.email.data, next_path, _)
    return redirect(url_for("accounts.code"), 303)


def sign_in_page(next_path: str, error: str) -> str:
    """Return the page for signing in with what went wrong with a passkey."""
    form = AddressForm(formdata=None, next=next_path)
    return render_template("accounts/sign_in.html", form=form, error=error)


@accounts.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Say that a mail is on its way, and take the code in it."""
    handle = session.get(HANDLE)
    if not handle:
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        page = render_template("accounts/code.html", form=form, dev=site_settings().dev)
        return page, 400 if form.errors else 200
    try:
        who = signing_in.redeem_code(
            db.session, site_settings(), handle, form.code.data, _network()
        )
    except signing_in.WrongCodeError as error:
        flash(_(str(error)), "error")  # a redirect, because only good answers are committed
        return redirect(url_for("accounts.code"), 303)
    except signing_in.UsedLinkError as error:
        session.pop(HANDLE)
        flash(_(str(error)), "error")
        return redirect(url_for("accounts.sign_in"), 303)
    return enter(who.member_id, who.next_path)


@accounts.get("/sign-in/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """Sign in where the link was asked for; elsewhere show a button.

    Programs that open the links of mails do so elsewhere, or ask for the head alone: none of them
    uses the link up.
    """
    if request.method == "GET" and session.get(HANDLE) == plain_hash(token):
        # Nothing was read yet: on SQLite a transaction that has read cannot begin to write.
        db.session.connection(execution_options=WRITE)
        return use_link(token)
    try:
        waiting = signing_in.look(db.session, site_settings(), token)
    except signing_in.UsedLinkError as error:
        return render_template("accounts/used.html", message=_(str(error))), 410
    return render_template("accounts/confirm.html", form=FlaskForm(), email=veiled(waiting.email))


@accounts.post("/sign-in/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Sign in."""
    try:
        who = signing_in.redeem_link(db.session, site_settings(), token, _network())
    except signing_in.UsedLinkError as error:
        return render_template("accounts/used.html", message=_(str(error))), 410
    return enter(who.member_id, who.next_path)


@accounts.route("/sign-out", methods=["GET", "POST"])
def sign_out() -> ResponseReturnValue:
    """Sign out; a visitor who follows a link here gets the button first."""
    if request.method == "GET":
        return render_template("accounts/sign_out.html", form=FlaskForm())
    sign_out_browser()
    return redirect(url_for("pages.home"), 303)


def veiled(email: str) -> str:
    """Return enough of an address to recognise one's own: ``an…@example.org``."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:2]}…@{domain}"


def _network() -> str:
    return quotas.visitor_subject(request.remote_addr or "")
