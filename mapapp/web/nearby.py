"""Who is near a town, an area or my place."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mapapp.actions.find import FoundCondition, condition_by_slug
from mapapp.actions.nearby import FARTHER, Nearby, languages_spoken, nearby, place_of
from mapapp.actions.quotas import NEARBY_MEMBER, NEARBY_VISITOR, visitor_subject
from mapapp.domain.areas import load_areas
from mapapp.domain.languages import language_codes, language_name
from mapapp.domain.wording import ROLE_LABELS
from mapapp.errors import BadInputError
from mapapp.web.database import db
from mapapp.web.languages import current_locale
from mapapp.web.limits import spend
from mapapp.web.parsing import one_of, page_number, typed_text, whole_number
from mapapp.web.presenters import number_words, people_words, presenter
from mapapp.web.reading import may_name, pause_words
from mapapp.web.security import current_member_id, is_signed_in
from mapapp.web.towns import TownChoice, town_choices

near = Blueprint("nearby", __name__)

WITHIN_KM = {1: 50, 2: 100, 3: 250, 4: 500, 5: 1000}


@dataclass(frozen=True)
class Wanted:
    """Where to look, and other places that the same words could mean."""

    area_id: int | None
    typed: str = ""
    choices: tuple[TownChoice, ...] = ()


@near.get("/conditions/<slug>/nearby")
def show(slug: str) -> ResponseReturnValue:
    """Counts first, then people by distance band; without a place, the form alone."""
    condition = condition_by_slug(db.session, slug)
    wanted = _wanted(condition)
    page = {"condition": condition, "asked_for": wanted.typed, "choices": wanted.choices}
    if wanted.area_id is None:
        return render_template("nearby/show.html", found=None, here=None, **page)
    _spend_a_search()
    return render_template("nearby/show.html", **page, **_found(condition, wanted.area_id))


def _found(condition: FoundCondition, area_id: int) -> dict[str, object]:
    """Return what the templates show of the people near ``area_id``."""
    role = one_of(request.args.get("role", ""), ROLE_LABELS, _("There is no such role."))
    language = one_of(
        request.args.get("language", ""), language_codes(), _("There is no such language.")
    )
    found = nearby(
        db.session,
        condition.id,
        area_id,
        current_member_id(),
        role,
        language,
        page_number(request.args),
    )
    readable = may_name((near.person.public_id for near in found.listed.items), area_id)
    spoken = languages_spoken(db.session, condition.id, current_member_id())
    tree = load_areas()
    return {
        "found": found,
        "here": tree.get(area_id),
        "world": tree.get(0),
        "sentence": sentence(found),
        "people": [n for n in found.listed.items if n.person.public_id in readable.people],
        "pause": pause_words(readable),
        "present": presenter(is_signed_in()),
        "roles": list(ROLE_LABELS),
        "languages": _named(spoken),
        "chosen_role": role,
        "chosen_language": language,
    }


def _named(tags: list[str]) -> list[tuple[str, str]]:
    named = [(tag, language_name(tag, current_locale())) for tag in tags]
    return sorted(named, key=lambda pair: pair[1].casefold())


def sentence(found: Nearby) -> str:
    """Return the counts in words, such as "4 people within 100 km, 12 within 250 km"."""
    steps: list[tuple[int, int]] = []
    for band, n in enumerate(found.within):
        if n and (not steps or n > steps[-1][1]) and len(steps) < 3:
            steps.append((band, n))
    if not steps:
        return ""
    parts = [_first_words(*steps[0]), *(_more_words(band, n) for band, n in steps[1:])]
    return f"{_(', ').join(parts)}."


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
    """Take one search from the hourly quota of whoever asks (PRIVACY rule 6)."""
    member_id = current_member_id()
    if member_id is None:
        spend(NEARBY_VISITOR, visitor_subject(request.remote_addr or ""))
    else:
        spend(NEARBY_MEMBER, member_id)


def _wanted(condition: FoundCondition) -> Wanted:
    """Return where to look: ``area``, ``place=mine`` or ``town``, the first that is given."""
    refusal = _("There is no such area. Choose a town instead.")
    if request.args.get("area"):
        area_id = whole_number(request.args["area"], refusal)
        if area_id >= len(load_areas()):
            raise BadInputError(refusal)
        return Wanted(area_id)
    if request.args.get("place"):
        return Wanted(_my_place(condition))
    typed = typed_text(request.args, "town")
    choices = town_choices(typed) if typed else []
    if not choices:
        return Wanted(None, typed)
    return Wanted(choices[0].area_id, typed, tuple(choices[1:]))


def _my_place(condition: FoundCondition) -> int:
    member_id = current_member_id()
    if request.args["place"] != "mine" or member_id is None:
        raise BadInputError(_("Sign in to look around your own place, or type a town instead."))
    area_id = place_of(db.session, condition.id, member_id)
    if area_id is None:
        raise BadInputError(_("You are not on this map yet. Type a town instead."))
    return area_id
