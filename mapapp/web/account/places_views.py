"""All the member's places on one page, and what can be changed about each."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from mapapp.actions.account.cared_for_place import my_cared_for
from mapapp.actions.members import my_places, place_set
from mapapp.actions.members.visibility_change import check_visibility, set_visibility
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.choices import VISIBILITY_LABELS
from mapapp.domain.core.visibilities import LISTED, VISIBILITIES
from mapapp.domain.mail.consent_wordings import PURPOSES, check_words, words_version
from mapapp.web.account.account_views import account_standing
from mapapp.web.core.access import take_turn
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_context, this_member_id

places = Blueprint("places", __name__)


@places.get("/places")
def list_places() -> ResponseReturnValue:
    """List the member's places."""
    mine = my_places.my_places(db.session, this_member_id())
    choices = [(key, translated(VISIBILITY_LABELS[key])) for key in VISIBILITIES]
    version = load_areas().version
    return render_template(
        "account/places.html",
        places=mine,
        cared_for=my_cared_for(db.session, this_member_id()),
        choices=choices,
        listed=LISTED,
        version=version,
        purposes=PURPOSES,
        words=words_version(),
        form=FlaskForm(),
        **account_standing(this_member_id()),
    )


@places.post("/places/<slug>/visibility")
def change_visibility(slug: str) -> ResponseReturnValue:
    """Change who sees the member there."""
    condition_id = my_places.place_on_map(db.session, this_member_id(), slug).condition_id
    wanted = request.form.get("visibility", "")
    check_words(request.form.get("words", ""))
    check_visibility(wanted)
    refusal = take_turn()
    if refusal is not None:
        return refusal
    set_visibility(this_context(), this_member_id(), condition_id, wanted)
    flash(_("Changed. It holds from now on."))
    return redirect(url_for("places.list_places"), 303)


@places.post("/places/<slug>/remove")
def remove_place(slug: str) -> ResponseReturnValue:
    """Take the member off that map."""
    condition_id = my_places.place_on_map(db.session, this_member_id(), slug).condition_id
    place_set.remove(this_context(), this_member_id(), condition_id)
    flash(_("Removed. You are not on that map any more."))
    return redirect(url_for("places.list_places"), 303)
