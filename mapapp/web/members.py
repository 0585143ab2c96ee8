"""Where members place themselves, their places, and their profile."""

import secrets

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions import consents, tell
from mapapp.actions import my_places as reading
from mapapp.actions import place as placing_acts
from mapapp.actions.agreements import check_words
from mapapp.actions.cared_for import my_cared_for
from mapapp.actions.find import FoundCondition, condition_by_slug
from mapapp.actions.my_places import MyPlace
from mapapp.actions.place import Placement
from mapapp.actions.profile import Profile, my_profile, set_profile
from mapapp.actions.visibility import set_visibility
from mapapp.domain.areas import load_areas
from mapapp.domain.consents import ADULT, MAIL, PURPOSES, words_version
from mapapp.domain.permissions import COUNTED, VISIBILITIES
from mapapp.domain.pseudonyms import suggest_pseudonym
from mapapp.domain.shapes import shapes_version
from mapapp.domain.wording import VISIBILITY_LABELS
from mapapp.errors import BadInputError, LimitError, MapappError, NotFoundError
from mapapp.web import placing
from mapapp.web.account import standing
from mapapp.web.database import db
from mapapp.web.failures import status_of
from mapapp.web.member_forms import (
    PlaceForm,
    ProfileForm,
    area_number,
    chosen_languages,
    language_options,
    language_slots,
)
from mapapp.web.presenters import area_words
from mapapp.web.previews import preview_json, previews
from mapapp.web.security import site_settings, this_member_id

members = Blueprint("members", __name__)


@members.route("/conditions/<slug>/place", methods=["GET", "POST"])
def place(slug: str) -> ResponseReturnValue:
    """Place oneself, or change one's place."""
    condition = condition_by_slug(db.session, slug)
    mine = reading.my_place(db.session, this_member_id(), condition.id)
    form = _place_form(mine)
    if not form.validate_on_submit():
        return _place_page(condition, mine, form, 400 if form.errors else 200)
    try:
        placed = _keep(form, condition.id)
    except (BadInputError, LimitError, NotFoundError) as error:
        return _place_page(condition, mine, form, status_of(error), _(str(error)))
    flash(_placed_words(placed), "warm")
    return redirect(url_for("maps.show", slug=slug), 303)


def _keep(form: PlaceForm, condition_id: int) -> Placement:
    """Store what was said, agreed to and chosen; return where."""
    member_id = this_member_id()
    set_profile(db.session, member_id, form.profile())
    for purpose in (ADULT, MAIL):
        if form.agreed_to(purpose):
            consents.agree(db.session, member_id, purpose)
    wanted = form.placement()
    placing_acts.place(db.session, site_settings(), load_areas(), member_id, condition_id, wanted)
    return wanted


@members.get("/places")
def places() -> ResponseReturnValue:
    """List the member's places."""
    mine = reading.my_places(db.session, this_member_id())
    choices = [(key, _(VISIBILITY_LABELS[key])) for key in VISIBILITIES]
    version = load_areas().version
    return render_template(
        "members/places.html",
        places=mine,
        cared_for=my_cared_for(db.session, this_member_id()),
        wishes=tell.my_wishes(db.session, load_areas(), this_member_id()),
        choices=choices,
        version=version,
        purposes=PURPOSES,
        words=words_version(),
        form=FlaskForm(),
        **standing(this_member_id()),
    )


@members.post("/places/<slug>/visibility")
def change_visibility(slug: str) -> ResponseReturnValue:
    """Change who sees the member there."""
    condition_id = reading.condition_of_mine(db.session, this_member_id(), slug)
    wanted = request.form.get("visibility", "")
    check_words(request.form.get("words", ""))
    set_visibility(
        db.session, site_settings(), load_areas(), this_member_id(), condition_id, wanted
    )
    flash(_("Changed. The map shows it from now on."))
    return redirect(url_for("members.places"), 303)


@members.post("/places/<slug>/remove")
def remove(slug: str) -> ResponseReturnValue:
    """Take the member off that map."""
    condition_id = reading.condition_of_mine(db.session, this_member_id(), slug)
    placing_acts.remove(db.session, site_settings(), this_member_id(), condition_id)
    flash(_("Removed. You are not on that map any more."))
    return redirect(url_for("members.places"), 303)


