"""What a member agreed to: one short page for each purpose, and taking back as easily."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.account import consent_change
from mapapp.actions.mail import consent_receipts
from mapapp.domain.mail.consent_wordings import PURPOSES, words_version
from mapapp.errors import N_, NotFoundError
from mapapp.web.core.request_session import db
from mapapp.web.core.security import local_path, this_context, this_member_id

consent = Blueprint("consent", __name__)


@consent.get("/consent")
def overview() -> ResponseReturnValue:
    """Everything agreed to, and what has been reworded."""
    return render_template(
        "account/consents.html",
        purposes=PURPOSES,
        to_ask=consent_receipts.to_ask(db.session, this_member_id()),
        receipts=consent_receipts.receipts(db.session, this_member_id()),
        words=words_version(),
        next=request.args.get("next") and local_path(request.args["next"]),
        form=FlaskForm(),
    )


@consent.get("/consent/<purpose>")
def show_consent(purpose: str) -> ResponseReturnValue:
    """One purpose in plain words, where it stands, and a button for each map."""
    if purpose not in PURPOSES:
        raise NotFoundError(N_("There is nothing of this kind to agree to."))
    return render_template(
        "account/consent.html",
        key=purpose,
        purpose=PURPOSES[purpose],
        states=consent_change.states(db.session, this_member_id(), purpose),
        words=words_version(),
        form=FlaskForm(),
    )


@consent.post("/consent/<purpose>/agree")
def agree(purpose: str) -> ResponseReturnValue:
    """Agree."""
    words = request.form.get("words", "")
    consent_change.agree(this_context(), this_member_id(), purpose, _slug(), words)
    flash(_("Saved. You can withdraw it at any time."))
    return redirect(_back(purpose), 303)


@consent.post("/consent/<purpose>/take-back")
def take_consent_back(purpose: str) -> ResponseReturnValue:
    """Take it back; what rested on it ends at once."""
    consent_change.take_back(this_context(), this_member_id(), purpose, _slug())
    flash(_("Withdrawn. It ended at once."))
    return redirect(_back(purpose), 303)


@consent.post("/consent/agree-all")
def agree_all() -> ResponseReturnValue:
    """Agree to everything that was reworded, as it stands on the page."""
    consent_change.agree_to_asked(db.session, this_member_id(), request.form.get("words", ""))
    flash(_("Thank you. Everything goes on as before."))
    given = request.form.get("next")
    return redirect(local_path(given) if given else url_for("places.list_places"), 303)


def _slug() -> str:
    return request.form.get("condition", "")


def _back(purpose: str) -> str:
    if request.form.get("from") == "overview":
        return url_for("consent.overview")
    return url_for("consent.show_consent", purpose=purpose)
