"""Areas in the public API: the tree, one of them, and the zone of a town."""

from collections.abc import Mapping

import numpy as np
from flask import Response

from mapapp.actions.core.paging import Spot
from mapapp.domain.areas.area_facts import told_across, told_residents
from mapapp.domain.areas.area_tree import LEVELS, Area, Ids, load_areas
from mapapp.errors import N_, BadInputError, NotFoundError
from mapapp.maps.area_columns import LABEL_DIGITS
from mapapp.web.areas.town_choices import TownChoice, town_choices
from mapapp.web.conditions.suggestions import NOT_KEPT
from mapapp.web.core.conditional_get import tagged
from mapapp.web.open_data import api_examples
from mapapp.web.open_data.api_asked import AreasAsked, ParameterError, TownAsked
from mapapp.web.open_data.api_blueprint import answered, api_part
from mapapp.web.open_data.api_paging import link_header, next_page
from mapapp.web.open_data.api_shapes import AreaList, AreaShape, PointShape, TownList, TownShape

api_areas = api_part("api_areas")
_TAG = "Areas"
NO_TOWN = N_("This is no name of a town.")


@api_areas.get("/areas")
@api_areas.input(AreasAsked, location="query", arg_name="asked")
@answered(
    AreaList,
    api_examples.AREA_LIST,
    _TAG,
    N_("List the areas of the tree"),
    N_(
        "The world has countries, they have regions, and these have zones, in each of which at "
        "least 100,000 people live. Nothing finer exists."
    ),
)
def list_areas(asked: AreasAsked) -> tuple[AreaList, int, Mapping[str, str]]:
    """Areas below another, or the one with a code."""
    spot, ids = asked.spot(), _wanted(asked)
    first = np.searchsorted(ids, spot.values[0], side="right") if spot else 0
    shown = ids[first : first + asked.limit]
    more = first + asked.limit < len(ids)
    further = next_page(Spot((int(shown[-1]),)) if more else None)
    items = [area_shape(load_areas().get(int(i))) for i in shown]
    return AreaList(items=items, total=len(ids), next=further), 200, link_header(further)


@api_areas.get("/areas/<int:area_id>")
@answered(
    AreaShape,
    api_examples.BERLIN,
    _TAG,
    N_("One area"),
    N_("Its name, its residents, and its label point."),
)
def show_area(area_id: int) -> Response:
    """An area: its name, its population, and its label point."""
    found = load_areas().get(area_id)
    made_of = (load_areas().version, area_id)
    return tagged(made_of, lambda: area_shape(found).model_dump(), vary=())


@api_areas.post("/areas/search")
@api_areas.input(TownAsked, location="json", arg_name="asked", example=api_examples.TOWN_ASKED)
@answered(
    TownList,
    api_examples.TOWN_LIST,
    _TAG,
    N_("Find the zone of a town"),
    N_(
        "Asked by POST, so that the town stands in no address and no log. Nothing is kept of it. "
        "Pages of other sites cannot ask this."
    ),
)
def search_towns(asked: TownAsked) -> tuple[TownList, int, Mapping[str, str]]:
    """The towns that a name may mean, each with the zone that stands for it."""
    try:
        found = town_choices(asked.town.strip())
    except BadInputError:
        raise ParameterError("town", NO_TOWN, "body") from None
    towns = [
        *(_town(one, meant=one == found.meant) for one in found.matching),
        *(_town(one, guess=True) for one in found.guesses),
    ]
    return TownList(items=towns), 200, NOT_KEPT


def area_shape(found: Area) -> AreaShape:
    """Return what the public API tells of an area."""
    return AreaShape(
        id=found.id,
        level=LEVELS[found.level],
        code=found.code,
        name=found.name,
        population=int(told_residents(load_areas())[found.id]),
        parent=found.parent if found.level else None,
        label=PointShape(lat=round(found.lat, LABEL_DIGITS), lng=round(found.lng, LABEL_DIGITS)),
        across_km=int(told_across(load_areas())[found.id]),
    )


def _wanted(asked: AreasAsked) -> Ids:
    """Return the ids of the areas that are asked for, ascending."""
    areas = load_areas()
    inside = areas.subtree(asked.under)
    if not asked.code and not asked.level:
        return areas.children(asked.under)
    ids = _called(asked.code) if asked.code else np.arange(len(areas), dtype=np.int32)
    fits = (ids > inside.start) & (ids < inside.stop)
    if asked.level:
        fits &= areas.level[ids] == LEVELS.index(asked.level)
    found: Ids = ids[fits]
    return found


def _called(code: str) -> Ids:
    try:
        return np.array([load_areas().by_code(code).id], dtype=np.int32)
    except NotFoundError:
        return np.array([], dtype=np.int32)


def _town(choice: TownChoice, *, guess: bool = False, meant: bool = False) -> TownShape:
    detail = ", ".join(filter(None, (choice.detail, choice.reason)))
    return TownShape(
        name=choice.name,
        detail=detail,
        guess=guess,
        meant=meant,
        area=area_shape(load_areas().get(choice.area_id)),
    )
