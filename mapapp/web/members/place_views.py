"""Where members place themselves, their places, and their profile."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mapapp.actions.mail import consent_receipts
from mapapp.actions.members import my_places, place_set
from mapapp.actions.members.my_places import MyPlace
from mapapp.actions.members.place_set import AlsoSaid
from mapapp.actions.members.placing_member import AccountGoneError
from mapapp.actions.members.profile_edit import my_languages, set_languages
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_facts import FEW_LISTED, PRECISIONS, offered_precision
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.shapes import shapes_version
from mapapp.domain.core.visibilities import COUNTED
from mapapp.domain.mail.consent_wordings import ADULT, MAIL, PURPOSES
from mapapp.domain.members.pseudonyms import suggest_pseudonym
from mapapp.errors import N_, BadInputError, LimitError, MapappError, NotFoundError
from mapapp.web.core.access import take_turn
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db, forget_work
from mapapp.web.core.security import current_member_id, this_context, this_member_id
from mapapp.web.members import area_picker
from mapapp.web.members.member_forms import (
    LanguagesForm,
    PlaceForm,
    area_number,
    chosen_languages,
    language_options,
    language_slots,
)
from mapapp.web.members.place_preview import SAME_NAME, preview_json, previews, say_placed

members = Blueprint("members", __name__)

_INCOMPLETE = BadInputError(N_("Choose who sees you."))
"""A form without this, or without the connection to the condition, is of no browser."""


@dataclass(frozen=True)
class PlacePage:
    """Which page it is, and for whom.

    Attributes:
        template: of the page.
        where: the endpoint that looks for a place by a town or in the list.
        condition: on whose map the place is.
        mine: the place that the member has there, if any.
        more: what the template shows beside that.
    """

    template: str
    where: str
    condition: FoundCondition
    mine: MyPlace | None = None
    more: Mapping[str, object] = field(default_factory=dict)

    def show(self, form: PlaceForm, status: int = 200, error: str = "") -> ResponseReturnValue:
        """Return the page; what was typed stays, and an area that cannot be used is left out."""
        area_id, error = self._chosen_area(form, error)
        choices = previews(area_id) if area_id else {}
        offered = offered_precision(self.condition.listed)
        stays = self.mine is not None and area_id == self.mine.area_id
        if not form.is_submitted() or form.precision.data not in choices:
            first = next(iter(choices), offered) if stays else offered
            form.precision.data = _at_least(first, list(choices))
        page = render_template(
            self.template,
            condition=self.condition,
            mine=self.mine,
            form=form,
            error=error,
            area_id=area_id,
            shapes=shapes_version(),
            previews=choices,
            offered_precision=offered,
            few_listed=0 if stays or offered == PRECISIONS[0] else FEW_LISTED,
            **area_picker.town_facts(area_id),
            steps=area_picker.list_steps(),
            where_url=url_for(self.where, slug=self.condition.slug),
            purposes=PURPOSES,
            **spoken_languages(),
            **self.more,
        )
        return page, status

    def _chosen_area(self, form: PlaceForm, error: str) -> tuple[int | None, str]:
        current = load_areas().version
        try:
            if form.is_submitted() and form.area_version.data == current:
                area_id = area_number(form.area_id.data)
            else:
                form.area_version.data = current
                area_id = area_picker.asked_area()
                if area_id is None and self.mine and self.mine.area_version == current:
                    area_id = self.mine.area_id
            if area_id:
                previews(area_id)
            return area_id or None, error
        except MapappError as refusal:
            return None, error or translated(refusal)


def spoken_languages() -> dict[str, object]:
    """Return the fields for languages, and what stands in them."""
    member_id = current_member_id()
    if request.method == "POST":
        spoken = chosen_languages()
    else:
        spoken = my_languages(db.session, member_id) if member_id else ()
    return {"language_options": language_options(), "spoken": language_slots(spoken)}


def _at_least(precision: str, choices: list[str]) -> str:
    """Return ``precision`` where it can be chosen, else the next that tells less."""
    coarser = [one for one in PRECISIONS[PRECISIONS.index(precision) :] if one in choices]
    return coarser[0] if coarser else next(reversed(choices), precision)


@members.route("/conditions/<slug>/place", methods=["GET", "POST"])
def place(slug: str) -> ResponseReturnValue:
    """Place the member, or change their place."""
    if request.method != "POST":
        return _form_page(slug)
    form = _complete_form()
    if form is None:
        return _form_page(slug, _INCOMPLETE)
    try:
        return _placed(slug, form)
    except AccountGoneError:
        raise  # there is nobody to show the form to
    except (BadInputError, LimitError, NotFoundError) as error:
        forget_work()
        return _form_page(slug, error)


def _placed(slug: str, form: PlaceForm) -> ResponseReturnValue:
    """Store what the member chose, in a turn that begins when the form itself is right."""
    wanted, also = form.placement(), _also_said(form)
    place_set.check_said(load_areas(), wanted, also)
    condition_id, elsewhere = my_places.map_to_join(db.session, this_member_id(), slug)
    refusal = take_turn()
    if refusal is not None:
        return refusal
    placed = place_set.place(this_context(), condition_id, wanted, also)
    say_placed(wanted, placed.due, same_name=wanted.pseudonym.casefold() in elsewhere)
    return redirect(url_for("placed.show_placed", slug=slug), 303)


def _complete_form() -> PlaceForm | None:
    """Return the form that was sent if it is right, as far as can be told without the database."""
    form = PlaceForm(area_version=load_areas().version, visibility="", role="")
    for purpose in (ADULT, MAIL):  # the act itself asks whether there is a consent that it needs
        form.leave_out(purpose, agreed=not form[purpose].data)
    return form if form.validate() else None


def _form_page(slug: str, refusal: MapappError | None = None) -> ResponseReturnValue:
    """Return the page with the form, and what is wrong with it or why the act refused it."""
    condition = condition_by_slug(db.session, slug)
    mine = my_places.my_place(db.session, this_member_id(), condition.id)
    form = _place_form(condition, mine)
    if refusal is None or not form.validate():
        return _place_page(condition, mine, form, 400 if refusal else 200)
    return _place_page(condition, mine, form, status_of(refusal), translated(refusal))


@members.post("/conditions/<slug>/place/where")
def find_place(slug: str) -> ResponseReturnValue:
    """Look for a place by a town or in the list, and lead back to the page with what was found."""
    return redirect(url_for("members.place", slug=slug, at=area_picker.asked_again()), 303)


def _also_said(form: PlaceForm) -> AlsoSaid:
    agreed = tuple(purpose for purpose in (ADULT, MAIL) if form.agreed_to(purpose))
    return AlsoSaid(chosen_languages(), agreed)


@members.route("/profile", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Show and change what is the same on all maps, and list what is not."""
    member_id = this_member_id()
    form = LanguagesForm()
    if form.validate_on_submit():
        set_languages(this_context(), chosen_languages())
        flash(_("Saved."))
        return redirect(url_for("members.profile"), 303)
    page = render_template(
        "members/profile.html",
        form=form,
        places=my_places.my_places(db.session, member_id),
        **spoken_languages(),
    )
    return page, 400 if form.errors else 200


