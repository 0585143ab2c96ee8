"""Placing a person the member cares for, and what happens when a child turns 18."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.account import cared_for_place
from mapapp.actions.mail import consent_receipts
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.mail.consent_wordings import ADULT, CARE, PURPOSES
from mapapp.errors import BadInputError, LimitError, MapappError, NotFoundError
from mapapp.web.account.cared_for_form import CareForm
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id
from mapapp.web.members import area_picker
from mapapp.web.members.place_preview import previews

cared_for = Blueprint("cared_for", __name__)


@cared_for.get("/cared-for")
def list_cared_for() -> ResponseReturnValue:
    """List the people the member placed."""
    mine = cared_for_place.my_cared_for(db.session, this_member_id())
    version = load_areas().version
    return render_template("account/cared_for.html", people=mine, version=version, form=FlaskForm())


@cared_for.route("/conditions/<slug>/place/cared-for", methods=["GET", "POST"])
def place_cared_for(slug: str) -> ResponseReturnValue:
    """Place a child, or an adult one cares for: counted only."""
    condition = condition_by_slug(db.session, slug)
    form = CareForm(consent_receipts.has_agreed(db.session, this_member_id(), ADULT))
    if not form.validate_on_submit():
        return _page(condition, form, 400 if form.errors else 200)
    try:
        _keep(form, condition.id)
    except (BadInputError, LimitError, NotFoundError) as error:
        form.key.data = str(uuid.uuid4())  # this one may have been used, for someone else
        return _page(condition, form, status_of(error), translated(error))
    flash(
        _("Saved. Nobody sees them; they will be included in a later release of numbers."), "warm"
    )
    return redirect(url_for("cared_for.list_cared_for"), 303)


@cared_for.post("/conditions/<slug>/place/cared-for/where")
def find_place(slug: str) -> ResponseReturnValue:
    """Look for a place by a town or in the list, and lead back to the page with what was found."""
    address = url_for("cared_for.place_cared_for", slug=slug, at=area_picker.asked_again())
    return redirect(address, 303)


@cared_for.post("/cared-for/<public_id>/keep")
def keep(public_id: str) -> ResponseReturnValue:
    """They turned 18 and wish to stay counted."""
    cared_for_place.keep_grown_up(db.session, this_member_id(), public_id)
    flash(_("Thank you. They stay counted, and we will not ask again."))
    return redirect(url_for("cared_for.list_cared_for"), 303)


@cared_for.post("/cared-for/<public_id>/remove")
def remove_cared_for(public_id: str) -> ResponseReturnValue:
    """Erase a person the member placed."""
    cared_for_place.remove_cared_for(this_context(), this_member_id(), public_id)
    g.erased = True
    flash(_("Removed. What we held about them is deleted."))
    return redirect(url_for("cared_for.list_cared_for"), 303)


def _keep(form: CareForm, condition_id: int) -> None:
    member_id = this_member_id()
    if form.agreed_to(ADULT):
        consent_receipts.agree(db.session, member_id, ADULT)
    who = cared_for_place.NewPerson(condition_id, form.area(), form.adult_month())
    cared_for_place.place_cared_for(this_context(), member_id, who, form.key.data or "")


def _page(
    condition: FoundCondition, form: CareForm, status: int, error: str = ""
) -> ResponseReturnValue:
    area_id = form.area_or_none() if form.is_submitted() else _asked()
    page = render_template(
        "account/cared_for_place.html",
        condition=condition,
        form=form,
        error=error,
        area_id=area_id,
        previews=previews(area_id) if area_id else {},
        shapes=shapes_version(),
        **area_picker.town_facts(area_id),
        steps=area_picker.list_steps(),
        where_url=url_for("cared_for.find_place", slug=condition.slug),
        words=PURPOSES[CARE].now.words,
    )
    return page, status


def _asked() -> int | None:
    try:
        return area_picker.asked_area()
    except MapappError:
        return None
