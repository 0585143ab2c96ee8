"""Who is near a town, an area or my place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.core.context import Context
from mapapp.actions.core.quotas import NEARBY_MEMBER, NEARBY_VISITOR, use, visitor_subject
from mapapp.actions.members.near_numbers import NearNumbers
from mapapp.actions.members.nearby_search import Nearby, nearby
from mapapp.actions.published.listings import (
    FoundCondition,
    People,
    condition_by_slug,
)
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER, LIMITS_KM
from mapapp.domain.core.choices import ROLE_LABELS
from mapapp.domain.core.languages import language_codes, language_name
from mapapp.errors import N_, BadInputError
from mapapp.store.database import transaction
from mapapp.web.areas.town_choices import NO_TOWNS, TownAnswer
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import current_locale
from mapapp.web.core.parsing import one_of, typed_text, whole_number
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id, is_signed_in, site_settings
from mapapp.web.members.asked_place import AT, asked_for, is_outdated, veiled
from mapapp.web.members.own_place import Reader, own_place, this_reader
from mapapp.web.members.town_views import towns_for_reader
from mapapp.web.members.town_words import (
    belongs_sentence,
    belongs_words,
    field_error,
    which_words,
)
from mapapp.web.members.unnamed_people import Unnamed, unnamed
from mapapp.web.published.presenters import number_words, people_words, presenter
from mapapp.web.safety.names_shown import may_name, pause_words

near = Blueprint("nearby", __name__)

WITHIN_KM = {band: int(km) for band, km in enumerate(LIMITS_KM, 1)}


@dataclass(frozen=True)
class Wanted:
    """Where to look, how an address says so, and which towns the typed words could mean."""

    area_id: int | None
    address: Mapping[str, str]
    typed: str = ""
    towns: TownAnswer = NO_TOWNS
    error: str = ""
    belongs: str = ""


@near.get("/conditions/<slug>/nearby")
def show_nearby(slug: str) -> ResponseReturnValue:
    """Counts first, then people by distance band; without a place, the form alone."""
    condition = condition_by_slug(db.session, slug)
    if request.args.get("town"):  # an address of old, or one that somebody typed
        return _look(slug, request.args)
    wanted = _wanted(condition)
    reader = this_reader(condition.id)
    page = {
        "condition": condition,
        "asked_for": wanted.typed,
        "towns": wanted.towns,
        "which": "" if wanted.area_id else which_words(wanted.typed, wanted.towns),
        "town_error": wanted.error,
        "belongs": wanted.belongs,
        "has_place": reader.is_placed,
        "address": wanted.address,
        "is_outdated": is_outdated(),
        "veiled": veiled,
    }
    if wanted.area_id is None:
        return render_template("members/nearby.html", found=None, here=None, **page)
    _spend_a_search()
    return render_template(
        "members/nearby.html", **page, **_found(condition, wanted.area_id, reader)
    )


@near.post("/conditions/<slug>/nearby")
def look_near(slug: str) -> ResponseReturnValue:
    """Look near a town or an area; nothing is stored, so that it takes no form's token."""
    condition_by_slug(db.session, slug)
    return _look(slug, request.form)


def _look(slug: str, given: Mapping[str, str]) -> ResponseReturnValue:
    """Lead to the address that has what was asked for veiled."""
    town = typed_text(given, "town")
    at = veiled(area=_area(given["area"])) if given.get("area") else veiled(town=town)
    return redirect(url_for("nearby.show_nearby", slug=slug, at=at), 303)


def _found(condition: FoundCondition, area_id: int, reader: Reader) -> dict[str, object]:
    """Return what the templates show of the people near ``area_id``."""
    role = one_of(request.args.get("role", ""), ROLE_LABELS, N_("There is no such role."))
    language = one_of(
        request.args.get("language", ""), language_codes(), N_("There is no such language.")
    )
    people = People(condition.id, current_member_id(), role, (language,) if language else ())
    found = nearby(db.session, people, area_id, asked_spot())
    readable = may_name((near.person.public_id for near in found.listed.items), area_id)
    tree = load_areas()
    return {
        "found": found,
        "numbers": found.numbers,
        "here": tree.get(area_id),
        "sentence": sentence(found.numbers),
        "people": [n for n in found.listed.items if n.person.public_id in readable.people],
        "pause": pause_words(readable),
        "present": presenter(reader.kind),
        "unnamed": _unnamed(condition, people, found, reader),
        "roles": list(ROLE_LABELS),
        "languages": _named(found.languages),
        "chosen_role": role,
        "chosen_language": language,
    }