@members.get("/api/v1/areas/<int:area_id>/preview")
def preview(area_id: int) -> ResponseReturnValue:
    """Say what others would see of a member placed there."""
    return jsonify(preview_json(area_id, request.args.get("precision", "zone")))


def _place_form(condition: FoundCondition, mine: MyPlace | None) -> PlaceForm:
    elsewhere = my_places.names_elsewhere(db.session, this_member_id(), condition.id)
    suggestion = suggest_pseudonym(secrets.SystemRandom(), elsewhere)
    known = {
        "pseudonym": (mine.pseudonym if mine else "") or suggestion,
        "area_version": load_areas().version,
    }
    if mine:
        known |= {
            "visibility": COUNTED if mine.hidden_reasons else mine.visibility,
            "role": mine.role,
        }
    form = PlaceForm(**known)
    for purpose in (ADULT, MAIL):
        form.leave_out(purpose, consent_receipts.has_agreed(db.session, this_member_id(), purpose))
    return form


def _place_page(
    condition: FoundCondition, mine: MyPlace | None, form: PlaceForm, status: int, error: str = ""
) -> ResponseReturnValue:
    same_name = _is_called_so_elsewhere(condition, form.pseudonym.data) and SAME_NAME
    page = PlacePage(
        "members/place.html", "members.find_place", condition, mine, {"same_name": same_name}
    )
    return page.show(form, status, error)


def _is_called_so_elsewhere(condition: FoundCondition, name: str | None) -> bool:
    """Whether the member has the name on another map: allowed, but they should know."""
    typed = " ".join((name or "").split()).casefold()
    return typed in my_places.names_elsewhere(db.session, this_member_id(), condition.id)
