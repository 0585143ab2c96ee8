"""What people tried for a condition: the chart, the reader's records, proposing a treatment."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from mapapp.actions.knowledge import treatment_use
from mapapp.actions.knowledge.treatment_propose import propose_treatment
from mapapp.actions.knowledge.treatment_use import Known, MyUse
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.knowledge.treatment_list import LONGEST_TREATMENT, OUTCOMES
from mapapp.domain.mail.consent_wordings import PURPOSES, TREATMENTS
from mapapp.domain.published.release_rules import FEWEST_ON_MAP
from mapapp.errors import N_, BadInputError, LimitError, MapappError, NotAllowedError
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.parsing import one_of
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.members.own_place import own_place

treatments = Blueprint("treatments", __name__)


class UseForm(FlaskForm):  # type: ignore[misc]
    """What a member tried, and how it went."""

    treatment = SelectField(
        lazy_gettext("What did you try?"),
        choices=[],
        validators=[InputRequired(lazy_gettext("Choose what you tried."))],
    )
    outcome = RadioField(
        lazy_gettext("How did it go?"),
        choices=[],
        validators=[InputRequired(lazy_gettext("Choose how it went."))],
    )
    side_effects = BooleanField(lazy_gettext("It had side effects"))

    def __init__(self, known: list[Known], **given: object) -> None:
        super().__init__(**given)
        self.treatment.choices = [("", _("Choose one")), *((k.public_id, k.name) for k in known)]
        self.outcome.choices = [(key, translated(words)) for key, words in OUTCOMES.items()]


@treatments.get("/conditions/<slug>/treatments")
@conditional
def show_treatments(slug: str) -> ResponseReturnValue:
    """Show the chart, and below it what the reader recorded, if they are on the map."""
    return _page(condition_by_slug(db.session, slug), chosen=request.args.get("treatment", ""))


@treatments.post("/conditions/<slug>/treatments")
def record(slug: str) -> ResponseReturnValue:
    """Store how a treatment went, replacing an earlier record."""
    condition, me = condition_by_slug(db.session, slug), this_member_id()
    treatment_use.require_place(db.session, me, condition.id)
    form = UseForm(treatment_use.treatments_of(db.session, condition.id))
    if not form.validate_on_submit():
        return _page(condition, form), 400
    said = (form.treatment.data, form.outcome.data, form.side_effects.data)
    treatment_use.record(this_context(), condition.id, *said)
    flash(_("Saved. You can change or delete it at any time."), "warm")
    return redirect(url_for("treatments.show_treatments", slug=slug, _anchor="mine"), 303)


@treatments.post("/conditions/<slug>/treatments/<public_id>/remove")
def remove_use(slug: str, public_id: str) -> ResponseReturnValue:
    """Delete the member's record of a treatment."""
    condition = condition_by_slug(db.session, slug)
    treatment_use.remove(db.session, this_member_id(), condition.id, public_id)
    flash(_("Deleted."))
    return redirect(url_for("treatments.show_treatments", slug=slug, _anchor="mine"), 303)


@treatments.post("/conditions/<slug>/treatments/propose")
def propose(slug: str) -> ResponseReturnValue:
    """Propose a treatment that the list does not have."""
    condition, me = condition_by_slug(db.session, slug), this_member_id()
    treatment_use.require_place(db.session, me, condition.id)
    typed = request.form.get("name", "")
    try:
        propose_treatment(this_context(), condition.id, typed)
    except (BadInputError, LimitError, NotAllowedError) as error:
        return _page(condition, typed=typed, error=error), status_of(error)
    flash(_("Thank you. A moderator will read it first; that can take a day."))
    return redirect(url_for("treatments.show_treatments", slug=slug, _anchor="mine"), 303)


def _page(
    condition: FoundCondition,
    form: UseForm | None = None,
    *,
    chosen: str = "",
    typed: str = "",
    error: MapappError | None = None,
) -> str:
    place = own_place(condition.id)
    given = _of_member(condition, form, chosen) if place else {}
    return render_template(
        "knowledge/treatment.html",
        condition=condition,
        numbers=treatment_use.numbers(db.session, condition.id),
        fewest=FEWEST_ON_MAP,
        place=place,
        is_counted=place is not None and is_listed(place.visibility),
        typed=typed,
        error=translated(error) if error else "",
        longest_name=LONGEST_TREATMENT,
        words=PURPOSES[TREATMENTS].now.words,
        **given,
    )


def _of_member(condition: FoundCondition, form: UseForm | None, chosen: str) -> dict[str, object]:
    mine = treatment_use.my_uses(db.session, this_member_id(), condition.id)
    known = treatment_use.treatments_of(db.session, condition.id)
    return {"mine": mine, "known": known, "form": form or _new_form(known, mine, chosen)}


def _new_form(known: list[Known], mine: list[MyUse], chosen: str) -> UseForm:
    """Return the form at first, with what was said before about the chosen treatment."""
    one_of(chosen, {k.public_id for k in known}, N_("This treatment is not in the list."))
    before = next((use for use in mine if use.public_id == chosen), None)
    data: dict[str, object] = {"treatment": chosen}
    if before is not None:
        data |= {"outcome": before.outcome, "side_effects": before.side_effects}
    return UseForm(known, formdata=None, data=data)
