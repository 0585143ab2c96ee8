"""Report a person, a request or a message: choose why, and that is all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.moderation import report_copy, report_send
from mapapp.actions.moderation.report_subject import Reported, find_reported
from mapapp.domain.safety.case_rules import CATEGORIES, LONGEST_REPORT, PERSON, SELF_HARM
from mapapp.domain.safety.helplines import everywhere
from mapapp.errors import BadInputError, LimitError, NotFoundError
from mapapp.web.contact.request_views import blocked
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.members.helpline_views import countries_of
from mapapp.web.safety.names_shown import may_name

reports = Blueprint("reports", __name__, url_prefix="/report")


@reports.route("/<kind>/<piece>", methods=["GET", "POST"])
def report(kind: str, piece: str) -> ResponseReturnValue:
    """Show what is reported, and take the reason for it: one tap."""
    slug = request.args.get("condition", "")
    try:
        found = find_reported(this_context(), kind, piece, slug)
    except NotFoundError:
        seen = report_copy.opened_copy(this_context(), request.form.get("seen", ""), kind, piece)
        if seen is None:
            raise
        return _report_gone(seen)
    name = _name(found)
    error, status = "", 200
    if FlaskForm().validate_on_submit():
        try:
            report_send.report(this_context(), kind, piece, _said(), slug)
            return redirect(url_for("reports.thanks", kind=kind, piece=piece), 303)
        except (BadInputError, LimitError) as refusal:
            error, status = translated(refusal), status_of(refusal)
    page = render_template(
        "moderation/report.html",
        found=found,
        name=name,
        categories=CATEGORIES,
        form=FlaskForm(),
        seen=report_copy.sealed_copy(this_context(), found),
        error=error,
        typed=request.form.get("words", ""),
        longest=LONGEST_REPORT,
    )
    return page, status


def _report_gone(seen: Reported) -> ResponseReturnValue:
    """Take a report of what was there when its form was opened."""
    said = _said()
    report_send.report_gone(this_context(), seen, said)
    flash(
        _(
            "The moderators have your report, with a copy of what you saw. It has been removed "
            "since, or you can no longer see it."
        )
    )
    if said.category == SELF_HARM:
        return redirect(url_for("helplines.show_helplines"), 303)
    return redirect(url_for("connect.inbox"), 303)


def _said() -> report_send.Said:
    return report_send.Said(request.form.get("category", ""), request.form.get("words", ""))


def _name(found: Reported) -> str:
    """Return the author's name. Reporting is never refused, but respects privacy rule 6."""
    if found.kind == PERSON and found.piece not in may_name([found.piece]).people:
        return str(_("this person"))
    return found.pseudonym or str(_("Someone without a pseudonym"))


@reports.get("/<kind>/<piece>/thanks")
def thanks(kind: str, piece: str) -> ResponseReturnValue:
    """Say what happens next, and offer to block."""
    mine = report_send.my_report(db.session, this_member_id(), kind, piece)
    is_self_harm = mine.category == SELF_HARM
    return render_template(
        "moderation/report_thanks.html",
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
    """Block the member who was reported."""
    report_send.block_reported(db.session, this_member_id(), kind, piece)
    return blocked()
