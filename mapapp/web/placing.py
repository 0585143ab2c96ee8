"""Ways to an area without a script: towns by name, and a list in steps."""

from dataclasses import dataclass

from flask import request

from mapapp.domain.areas import COUNTRY, REGION, WORLD, Ids, load_areas
from mapapp.errors import BadInputError, NotFoundError
from mapapp.web.member_forms import area_number
from mapapp.web.presenters import area_name
from mapapp.web.towns import TownChoice, town_choices

LONGEST_QUERY = 100


@dataclass(frozen=True)
class Steps:
    """What was chosen in the list so far, and what can be chosen next."""

    country: int | None
    region: int | None
    countries: list[tuple[int, str]]
    regions: list[tuple[int, str]]
    zones: list[tuple[int, str]]


def found_towns(query: str) -> list[TownChoice]:
    """Return the towns that ``query`` may mean, each with its area."""
    try:
        return town_choices(query[:LONGEST_QUERY]) if query.strip() else []
    except BadInputError:  # no name at all, such as "??": nothing is called that
        return []


def list_steps() -> Steps:
    """Return the steps of the list for what the address of the page says."""
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
    """Return the area that the address of the page names, if there is one."""
    area_id = area_number(request.args.get("area"))
    if area_id:
        load_areas().get(area_id)
    return area_id or None


def _asked(name: str, level: int) -> int | None:
    area_id = area_number(request.args.get(name))
    if area_id is None:
        return None
    area = load_areas().get(area_id)
    if area.level != level:
        raise NotFoundError("There is no such step in the list of areas.")
    return area.id


def _named(ids: Ids) -> list[tuple[int, str]]:
    named = [(int(area_id), area_name(load_areas().get(area_id))) for area_id in ids]
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))
