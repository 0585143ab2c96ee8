"""What a member agreed to: one short page for each purpose, and taking back as easily."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import agreements, consents
from mapapp.domain.areas import load_areas
from mapapp.domain.consents import PURPOSES, words_version
from mapapp.errors import NotFoundError
from mapapp.web.database import db
from mapapp.web.security import site_settings, this_member_id

consent = Blueprint("consent", __name__)


@consent.get("/consent")
def overview() -> ResponseReturnValue:
    """Everything agreed to, and what has been reworded."""
    return render_template(
        "consent/overview.html",
        purposes=PURPOSES,
        to_ask=consents.to_ask(db.session, this_member_id()),
        receipts=consents.receipts(db.session, this_member_id()),
        words=words_version(),
        form=FlaskForm(),
    )


@consent.get("/consent/<purpose>")
def show(purpose: str) -> ResponseReturnValue:
    """One purpose in plain words, where it stands, and a button for each map."""
    if purpose not in PURPOSES:
        raise NotFoundError(_("There is nothing of this kind to agree to."))
    return render_template(
        "consent/show.html",
        key=purpose,
        purpose=PURPOSES[purpose],
        states=agreements.states(db.session, this_member_id(), purpose),
        words=words_version(),
        form=FlaskForm(),
    )


@consent.post("/consent/<purpose>/agree")
def agree(purpose: str) -> ResponseReturnValue:
    """Agree."""
    given = (db.session, site_settings(), load_areas(), this_member_id(), purpose, _slug())
    agreements.agree(*given, request.form.get("words", ""))
    flash(_("Kept. You can take it back at any time."))
    return redirect(_back(purpose), 303)


@consent.post("/consent/<purpose>/take-back")
def take_back(purpose: str) -> ResponseReturnValue:
    """Take it back; what rested on it ends at once."""
    agreements.take_back(
        db.session, site_settings(), load_areas(), this_member_id(), purpose, _slug()
    )
    flash(_("Taken back. It ended at once."))
    return redirect(_back(purpose), 303)


@consent.post("/consent/agree-all")
def agree_all() -> ResponseReturnValue:
    """Agree to everything that was reworded, as it stands on the page."""
    agreements.agree_to_asked(db.session, this_member_id(), request.form.get("words", ""))
    flash(_("Thank you. Everything goes on as it was."))
    return redirect(url_for("members.places"), 303)


def _slug() -> str:
    return request.form.get("condition", "")


def _back(purpose: str) -> str:
    if request.form.get("from") == "overview":
        return url_for("consent.overview")
    return url_for("consent.show", purpose=purpose)
