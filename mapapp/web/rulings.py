"""What moderators decided about the member who reads it, and saying something to it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from mapapp.actions import rulings as reading
from mapapp.actions.appeals import appeal as appealing
from mapapp.domain.cases import LONGEST_WORDS
from mapapp.errors import BadInputError
from mapapp.store.database import transaction
from mapapp.web.database import db
from mapapp.web.security import is_suspended, this_owner_id

rulings = Blueprint("rulings", __name__, url_prefix="/account/rulings")


class AppealForm(FlaskForm):  # type: ignore[misc]
    """Why a decision is wrong."""

    words = TextAreaField(
        lazy_gettext("Why should we look at it again?"),
        description=lazy_gettext(
            "10 to 2,000 letters, once. Another moderator reads it, where there is one."
        ),
        render_kw={"rows": 6, "maxlength": LONGEST_WORDS},
    )


@rulings.get("")
def show() -> ResponseReturnValue:
    """Show every decision about oneself; those that were new are read by that."""
    page = _page(AppealForm())
    # In a transaction of its own: the request's only reads, and cannot begin to write on SQLite.
    with transaction(db.engine) as own:
        reading.mark_read(own, this_owner_id())
    return page


@rulings.post("/<ruling_id>/appeal")
def appeal(ruling_id: str) -> ResponseReturnValue:
    """Ask the moderators to look again."""
    form = AppealForm()
    if not form.validate_on_submit():
        return _page(form, ruling_id), 400
    try:
        appealing(db.session, this_owner_id(), ruling_id, form.words.data or "")
    except BadInputError as error:
        form.words.errors = [_(str(error))]
        return _page(form, ruling_id), 400
    flash(_("Your appeal is with the moderators. What they decide will stand here."), "warm")
    return redirect(url_for("rulings.show"), 303)


def _page(form: AppealForm, tried: str = "") -> str:
    return render_template(
        "rulings/index.html",
        rulings=reading.my_rulings(db.session, this_owner_id()),
        suspended=is_suspended(),
        form=form,
        tried=tried,
    )
