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
from mapapp.web.core.request_session import db
from mapapp.web.core.security import this_member_id
from mapapp.web.members.near_place import spend_a_search
from mapapp.web.members.near_words import first_words, within_words
from mapapp.web.members.own_place import own_place
from mapapp.web.published.presenters import number_words
from mapapp.web.safety.names_shown import may_count

placed = Blueprint("placed", __name__)


@placed.get("/conditions/<slug>/place/done")
def show_placed(slug: str) -> ResponseReturnValue:
    """Say how many people are near one's own place, and what to do next."""
    condition, member_id = condition_by_slug(db.session, slug), this_member_id()
    mine = own_place(condition.id)
    if mine is None or mine.area_version != load_areas().version:
        return redirect(url_for("members.place", slug=slug), 303)
    spend_a_search()
    people, spoken = People(condition.id, member_id), my_languages(db.session, member_id)
    numbers = near_numbers(db.session, people, mine.area_id, spoken)
    first = first_words(numbers, is_placed=True)
    return render_template(
        "account/placed.html",
        condition=condition,
        here=load_areas().get(mine.area_id),
        is_listed=is_listed(mine.visibility),
        first=first,
        is_alone=bool(first) or numbers.first_band is None,
        numbers=numbers,
        company=_company_words(numbers, may_count=may_count()),
    )


def _company_words(numbers: NearNumbers, *, may_count: bool) -> list[str]:
    """Say how many people are near a new place, and how many speak the reader's languages.

    Args:
        numbers: of the place.
        may_count: whether the reader may be told of cards today.
    """
    if numbers.first_band is None:
        return []
    band = numbers.first_band if numbers.band is None else numbers.band
    said = [str(_("%(near)s.", near=within_words(band, numbers.within[band])))]
    if may_count and numbers.speak_mine:
        n = numbers.speak_mine
        words = ngettext(
            "%(n)s of them speaks a language that you speak.",
            "%(n)s of them speak a language that you speak.",
            n,
            n=number_words(n),
        )
        said.append(str(words))
    return said
