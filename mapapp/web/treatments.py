"""What people tried against a condition: the chart, one's own records, proposing a treatment."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from mapapp.actions import treatments as acts
from mapapp.actions.find import FoundCondition, condition_by_slug
from mapapp.actions.my_places import MyPlace, my_place
from mapapp.actions.proposing import propose as propose_treatment
from mapapp.actions.treatments import Known, MyUse
from mapapp.domain.consents import PURPOSES, TRIED
from mapapp.domain.permissions import is_listed
from mapapp.domain.treatments import FEWEST, LONGEST_NAME, OUTCOMES
from mapapp.errors import BadInputError, LimitError, MapappError, NotAllowedError
from mapapp.web.conditional import conditional
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.parsing import one_of
from mapapp.web.security import current_member_id, site_settings, this_member_id
from mapapp.web.treatment_words import longest_bar

treatments = Blueprint("treatments", __name__)


class UseForm(FlaskForm):  # type: ignore[misc]
    """What somebody tried, and how it went."""

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
        self.outcome.choices = [(key, _(words)) for key, words in OUTCOMES.items()]


@treatments.get("/conditions/<slug>/treatments")
@conditional
def show(slug: str) -> ResponseReturnValue:
    """The chart for everybody; below it, for who is on the map, what they recorded themselves."""
    return _page(condition_by_slug(db.session, slug), chosen=request.args.get("treatment", ""))


@treatments.post("/conditions/<slug>/treatments")
def record(slug: str) -> ResponseReturnValue:
    """Keep how a treatment went, instead of what was said before."""
    condition, me = condition_by_slug(db.session, slug), this_member_id()
    acts.require_place(db.session, me, condition.id)
    form = UseForm(acts.treatments_of(db.session, condition.id))
    if not form.validate_on_submit():
        return _page(condition, form), 400
    said = (form.treatment.data, form.outcome.data, form.side_effects.data)
    acts.record(db.session, site_settings(), me, condition.id, *said)
    flash(_("Kept. You can change or delete it at any time."), "warm")
    return redirect(url_for("treatments.show", slug=slug, _anchor="mine"), 303)


@treatments.post("/conditions/<slug>/treatments/<public_id>/remove")
def remove(slug: str, public_id: str) -> ResponseReturnValue:
    """Delete what one recorded of a treatment."""
    condition = condition_by_slug(db.session, slug)
    acts.remove(db.session, this_member_id(), condition.id, public_id)
    flash(_("Deleted."))
    return redirect(url_for("treatments.show", slug=slug, _anchor="mine"), 303)


@treatments.post("/conditions/<slug>/treatments/propose")
def propose(slug: str) -> ResponseReturnValue:
    """Propose a treatment that the list does not have."""
    condition, me = condition_by_slug(db.session, slug), this_member_id()
    acts.require_place(db.session, me, condition.id)
    typed = request.form.get("name", "")
    try:
        propose_treatment(db.session, site_settings(), me, condition.id, typed)
    except (BadInputError, LimitError, NotAllowedError) as error:
        return _page(condition, typed=typed, error=error), status_of(error)
    flash(_("Thank you. A moderator reads it first; that can take a day."))
    return redirect(url_for("treatments.show", slug=slug, _anchor="mine"), 303)


def _page(
    condition: FoundCondition,
    form: UseForm | None = None,
    *,
    chosen: str = "",
    typed: str = "",
    error: MapappError | None = None,
) -> str:
    place = _my_place(condition)
    found = acts.numbers(db.session, condition.id)
    given = _of_member(condition, form, chosen) if place else {}
    return render_template(
        "treatments/show.html",
        condition=condition,
        numbers=found,
        longest=longest_bar(found),
        fewest=FEWEST,
        place=place,
        is_counted=place is not None and is_listed(place.visibility),
        typed=typed,
        error=_(str(error)) if error else "",
        longest_name=LONGEST_NAME,
        words=PURPOSES[TRIED].now.words,
        **given,
    )


def _my_place(condition: FoundCondition) -> MyPlace | None:
    me = current_member_id()
    return None if me is None else my_place(db.session, me, condition.id)


def _of_member(condition: FoundCondition, form: UseForm | None, chosen: str) -> dict[str, object]:
    mine = acts.my_uses(db.session, this_member_id(), condition.id)
    known = acts.treatments_of(db.session, condition.id)
    return {"mine": mine, "known": known, "form": form or _new_form(known, mine, chosen)}


def _new_form(known: list[Known], mine: list[MyUse], chosen: str) -> UseForm:
    """Return the form as it begins; with what was said before of the treatment that is chosen."""
    one_of(chosen, {k.public_id for k in known}, _("This treatment is not in the list."))
    before = next((use for use in mine if use.public_id == chosen), None)
    data: dict[str, object] = {"treatment": chosen}
    if before is not None:
        data |= {"outcome": before.outcome, "side_effects": before.side_effects}
    return UseForm(known, formdata=None, data=data)
