"""What moderators decided about the member who reads it, and their response to it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from mapapp.actions.moderation import ruling_read
from mapapp.actions.moderation.appeal import make_appeal
from mapapp.domain.core.dates import this_day
from mapapp.domain.safety.case_rules import LONGEST_WORDS
from mapapp.errors import BadInputError
from mapapp.store.database import in_transaction
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, is_looked_at
from mapapp.web.core.security import is_suspended, this_owner_id

rulings = Blueprint("rulings", __name__, url_prefix="/account/rulings")


class AppealForm(FlaskForm):  # type: ignore[misc]
    """The member's reason why a decision is wrong."""

    words = TextAreaField(
        lazy_gettext("Why should we look at it again?"),
        description=lazy_gettext(
            "10 to 2,000 characters, once. Another moderator reads it, if there is one."
        ),
        render_kw={"rows": 6, "maxlength": LONGEST_WORDS},
    )


@rulings.get("")
def show_rulings() -> ResponseReturnValue:
    """Show every decision about the member, which marks the new ones as read."""
    page = _page(AppealForm())
    if is_looked_at():
        # In a transaction of its own: the request's only reads.
        in_transaction(db.engine, lambda own: ruling_read.mark_read(own, this_owner_id()))
    return page


@rulings.post("/<ruling_id>/appeal")
def appeal(ruling_id: str) -> ResponseReturnValue:
    """Ask the moderators to look again; where that is over, the page for errors has the text."""
    form = AppealForm()
    if not form.validate_on_submit():
        return _page(form, ruling_id), 400
    try:
        make_appeal(db.session, this_owner_id(), ruling_id, form.words.data or "")
    except BadInputError as error:
        form.words.errors = [translated(error)]
        return _page(form, ruling_id), 400
    flash(_("Your appeal is with the moderators. What they decide will be shown here."), "warm")
    return redirect(url_for("rulings.show_rulings"), 303)


def _page(form: AppealForm, tried: str = "") -> str:
    return render_template(
        "moderation/rulings.html",
        rulings=ruling_read.my_rulings(db.session, this_owner_id()),
        suspended=is_suspended(),
        standing=ruling_read.moderation_standing(db.session, this_owner_id(), this_day()),
        form=form,
        tried=tried,
    )
