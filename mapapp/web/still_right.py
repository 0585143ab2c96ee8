"""The yearly question: is it still right? The link in the mail leads to one button."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import still_right as asking
from mapapp.domain.areas import load_areas
from mapapp.domain.months import this_day
from mapapp.errors import BadInputError
from mapapp.store.database import WRITE
from mapapp.web.database import db
from mapapp.web.security import (
    current_member_id,
    site_settings,
    this_member_id,
)

still_right = Blueprint("still_right", __name__)


@still_right.get("/still-right/<token>")
def ask(token: str) -> ResponseReturnValue:
    """In the member's own browser the link is the answer; elsewhere there is a button first.

    Programs that look into links of mails must not answer for anybody.
    """
    if current_member_id() is not None and request.method == "GET":
        db.session.rollback()
        db.session.connection(execution_options=WRITE)
    try:
        member_id = asking.member_of_link(db.session, site_settings(), token)
    except BadInputError as error:
        return render_template("still_right/answered.html", message=_(str(error))), 410
    if member_id == current_member_id() and request.method == "GET":
        return _thank(member_id)
    return render_template("still_right/ask.html", form=FlaskForm())


@still_right.post("/still-right/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Answer without signing in: whoever has the mail has the address."""
    try:
        member_id = asking.member_of_link(db.session, site_settings(), token)
    except BadInputError as error:
        return render_template("still_right/answered.html", message=_(str(error))), 410
    return _thank(member_id)


@still_right.post("/still-right")
def answer_here() -> ResponseReturnValue:
    """Answer on one's own pages."""
    asking.confirm(db.session, site_settings(), load_areas(), this_member_id(), this_day())
    flash(_("Thank you. We ask again in a year."), "warm")
    return redirect(url_for("members.places"), 303)


def _thank(member_id: int) -> ResponseReturnValue:
    asking.confirm(db.session, site_settings(), load_areas(), member_id, this_day())
    return render_template("still_right/thanks.html")
