"""Where placing oneself ends: who is near, and the one thing to do next."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.members.near_numbers import NearNumbers, near_numbers
from mapapp.actions.members.profile_edit import my_languages
from mapapp.actions.published.listings import People, condition_by_slug
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.visibilities import is_listed
from mapapp.errors import LimitError
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_member_id
from mapapp.web.members.alert_form import can_tell_words
from mapapp.web.members.near_place import spend_a_search
from mapapp.web.members.near_words import first_words, nearest_words, within_words
from mapapp.web.members.own_place import own_place
from mapapp.web.published.presenters import number_words
from mapapp.web.safety.names_shown import may_name

placed = Blueprint("placed", __name__)


@placed.get("/conditions/<slug>/place/done")
def show_placed(slug: str) -> ResponseReturnValue:
    """Say how many people are near one's own place, and what to do next."""
    condition = condition_by_slug(db.session, slug)
    mine = own_place(condition.id)
    if mine is None or mine.area_version != load_areas().version:
        return redirect(url_for("members.place", slug=slug), 303)
    numbers = _numbers(condition.id, mine.area_id)
    first = first_words(numbers, is_placed=True) if numbers else ""
    return render_template(
        "account/placed.html",
        condition=condition,
        here=load_areas().get(mine.area_id),
        is_listed=is_listed(mine.visibility),
        first=first,
        is_alone=numbers is not None and (bool(first) or numbers.first_band is None),
        numbers=numbers,
        can_tell=can_tell_words(),
        company=_company_words(numbers, mine.area_id) if numbers else [],
    )


def _numbers(condition_id: int, area_id: int) -> NearNumbers | None:
    """Return the numbers near a new place; None where no search is left."""
    try:
        spend_a_search()
    except LimitError:
        return None
    member_id = this_member_id()
    spoken = my_languages(db.session, member_id)
    return near_numbers(db.session, People(condition_id, member_id), area_id, spoken)


def _company_words(numbers: NearNumbers, area_id: int) -> list[str]:
    """Say how many people are near a new place, and how many speak the reader's languages."""
    if numbers.first_band is None:
        return []
    band = numbers.first_band if numbers.band is None else numbers.band
    said = [str(_("%(near)s.", near=within_words(band, numbers.within[band])))]
    may_tell = not may_name(numbers.counted, area_id).over  # also where none of them does
    if may_tell and numbers.speak_mine:
        words = ngettext(
            "%(nearest)s, %(n)s speaks a language that you speak.",
            "%(nearest)s, %(n)s speak a language that you speak.",
            numbers.speak_mine,
            nearest=nearest_words(len(numbers.counted)),
            n=number_words(numbers.speak_mine),
        )
        said.append(str(words))
    return said
