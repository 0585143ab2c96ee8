"""Ways to an area without a script: towns by name, and a list in steps."""

from dataclasses import dataclass

from flask import request

from mapapp.domain.areas.area_tree import COUNTRY, REGION, WORLD, Ids, load_areas
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.web.areas.town_choices import NO_TOWNS, TownAnswer
from mapapp.web.core.parsing import typed_text
from mapapp.web.members.asked_place import asked_for, veiled
from mapapp.web.members.member_forms import area_number
from mapapp.web.members.town_views import towns_for_reader
from mapapp.web.members.town_words import (
    TOWN_CALLED,
    belongs_sentence,
    belongs_words,
    field_error,
    which_words,
)
from mapapp.web.published.presenters import area_name

TOWN = "town"
LIST_STEPS = ("country", "region", "area")


@dataclass(frozen=True)
class Steps:
    """The choices so far in the list, and the next ones."""

    country: int | None
    region: int | None
    countries: list[tuple[int, str]]
    regions: list[tuple[int, str]]
    zones: list[tuple[int, str]]


def asked_again() -> str:
    """Return the step that was sent, veiled for the address of the page.

    Raises:
        BadInputError: when a name is too long for a town.
    """
    if TOWN in request.form:
        return veiled(town=typed_text(request.form, TOWN))
    area, _, town = typed_text(request.form, "area").partition(" ")
    steps = {name: request.form.get(name, "")[:9] for name in LIST_STEPS} | {"area": area[:9]}
    return veiled(**{name: text for name, text in (steps | {TOWN_CALLED: town}).items() if text})


def _asked_for(name: str) -> str:
    return asked_for().get(name) or request.args.get(name, "")


def town_facts(area_id: int | None) -> dict[str, object]:
    """Return what the form for a town shows: what was typed, and what it may mean.

    Args:
        area_id: the area that is chosen by now, if any.
    """
    asked = asked_for()
    query = asked.get(TOWN, "")
    towns = _found_towns(query)
    taken = towns.meant if towns.meant and towns.meant.area_id == area_id else None
    return {
        "query": query,
        "towns": towns,
        "town_error": field_error(TOWN in asked, query, towns),
        "which": "" if taken else which_words(query, towns),
        "taken": taken,
        "is_asked": bool(area_id) and ("area" in asked or taken is not None),
        "belongs": belongs_sentence(taken.area_id, taken.name) if taken else belongs_words(area_id),
    }


def _found_towns(query: str) -> TownAnswer:
    try:
        return towns_for_reader(query) if query else NO_TOWNS
    except BadInputError:  # no name at all, such as "??": nothing is called that
        return NO_TOWNS


def list_steps() -> Steps:
    """Return the steps of the list for the page's URL."""
    areas = load_areas()
    country = _asked("country", COUNTRY)
    region = _asked("region", REGION)
    if region is not None:
        country = areas.ancestors(region)[0]
    return Steps(
        country,
        region,
        _named(areas.children(WORLD)),
        _named(areas.children(country)) if country is not None else [],
        _named(areas.children(region)) if region is not None else [],
    )


def asked_area() -> int | None:
    """Return the area that the page's URL names, or that of the one town that it clearly means."""
    area_id = area_number(_asked_for("area"))
    if area_id:
        load_areas().get(area_id)
    meant = None if area_id else _found_towns(asked_for().get(TOWN, "")).meant
    return meant.area_id if meant else area_id or None


def _asked(name: str, level: int) -> int | None:
    area_id = area_number(_asked_for(name))
    if area_id is None:
        return None
    area = load_areas().get(area_id)
    if area.level != level:
        raise NotFoundError(N_("There is no such step in the list of areas."))
    return area.id


def _named(ids: Ids) -> list[tuple[int, str]]:
    named = [(int(area_id), area_name(load_areas().get(area_id))) for area_id in ids]
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))
