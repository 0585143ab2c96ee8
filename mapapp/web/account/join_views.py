"""Joining: where, what others will see and who sees it; only then an address."""

import secrets

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from mapapp.actions.account import sign_in_link
from mapapp.actions.account.waiting_place import Afterwards, WaitingPlace
from mapapp.actions.core import quotas
from mapapp.actions.members import place_set
from mapapp.actions.members.place_set import AlsoSaid
from mapapp.actions.published.listings import FoundCondition, condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.mail.consent_wordings import ADULT, MAIL
from mapapp.domain.members.pseudonyms import suggest_pseudonym
from mapapp.errors import BadInputError, NotFoundError
from mapapp.web.account.asked_link import wait_for_code
from mapapp.web.account.sign_in_forms import address_field
from mapapp.web.account.sign_in_views import this_network
from mapapp.web.core.access import same_asked
from mapapp.web.core.failures import status_of
from mapapp.web.core.locale import this_language, translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import owner_id, this_context
from mapapp.web.members import area_picker
from mapapp.web.members.member_forms import PlaceForm, chosen_languages
from mapapp.web.members.place_views import PlacePage

joining = Blueprint("joining", __name__)

AFTER_JOINING = "/places"
"""Where whoever signs in without the place goes on: it names no condition."""


class JoinForm(PlaceForm):
    """A place that is agreed to later, and the address to which the link goes."""

    email = address_field(
        lazy_gettext(
            "We send you a link. Nothing is on the map before you open it and agree. Nobody on "
            "this site ever sees the address."
        )
    )

    def __init__(self, **known: object) -> None:
        super().__init__(area_version=load_areas().version, **known)
        for later in ("words", ADULT, MAIL):
            del self[later]


@joining.route("/conditions/<slug>/join", methods=["GET", "POST"])
def join(slug: str) -> ResponseReturnValue:
    """Let somebody without an account choose a place, and send the link with which it counts."""
    if owner_id() is not None:
        return redirect(same_asked(url_for("members.place", slug=slug)), 303)
    condition = condition_by_slug(db.session, slug)
    form = JoinForm(pseudonym=suggest_pseudonym(secrets.SystemRandom(), ()))
    if not form.validate_on_submit():
        return _page(condition).show(form, 400 if form.errors else 200)
    try:
        after = Afterwards(AFTER_JOINING, _chosen(condition, form))
    except (BadInputError, NotFoundError) as error:
        return _page(condition).show(form, status_of(error), translated(error))
    quotas.use(this_context(), quotas.SIGN_IN_ASKS, this_network())
    handle = sign_in_link.request_link(this_context(), form.email.data, after, this_language())
    return wait_for_code(handle, after)


@joining.post("/conditions/<slug>/join/where")
def find_place(slug: str) -> ResponseReturnValue:
    """Look for a place by a town or in the list, and lead back to the page with what was found."""
    return redirect(url_for("joining.join", slug=slug, at=area_picker.asked_again()), 303)


def _page(condition: FoundCondition) -> PlacePage:
    of_members = same_asked(url_for("members.place", slug=condition.slug))
    more = {"of_members": of_members}
    return PlacePage("account/join.html", "joining.find_place", condition, more=more)


def _chosen(condition: FoundCondition, form: JoinForm) -> WaitingPlace:
    """Return the place that was chosen, if anybody can choose it.

    Raises:
        BadInputError: for none, for choices that do not exist, and areas of another table.
        NotFoundError: for an area that does not exist.
    """
    wanted, languages = form.placement(), chosen_languages()
    place_set.check_said(load_areas(), wanted, AlsoSaid(languages))
    return WaitingPlace(condition.slug, wanted, languages)
