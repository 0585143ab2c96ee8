"""Placing somebody one cares for, and what happens when a child turns 18."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import cared_for as acts
from mapapp.actions import consents
from mapapp.actions.find import FoundCondition, condition_by_slug
from mapapp.domain.areas import load_areas
from mapapp.domain.consents import ADULT, CARE, PURPOSES
from mapapp.domain.shapes import shapes_version
from mapapp.errors import BadInputError, LimitError, MapappError, NotFoundError
from mapapp.web import placing
from mapapp.web.care_form import CareForm
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.previews import previews
from mapapp.web.security import site_settings, this_member_id

cared_for = Blueprint("cared_for", __name__)


@cared_for.get("/cared-for")
def index() -> ResponseReturnValue:
    """List the people the member placed."""
    mine = acts.my_cared_for(db.session, this_member_id())
    version = load_areas().version
    return render_template("cared_for/index.html", people=mine, version=version, form=FlaskForm())


@cared_for.route("/conditions/<slug>/place/cared-for", methods=["GET", "POST"])
def place(slug: str) -> ResponseReturnValue:
    """Place a child, or an adult one cares for: counted only."""
    condition = condition_by_slug(db.session, slug)
    form = CareForm(consents.has_agreed(db.session, this_member_id(), ADULT))
    if not form.validate_on_submit():
        return _page(condition, form, 400 if form.errors else 200)
    try:
        _keep(form, condition.id)
    except (BadInputError, LimitError, NotFoundError) as error:
        return _page(condition, form, status_of(error), _(str(error)))
    flash(_("Kept. Nobody sees them; they enter the numbers at a later release."), "warm")
    return redirect(url_for("cared_for.index"), 303)


@cared_for.post("/cared-for/<public_id>/keep")
def keep(public_id: str) -> ResponseReturnValue:
    """They turned 18 and wish to stay counted."""
    acts.keep_grown_up(db.session, this_member_id(), public_id)
    flash(_("Thank you. They stay counted, and we do not ask again."))
    return redirect(url_for("cared_for.index"), 303)


@cared_for.post("/cared-for/<public_id>/remove")
def remove(public_id: str) -> ResponseReturnValue:
    """Erase somebody the member placed."""
    acts.remove_cared_for(db.session, site_settings(), this_member_id(), public_id)
    g.erased = True
    flash(_("Removed. Nothing about them is kept."))
    return redirect(url_for("cared_for.index"), 303)


def _keep(form: CareForm, condition_id: int) -> None:
    member_id = this_member_id()
    if form.agreed_to(ADULT):
        consents.agree(db.session, member_id, ADULT)
    acts.place_cared_for(
        db.session,
        site_settings(),
        load_areas(),
        member_id,
        condition_id,
        form.area(),
        form.adult_month(),
    )


def _page(
    condition: FoundCondition, form: CareForm, status: int, error: str = ""
) -> ResponseReturnValue:
    area_id = form.area_or_none() if form.is_submitted() else _asked()
    query = request.args.get("q", "")
    page = render_template(
        "cared_for/place.html",
        condition=condition,
        form=form,
        error=error,
        area_id=area_id,
        previews=previews(area_id) if area_id else {},
        shapes=shapes_version(),
        query=query,
        towns=placing.found_towns(query),
        steps=placing.list_steps(),
        words=PURPOSES[CARE].now.words,
    )
    return page, status


def _asked() -> int | None:
    try:
        return placing.asked_area()
    except MapappError:
        return None
