"""Who is near a town, an area or my place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mapapp.actions.members.nearby_search import Nearby, nearby
from mapapp.actions.members.profile_edit import my_languages
from mapapp.actions.published.listings import (
    FoundCondition,
    People,
    condition_by_slug,
)
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.areas.distance import FARTHER
from mapapp.domain.core.choices import ROLE_LABELS
from mapapp.domain.core.languages import language_name
from mapapp.domain.core.visibilities import ON_MAP
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.locale import current_locale
from mapapp.web.core.parsing import typed_text
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id
from mapapp.web.members.alert_form import can_tell_words
from mapapp.web.members.asked_place import is_outdated, veiled
from mapapp.web.members.near_choices import ANYONE, Choice, asked_choice
from mapapp.web.members.near_place import near_area, spend_a_search, wanted_place
from mapapp.web.members.near_words import first_words, in_common, nearest_words, sentence
from mapapp.web.members.own_place import Reader, this_reader
from mapapp.web.members.town_words import (
    which_words,
)
from mapapp.web.members.unnamed_people import Unnamed, unnamed
from mapapp.web.published.presenters import presenter
from mapapp.web.safety.names_shown import may_name, pause_words

near = Blueprint("nearby", __name__)


@near.get("/conditions/<slug>/nearby")
def show_nearby(slug: str) -> ResponseReturnValue:
    """Numbers first, then people by distance band, around one's own place or another one.

    Without any place, the form alone.
    """
    condition = condition_by_slug(db.session, slug)
    if request.args.get("town"):  # an address of old, or one that somebody typed
        return _look(slug, request.args)
    reader = this_reader(condition.id)
    choice = asked_choice(request.args).open_to(reader)
    wanted = wanted_place(reader)
    page = {
        "condition": condition,
        "asked_for": wanted.typed,
        "towns": wanted.towns,
        "which": "" if wanted.area_id else which_words(wanted.typed, wanted.towns),
        "town_error": wanted.error,
        "belongs": wanted.belongs,
        "is_own": wanted.is_own,
        "has_place": reader.area_id is not None,
        "address": wanted.address,
        "near_url": partial(_near_url, slug, wanted.address),
        "ask_url": _ask_url(slug, wanted.address, choice) if reader.is_placed else "",
        "choice": choice,
        "is_outdated": is_outdated(),
        "veiled": veiled,
    }
    if wanted.area_id is None:
        return render_template("members/nearby.html", found=None, here=None, **page)
    spend_a_search()
    return render_template(
        "members/nearby.html", **page, **_found(condition, wanted.area_id, reader, choice)
    )


@near.post("/conditions/<slug>/nearby")
def look_near(slug: str) -> ResponseReturnValue:
    """Look near a town or an area; nothing is stored, so that it takes no form's token."""
    condition_by_slug(db.session, slug)
    return _look(slug, request.form)


def _near_url(
    slug: str, address: Mapping[str, str], choice: Choice = ANYONE, **elsewhere: str
) -> str:
    """Return the address of the same list for a choice, here or ``elsewhere``."""
    where: dict[str, Any] = {**(elsewhere or address), **choice.args()}
    return url_for("nearby.show_nearby", slug=slug, **where)


def _ask_url(slug: str, address: Mapping[str, str], choice: Choice) -> str:
    """Return the address at which to ask those of the list who match."""
    where: dict[str, Any] = {**address, **choice.args()}
    return url_for("several.ask_people", slug=slug, **where)


def _look(slug: str, given: MultiDict[str, str]) -> ResponseReturnValue:
    """Lead to the address that has what was asked for veiled, and what was chosen beside it."""
    town, chosen = typed_text(given, "town"), asked_choice(given).args()
    at = veiled(area=near_area(given["area"])) if given.get("area") else veiled(town=town)
    return redirect(url_for("nearby.show_nearby", slug=slug, at=at, **chosen), 303)


def _found(
    condition: FoundCondition, area_id: int, reader: Reader, choice: Choice
) -> dict[str, object]:
    """Return what the templates show of the people near ``area_id``."""
    member_id = current_member_id()
    mine = () if member_id is None else my_languages(db.session, member_id)
    chosen = (choice.role, choice.languages, choice.my_age)
    wanted = People(condition.id, member_id, *chosen, reader.is_new)
    found = nearby(db.session, wanted, area_id, asked_spot(), mine)
    numbers = found.numbers
    advisers = [near.person for near in found.advisers]
    people = [near for near in found.listed.items if near.person not in advisers]
    named = [person.public_id for person in (*advisers, *(near.person for near in people))]
    # Who is counted by role and language is read as if by name, where a page does not name them.
    readable = may_name((*named, *numbers.counted), area_id)
    present = presenter(reader.kind)
    return {
        "found": found,
        "numbers": numbers,
        "can_tell": can_tell_words(),
        "here": load_areas().get(area_id),
        "sentence": sentence(numbers),
        "first_words": first_words,
        "nearest": nearest_words(len(numbers.counted)),
        "in_common": () if readable.over else in_common(numbers, mine, choice),
        "advisers": [present(one) for one in advisers if one.public_id in readable.people],
        "people": [n for n in people if n.person.public_id in readable.people],
        "pause": pause_words(readable),
        "present": present,
        "own_id": reader.public_id,
        "unnamed": _unnamed(condition, found, reader, choice),
        "roles": list(ROLE_LABELS),
        "languages": _named(found.languages, choice.languages),
        "my_choice": replace(choice, languages=mine) if mine else None,
        "my_decade": reader.birth_decade,
        "may_show_age": reader.kind == ON_MAP,
    }


def _unnamed(
    condition: FoundCondition, found: Nearby, reader: Reader, choice: Choice
) -> Unnamed | None:
    """Say who is counted but not named; nothing while a role or a language chooses among them."""
    if choice:
        return None
    named, everyone = found.listed.total, found.numbers.within[FARTHER]
    return unnamed(everyone, named, reader, condition.slug, near=True)


def _named(tags: Iterable[str], chosen: Collection[str]) -> list[tuple[str, str]]:
    """Return languages with their names, those that are chosen first."""
    named = [(tag, language_name(tag, current_locale())) for tag in {*tags, *chosen}]
    return sorted(named, key=lambda pair: (pair[0] not in chosen, pair[1].casefold()))
