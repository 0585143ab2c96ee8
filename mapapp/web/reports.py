"""Report a person, a request or a message: choose why, and that is all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import reports as acts
from mapapp.actions.pieces import Piece, find_piece
from mapapp.domain.areas import load_areas
from mapapp.domain.cases import CATEGORIES, PERSON, SELF_HARM
from mapapp.domain.helplines import everywhere
from mapapp.errors import BadInputError, LimitError
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.helplines import countries_of
from mapapp.web.reading import may_name
from mapapp.web.security import site_settings, this_member_id

reports = Blueprint("reports", __name__, url_prefix="/report")


@reports.route("/<kind>/<piece>", methods=["GET", "POST"])
def report(kind: str, piece: str) -> ResponseReturnValue:
    """Show what is reported, and take the reason for it: one tap."""
    slug = request.args.get("condition", "")
    me, areas = this_member_id(), load_areas()
    found = find_piece(db.session, areas, me, kind, piece, slug)
    name = _name(found)
    error, status = "", 200
    if FlaskForm().validate_on_submit():
        category = request.form.get("category", "")
        try:
            acts.report(db.session, site_settings(), areas, me, kind, piece, category, slug)
            return redirect(url_for("reports.thanks", kind=kind, piece=piece), 303)
        except (BadInputError, LimitError) as refusal:
            error, status = _(str(refusal)), status_of(refusal)
    page = render_template(
        "reports/report.html",
        found=found,
        name=name,
        categories=CATEGORIES,
        form=FlaskForm(),
        error=error,
    )
    return page, status


def _name(found: Piece) -> str:
    """Return the name of whose it is. Reporting is never refused, but no way around rule 6."""
    if found.kind == PERSON and found.piece not in may_name([found.piece]).people:
        return str(_("this person"))
    return found.pseudonym or str(_("Somebody without a pseudonym"))


@reports.get("/<kind>/<piece>/thanks")
def thanks(kind: str, piece: str) -> ResponseReturnValue:
    """Say what happens next, and offer to block."""
    mine = acts.my_report(db.session, this_member_id(), kind, piece)
    is_self_harm = mine.category == SELF_HARM
    return render_template(
        "reports/thanks.html",
        kind=kind,
        piece=piece,
        mine=mine,
        is_self_harm=is_self_harm,
        countries=countries_of(this_member_id()) if is_self_harm else [],
        everywhere=everywhere() if is_self_harm else (),
        form=FlaskForm(),
    )


@reports.post("/<kind>/<piece>/block")
def block(kind: str, piece: str) -> ResponseReturnValue:
    """Block whom one has reported."""
    acts.block_reported(db.session, this_member_id(), kind, piece)
    flash(_("Blocked. You do not see each other any more; they are not told."))
    return redirect(url_for("connect.inbox"), 303)
