"""Pages for moderators: the queue, a case, and deciding it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import appeals
from mapapp.actions import moderation as acts
from mapapp.actions.case_page import CasePage, case_page, read_evidence
from mapapp.actions.case_queue import numbers, queue
from mapapp.domain.areas import load_areas
from mapapp.domain.cases import APPEALED, OPEN, STATES, TAKEN
from mapapp.errors import BadInputError
from mapapp.store.database import transaction
from mapapp.web.database import db
from mapapp.web.moderation_forms import DecisionForm, OutcomeForm
from mapapp.web.parsing import one_of, page_number
from mapapp.web.security import (
    site_settings,
    this_member_id,
)

moderation = Blueprint("moderation", __name__, url_prefix="/moderation")


@moderation.get("", endpoint="queue")
def show_queue() -> ResponseReturnValue:
    """What waits, the most urgent first."""
    wanted = one_of(request.args.get("state", ""), STATES, _("There is no such list.")) or OPEN
    return render_template(
        "moderation/queue.html",
        page=queue(db.session, this_member_id(), wanted, page_number(request.args)),
        numbers=numbers(db.session, this_member_id()),
        states=STATES,
        state=wanted,
    )


@moderation.get("/<case_id>")
def case(case_id: str) -> ResponseReturnValue:
    """A case; what was reported only to whoever handles it."""
    return _page(case_page(db.session, this_member_id(), case_id))


@moderation.post("/<case_id>/take")
def take(case_id: str) -> ResponseReturnValue:
    """Take a case, which opens it."""
    acts.take(db.session, this_member_id(), case_id)
    return redirect(url_for("moderation.case", case_id=case_id), 303)


@moderation.post("/<case_id>/give-back")
def give_back(case_id: str) -> ResponseReturnValue:
    """Put a case back into the queue."""
    acts.give_back(db.session, this_member_id(), case_id)
    flash(_("The case is in the queue again."))
    return redirect(url_for("moderation.queue"), 303)


@moderation.post("/<case_id>/decide")
def decide(case_id: str) -> ResponseReturnValue:
    """Decide a case."""
    found = case_page(db.session, this_member_id(), case_id)
    form = DecisionForm(found.acts)
    if not form.validate_on_submit():
        return _page(found, form)
    given = (db.session, site_settings(), load_areas(), this_member_id(), case_id)
    try:
        acts.decide(*given, form.decision())
    except BadInputError as error:
        form.reason.errors = [_(str(error))]
        return _page(found, form)
    flash(_("Decided. Thank you for looking at it."), "warm")
    return redirect(url_for("moderation.queue"), 303)


@moderation.post("/<case_id>/close")
def close(case_id: str) -> ResponseReturnValue:
    """Decide an appeal."""
    found = case_page(db.session, this_member_id(), case_id)
    form = OutcomeForm()
    if not form.validate_on_submit():
        return _page(found, form)
    given = (db.session, site_settings(), load_areas(), this_member_id(), case_id)
    appeals.close(*given, form.outcome.data, form.reason.data or "")
    flash(_("The appeal is decided."), "warm")
    return redirect(url_for("moderation.queue", state=APPEALED), 303)


def _page(found: CasePage, form: FlaskForm | None = None) -> ResponseReturnValue:
    handled = {TAKEN: lambda: DecisionForm(found.acts), APPEALED: OutcomeForm}
    make_form = handled.get(found.line.state, FlaskForm)
    page = render_template(
        "moderation/case.html",
        found=found,
        line=found.line,
        form=form or make_form(),
        plain_form=FlaskForm(),
        evidence=_evidence(found.line.public_id) if found.may_read else None,
    )
    return page, 400 if form is not None and form.errors else 200


def _evidence(case_id: str) -> dict[str, Any]:
    """Return what was reported; that it was read is committed before anybody sees it."""
    if request.method == "POST":  # a refused form, whose answer would be rolled back
        evidence = read_evidence(db.session, this_member_id(), case_id)
        db.session.commit()
        return evidence
    with transaction(db.engine) as own:
        return read_evidence(own, this_member_id(), case_id)
