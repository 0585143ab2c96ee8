"""Pages on which staff read offers to help newcomers, and answer them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from mapapp.actions.moderation.adviser_answer import (
    CONFIRM,
    END,
    REFUSE,
    Offer,
    answer_offer,
    offer_at,
    offers,
)
from mapapp.domain.published.adviser_rules import CONFIRMED, WAITS_FOR_STAFF
from mapapp.errors import N_
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.parsing import one_of
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.moderation.case_forms import reason_field

advisers = Blueprint("advisers", __name__, url_prefix="/moderation/advisers")

STATES = {WAITS_FOR_STAFF: N_("Waiting for an answer"), CONFIRMED: N_("Confirmed")}


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What staff answer, and why."""

    act = RadioField(
        lazy_gettext("What is your answer?"),
        validators=[InputRequired(lazy_gettext("Choose what to do."))],
    )
    reason = reason_field()

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        confirm = (CONFIRM, _("Confirm: the card says “Adviser” with one of the next publications"))
        end = (END, _("Take it back: the card says “Adviser” no more, at once"))
        is_new = offer.state == WAITS_FOR_STAFF
        self.act.choices = [confirm, (REFUSE, _("Refuse"))] if is_new else [end]


@advisers.get("")
def list_offers() -> ResponseReturnValue:
    """List the offers that wait, or the advisers who are confirmed."""
    asked = one_of(request.args.get("state", ""), tuple(STATES), N_("There is no such list."))
    state = asked or WAITS_FOR_STAFF
    found = offers(db.session, this_member_id(), state, asked_spot())
    return render_template("moderation/offers.html", page=found, states=STATES, state=state)


@advisers.route("/<public_id>", methods=["GET", "POST"])
def show_offer(public_id: str) -> ResponseReturnValue:
    """Show an offer, and answer it."""
    offer = offer_at(db.session, this_member_id(), public_id)
    form = AnswerForm(offer)
    if form.validate_on_submit():
        answer_offer(this_context(), public_id, form.act.data, form.reason.data or "")
        flash(_("Answered. The person reads your reason on their own page."))
        return redirect(url_for("advisers.list_offers"), 303)
    page = render_template("moderation/offer.html", offer=offer, form=form)
    return page, 400 if form.errors else 200