def _unnamed(
    condition: FoundCondition, people: People, found: Nearby, reader: Reader
) -> Unnamed | None:
    """Say who is counted but not named; nothing while a role or a language chooses among them."""
    if people.narrows:
        return None
    return unnamed(
        found.numbers.within[FARTHER], found.listed.total, reader, condition.slug, near=True
    )


def _named(tags: Sequence[str]) -> list[tuple[str, str]]:
    named = [(tag, language_name(tag, current_locale())) for tag in tags]
    return sorted(named, key=lambda pair: pair[1].casefold())


def sentence(numbers: NearNumbers) -> str:
    """Return the counts in words, such as "4 people within 100 km, 12 within 250 km"."""
    steps: list[tuple[int, int]] = []
    for band, n in enumerate(numbers.within):
        if n and (not steps or n > steps[-1][1]) and len(steps) < 3:
            steps.append((band, n))
    if not steps:
        return ""
    parts = [_first_words(*steps[0]), *(_more_words(band, n) for band, n in steps[1:])]
    listed = format_list(parts, style="unit", locale=current_locale())
    return str(_("%(counts)s.", counts=listed))


def _first_words(band: int, n: int) -> str:
    who = people_words(n)
    if band == 0:
        return str(ngettext("%(who)s in this area", "%(who)s in this area", n, who=who))
    if band == FARTHER:
        return str(ngettext("%(who)s in the world", "%(who)s in the world", n, who=who))
    return str(_("%(who)s within %(km)s km", who=who, km=number_words(WITHIN_KM[band])))


def _more_words(band: int, n: int) -> str:
    if band == FARTHER:
        return str(_("%(n)s in the world", n=number_words(n)))
    return str(_("%(n)s within %(km)s km", n=number_words(n), km=number_words(WITHIN_KM[band])))


def _spend_a_search() -> None:
    """Take one search from the hourly quota of the reader (privacy rule 6).

    In a transaction of its own: on SQLite one that has read cannot begin to write.
    """
    member_id = current_member_id()
    with transaction(db.engine) as own:
        ctx = Context(own, site_settings())
        if member_id is None:
            use(ctx, NEARBY_VISITOR, visitor_subject(request.remote_addr or ""))
        else:
            use(ctx, NEARBY_MEMBER, member_id)


def _wanted(condition: FoundCondition) -> Wanted:
    """Return where to look: ``area``, ``place=mine`` or what is veiled, the first that is given."""
    if request.args.get("area"):
        area_id = _area(request.args["area"])
        return Wanted(area_id, {"area": str(area_id)})
    if request.args.get("place"):
        return Wanted(_my_place(condition), {"place": "mine"})
    asked, address = asked_for(), {AT: request.args.get(AT, "")}
    if "area" in asked:
        area_id = _area(asked["area"])
        return Wanted(area_id, address, belongs=belongs_words(area_id))
    typed = asked.get("town", "")
    towns = towns_for_reader(typed) if typed else NO_TOWNS
    error = field_error("town" in asked, typed, towns)
    if towns.meant is None:
        return Wanted(None, address, typed, towns, error)
    belongs = belongs_sentence(towns.meant.area_id, towns.meant.name)
    return Wanted(towns.meant.area_id, address, typed, towns, error, belongs)


def _area(text: str) -> int:
    refusal = N_("There is no such area. Choose a town instead.")
    area_id = whole_number(text, refusal)
    if area_id >= len(load_areas()):
        raise BadInputError(refusal)
    return area_id


def _my_place(condition: FoundCondition) -> int:
    if request.args["place"] != "mine" or not is_signed_in():
        raise BadInputError(N_("Sign in to look around your own place, or type a town instead."))
    place = own_place(condition.id)
    if place is None:
        raise BadInputError(N_("You are not on this map yet. Type a town instead."))
    return place.area_id
