"""The yearly question: is it still right? The link in the mail leads to one button."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.account import yearly_check
from mapapp.errors import BadInputError
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import end_act
from mapapp.web.core.security import this_context, this_member_id

checks = Blueprint("yearly_check", __name__)


@checks.get("/still-right/<token>")
def ask_if_right(token: str) -> ResponseReturnValue:
    """Show the button: programs that open the links of mails must not answer for anyone."""
    try:
        yearly_check.member_of_link(this_context(), token)
    except BadInputError as error:
        return render_template("account/yearly_check_answered.html", message=translated(error)), 410
    return render_template("account/yearly_check.html", form=FlaskForm())


@checks.post("/still-right/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Answer without signing in: the reader of the mail has the address."""
    try:
        member_id = yearly_check.member_of_link(this_context(), token)
    except BadInputError as error:
        return render_template("account/yearly_check_answered.html", message=translated(error)), 410
    return _thank(member_id)


@checks.post("/still-right")
def answer_here() -> ResponseReturnValue:
    """Answer on the member's own pages."""
    yearly_check.confirm(this_context(), this_member_id())
    flash(_("Thank you. We will ask again in a year."), "warm")
    return redirect(url_for("places.list_places"), 303)


def _thank(member_id: int) -> ResponseReturnValue:
    yearly_check.confirm(this_context(), member_id)
    end_act()
    return render_template("account/yearly_check_thanks.html")
