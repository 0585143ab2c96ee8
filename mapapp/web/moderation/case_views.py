"""Pages for moderators: the queue, a case, and deciding it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.mail.delivery import gets_case_mail
from mapapp.actions.moderation import appeal, case_decide, case_mail, case_note, person_look_up
from mapapp.actions.moderation.case_queue import numbers, queue
from mapapp.actions.moderation.case_read import CasePage, case_page, read_evidence
from mapapp.domain.safety.case_rules import APPEALED, CASE_CHANGED, CASE_STATES, OPEN, TAKEN
from mapapp.domain.safety.handbook import paragraph_for
from mapapp.errors import N_, BadInputError, LimitError, NotFoundError
from mapapp.store.database import in_transaction
from mapapp.web.core.failures import status_of
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import one_of
from mapapp.web.core.request_session import db, is_writing
from mapapp.web.core.security import (
    this_context,
    this_member_id,
)
from mapapp.web.moderation.case_forms import DecisionForm, LookUpForm, NoteForm, OutcomeForm

moderation = Blueprint("moderation", __name__, url_prefix="/moderation")


@moderation.get("", endpoint="queue")
def show_queue() -> ResponseReturnValue:
    """What waits, the most urgent first."""
    return _queue_page(LookUpForm())


@moderation.post("/look-up")
def look_up() -> ResponseReturnValue:
    """Open a case about a person on a map, without a report."""
    form = LookUpForm()
    if not form.validate_on_submit():
        return _queue_page(form), 400
    given = (form.person.data or "", form.category.data, form.why.data or "")
    try:
        case_id = person_look_up.look_up(this_context(), *given)
    except (BadInputError, LimitError, NotFoundError) as error:
        form.person.errors = [translated(error)]
        return _queue_page(form), status_of(error)
    return redirect(url_for("moderation.case", case_id=case_id), 303)


@moderation.post("/emails")
def choose_mail() -> ResponseReturnValue:
    """Switch the mails about cases that wait on or off, for the one who asks."""
    wanted = request.form.get("wanted", "")
    if wanted not in {"yes", "no"}:
        raise BadInputError(N_("Choose from the options."))
    is_wanted = wanted == "yes"
    case_mail.choose_mail(db.session, this_member_id(), wanted=is_wanted)
    flash(_("We will email you when cases wait.") if is_wanted else _("We no longer email you."))
    return redirect(url_for("moderation.queue"), 303)


@moderation.get("/<case_id>")
def case(case_id: str) -> ResponseReturnValue:
    """Show a case, and what was reported only to the moderator who handles it."""
    return _page(case_page(db.session, this_member_id(), case_id))


@moderation.post("/<case_id>/take")
def take_case(case_id: str) -> ResponseReturnValue:
    """Take a case, which opens it."""
    case_decide.take(db.session, this_member_id(), case_id)
    return redirect(url_for("moderation.case", case_id=case_id), 303)


@moderation.post("/<case_id>/give-back")
def give_back(case_id: str) -> ResponseReturnValue:
    """Put a case back into the queue."""
    case_decide.give_back(db.session, this_member_id(), case_id)
    flash(_("The case is in the queue again."))
    return redirect(url_for("moderation.queue"), 303)


@moderation.post("/<case_id>/note")
def add_note(case_id: str) -> ResponseReturnValue:
    """Tell the other moderators something about a case."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(case_page(db.session, this_member_id(), case_id), note_form=form)
    case_note.add_note(this_context(), case_id, form.note.data or "")
    return redirect(url_for("moderation.case", case_id=case_id, _anchor="notes"), 303)


@moderation.post("/<case_id>/decide")
def decide(case_id: str) -> ResponseReturnValue:
    """Decide a case."""
    found = case_page(db.session, this_member_id(), case_id)
    form = DecisionForm(found.acts)
    if not form.validate_on_submit():
        _require_form(found, TAKEN)
        return _page(found, form)
    try:
        case_decide.decide(this_context(), case_id, form.decision())
    except BadInputError as error:
        form.reason.errors = [translated(error)]
        return _page(found, form)
    flash(_("Decided. Thank you for looking at it."), "warm")
    return redirect(url_for("moderation.queue"), 303)


@moderation.post("/<case_id>/close")
def close(case_id: str) -> ResponseReturnValue:
    """Decide an appeal."""
    found = case_page(db.session, this_member_id(), case_id)
    form = OutcomeForm()
    if not form.validate_on_submit():
        _require_form(found, APPEALED)
        return _page(found, form)
    appeal.close(this_context(), case_id, form.outcome.data, form.reason.data or "")
    flash(_("The appeal is decided."), "warm")
    return redirect(url_for("moderation.queue", state=APPEALED), 303)


def _require_form(found: CasePage, state: str) -> None:
    """Refuse what the page has no form for any more; the page for errors shows what was written.

    Raises:
        NotFoundError: where the case is not in ``state``, or another moderator has it.
    """
    is_mine = found.line.is_mine or state != TAKEN
    if found.line.state != state or found.refusal or not is_mine:
        raise NotFoundError(CASE_CHANGED)


def _queue_page(form: LookUpForm) -> str:
    wanted = (
        one_of(request.args.get("state", ""), CASE_STATES, N_("There is no such list.")) or OPEN
    )
    return render_template(
        "moderation/case_queue.html",
        page=queue(db.session, this_member_id(), wanted, asked_spot()),
        numbers=numbers(db.session, this_member_id()),
        states=CASE_STATES,
        state=wanted,
        form=form,
        gets_mail=gets_case_mail(db.session, this_member_id()),
    )


def _page(
    found: CasePage, form: FlaskForm | None = None, note_form: NoteForm | None = None
) -> ResponseReturnValue:
    handled = {TAKEN: lambda: DecisionForm(found.acts), APPEALED: OutcomeForm}
    make_form = handled.get(found.line.state, FlaskForm)
    page = render_template(
        "moderation/case.html",
        found=found,
        line=found.line,
        form=form or make_form(),
        note_form=note_form or NoteForm(),
        plain_form=FlaskForm(),
        handbook=translated(paragraph_for(found.line.kind, found.line.category)),
        evidence=_evidence(found.line.public_id) if found.may_read else None,
    )
    return page, 400 if any(one and one.errors for one in (form, note_form)) else 200


def _evidence(case_id: str) -> dict[str, Any]:
    """Return what was reported; that it was read is committed before anyone sees it."""
    if is_writing():  # a refused form, whose answer would be rolled back
        evidence = read_evidence(db.session, this_member_id(), case_id)
        db.session.commit()
        return evidence
    return in_transaction(db.engine, lambda own: read_evidence(own, this_member_id(), case_id))
