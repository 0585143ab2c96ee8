"""A member offers to help newcomers on one map, and takes that back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from mapapp.actions.members.adviser_offer import make_offer, my_offer, take_offer_back
from mapapp.actions.members.my_places import place_on_map
from mapapp.domain.core.visibilities import is_listed
from mapapp.domain.published.adviser_rules import LONGEST_OFFER, checked_offer
from mapapp.web.core.parsing import fits
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id

advising = Blueprint("advising", __name__)


class OfferForm(FlaskForm):  # type: ignore[misc]
    """What the team should know of an offer to help."""

    text = TextAreaField(
        lazy_gettext("What could you help newcomers with?"),
        description=lazy_gettext(
            "10 to 300 characters, such as: “I have lived with it for twelve years and remember "
            "the first one well.” Only the team reads this."
        ),
        validators=[fits(checked_offer)],
        render_kw={"rows": 3, "maxlength": LONGEST_OFFER},
    )


@advising.route("/conditions/<slug>/adviser", methods=["GET", "POST"])
def show_offer(slug: str) -> ResponseReturnValue:
    """Show what one offers here, with the answer, or the form to offer it."""
    place = place_on_map(db.session, this_member_id(), slug)
    form = OfferForm()
    if form.validate_on_submit():
        make_offer(this_context(), place.condition_id, form.text.data or "")
        flash(_("Thank you. The team reads your offer, and its answer will be here."))
        return redirect(url_for("advising.show_offer", slug=slug), 303)
    offer = my_offer(db.session, this_member_id(), place.condition_id)
    is_shown = is_listed(place.visibility)
    page = render_template(
        "contact/adviser.html", form=form, place=place, offer=offer, is_shown=is_shown
    )
    return page, 400 if form.errors else 200


@advising.post("/conditions/<slug>/adviser/stop")
def take_back(slug: str) -> ResponseReturnValue:
    """Take the offer back."""
    place = place_on_map(db.session, this_member_id(), slug)
    take_offer_back(this_context(), place.condition_id)
    flash(_("Your offer is deleted, and nothing beside your pseudonym speaks of it."))
    return redirect(url_for("places.list_places"), 303)