@members.route("/profile", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Show and change the member's profile."""
    mine = my_profile(db.session, this_member_id())
    form = ProfileForm(pseudonym=mine.pseudonym, birth_decade=str(mine.birth_decade or ""))
    if form.validate_on_submit():
        set_profile(db.session, this_member_id(), form.profile())
        flash(_("Kept."))
        return redirect(url_for("members.profile"), 303)
    page = render_template("members/profile.html", form=form, **_languages(mine))
    return page, 400 if form.errors else 200


@members.post("/conditions/<slug>/tell-me")
def tell_me(slug: str) -> ResponseReturnValue:
    """Remember to tell the member, once, when somebody joins near an area."""
    condition = condition_by_slug(db.session, slug)
    area_id = area_number(request.form.get("area_id"))
    if area_id is None:
        raise BadInputError(_("Choose a place first."))
    tell.wish(db.session, load_areas(), this_member_id(), condition.id, area_id)
    flash(_("We will send you one mail when somebody joins within 250 km. It will not say why."))
    return redirect(url_for("nearby.show", slug=slug, area=area_id), 303)


@members.post("/conditions/<slug>/tell-me/stop")
def stop_telling(slug: str) -> ResponseReturnValue:
    """Take that back."""
    area_id = area_number(request.form.get("area_id"))
    if area_id is None:
        raise BadInputError(_("Choose a place first."))
    tell.stop(db.session, this_member_id(), slug, area_id)
    flash(_("We will not tell you about it."))
    return redirect(url_for("members.places"), 303)


@members.get("/api/v1/areas/<int:area_id>/preview")
def preview(area_id: int) -> ResponseReturnValue:
    """Say what others would see of somebody placed there."""
    return jsonify(preview_json(area_id, request.args.get("precision", "zone")))


def _place_form(mine: MyPlace | None) -> PlaceForm:
    about = my_profile(db.session, this_member_id())
    suggestion = suggest_pseudonym(secrets.SystemRandom())
    known = {
        "pseudonym": about.pseudonym or suggestion,
        "birth_decade": str(about.birth_decade or ""),
        "area_version": load_areas().version,
    }
    if mine:
        known |= {
            "visibility": COUNTED if mine.aside else mine.visibility,
            "role": mine.role,
            "diagnosis_decade": str(mine.diagnosis_decade or ""),
        }
    form = PlaceForm(**known)
    for purpose in (ADULT, MAIL):
        form.leave_out(purpose, consents.has_agreed(db.session, this_member_id(), purpose))
    return form


def _place_page(
    condition: FoundCondition, mine: MyPlace | None, form: PlaceForm, status: int, error: str = ""
) -> ResponseReturnValue:
    """Return the page; what was typed stays, and an area that cannot be used is left out."""
    area_id, error = _chosen_area(mine, form, error)
    choices = previews(area_id) if area_id else {}
    if not form.is_submitted() or form.precision.data not in choices:
        form.precision.data = next(iter(choices), form.precision.default)
    query = request.args.get("q", "")
    page = render_template(
        "members/place.html",
        condition=condition,
        mine=mine,
        form=form,
        error=error,
        area_id=area_id,
        shapes=shapes_version(),
        previews=choices,
        query=query,
        towns=placing.found_towns(query),
        steps=placing.list_steps(),
        purposes=PURPOSES,
        **_languages(my_profile(db.session, this_member_id())),
    )
    return page, status


def _chosen_area(mine: MyPlace | None, form: PlaceForm, error: str) -> tuple[int | None, str]:
    current = load_areas().version
    try:
        if form.is_submitted() and form.area_version.data == current:
            area_id = area_number(form.area_id.data)
        else:
            form.area_version.data = current
            area_id = placing.asked_area()
            if area_id is None and mine and mine.area_version == current:
                area_id = mine.area_id
        if area_id:
            previews(area_id)
        return area_id or None, error
    except MapappError as refusal:
        return None, error or _(str(refusal))


def _languages(about: Profile) -> dict[str, object]:
    spoken = chosen_languages() if request.method == "POST" else about.languages
    return {"language_options": language_options(), "spoken": language_slots(spoken)}


def _placed_words(placed: Placement) -> str:
    if placed.visibility == COUNTED:
        return str(
            _(
                "You are registered, and nobody sees you. You will enter the numbers at a later "
                "release, rounded; the number you see now does not hold you."
            )
        )
    return str(_("You are counted here: %(area)s.", area=area_words(placed.area_id)))
