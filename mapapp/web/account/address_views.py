"""Changing the address that the member signs in with."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import InputRequired

from mapapp.actions.account import address_change
from mapapp.actions.account.address_change import Addresses, DeadLinkError, TakenError
from mapapp.actions.mail.member_addresses import held_address
from mapapp.domain.mail.clean_addresses import LONGEST_COPIED
from mapapp.errors import BadInputError
from mapapp.web.account.sign_in_forms import can_be_sent_to
from mapapp.web.account.sign_in_views import veiled
from mapapp.web.core.locale import translated
from mapapp.web.core.security import (
    sign_out_browser,
    this_context,
    this_member_id,
    this_session,
)

account_address = Blueprint("account_address", __name__)


class NewAddressForm(FlaskForm):  # type: ignore[misc]
    """The new address."""

    email = EmailField(
        lazy_gettext("Your new email address"),
        filters=[lambda text: (text or "").strip()],
        validators=[InputRequired(lazy_gettext("Type your email address.")), can_be_sent_to],
        render_kw={"autocomplete": "email", "maxlength": LONGEST_COPIED, "spellcheck": "false"},
    )


@account_address.get("/account/address")
def show_address() -> ResponseReturnValue:
    """Show the address, and the form for another."""
    return _page(NewAddressForm(formdata=None))


@account_address.post("/account/address")
def change_address() -> ResponseReturnValue:
    """Send a link to the new address, whosever it is."""
    form = NewAddressForm()
    if not form.validate_on_submit():
        return _page(form), 400
    try:
        address_change.ask(this_context(), this_member_id(), form.email.data)
    except BadInputError as error:
        form.email.errors = [translated(error)]
        return _page(form), 400
    flash(
        _(
            "We sent a link to the new address. Nothing changes until you open it and press the "
            "button."
        )
    )
    return redirect(url_for("account_address.show_address"), 303)


@account_address.get("/account/address/confirm/<token>")
def show_confirm(token: str) -> ResponseReturnValue:
    """Show the button that takes the new address: programs that open links press none."""
    try:
        return _button(address_change.to_confirm(this_context(), this_member_id(), token))
    except DeadLinkError as error:
        return _nothing_changed(error)


@account_address.post("/account/address/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Take the new address."""
    key_hash = this_session().key_hash
    try:
        address_change.confirm(this_context(), this_member_id(), token, key_hash)
    except (DeadLinkError, TakenError) as error:
        return _nothing_changed(error)
    flash(_("Your address has been changed. You are signed out in all other browsers."))
    return redirect(url_for("account_address.show_address"), 303)


@account_address.get("/account/address/undo/<token>")
def show_undo(token: str) -> ResponseReturnValue:
    """Show the button that takes the old address back; whoever has the mail may press it."""
    try:
        return _button(address_change.to_undo(this_context(), token), undoes=True)
    except DeadLinkError:
        return _undone_before()


@account_address.post("/account/address/undo/<token>")
def undo(token: str) -> ResponseReturnValue:
    """Take the old address back."""
    try:
        address_change.undo(this_context(), token)
    except DeadLinkError:
        return _undone_before()
    except TakenError as error:
        return _nothing_changed(error)
    sign_out_browser()
    return redirect(url_for("account_address.undone"), 303)


@account_address.get("/account/address/undone")
def undone() -> ResponseReturnValue:
    """Say that the account is taken back."""
    return render_template("account/address_undone.html")


def _page(form: NewAddressForm) -> str:
    address = held_address(this_context(), this_member_id()) or ""
    return render_template("account/address.html", form=form, address=address)


def _button(addresses: Addresses, *, undoes: bool = False) -> str:
    veils = {"old": veiled(addresses.old), "new": veiled(addresses.new)}
    return render_template("account/address_button.html", form=FlaskForm(), undoes=undoes, **veils)


def _nothing_changed(error: DeadLinkError | TakenError) -> ResponseReturnValue:
    page = render_template("account/address_dead.html", message=translated(error))
    return page, 410 if isinstance(error, DeadLinkError) else 409


def _undone_before() -> ResponseReturnValue:
    """Answer a link of the old address that works no more, most likely because it has worked."""
    return render_template("account/address_undone_before.html"), 410
