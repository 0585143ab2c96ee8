"""The numbers behind the map, and facts about areas, as JSON."""

from functools import lru_cache

import numpy as np
from flask import Blueprint, Response, current_app, jsonify, request

from mapapp.actions.published.listed_totals import totals
from mapapp.actions.published.listings import condition_by_slug
from mapapp.domain.areas.area_facts import told_across, told_residents
from mapapp.domain.areas.area_tree import LEVELS, Area, load_areas
from mapapp.domain.published.counts import level_counts
from mapapp.errors import N_, BadInputError
from mapapp.maps.area_columns import columns
from mapapp.web.core.conditional_get import tagged
from mapapp.web.core.parsing import one_of, whole_number
from mapapp.web.core.request_session import db, this_site

api = Blueprint("api", __name__, url_prefix="/api/v1")

COUNTED_LEVELS = ("country", "region", "zone")
KEPT_ANSWERS = 256


@api.get("/conditions/<slug>/counts")
def counts(slug: str) -> Response:
    """The number of listed people in each area of a level, without empty areas."""
    level, under, with_points = _level(), _under(), _with_points()
    condition = condition_by_slug(db.session, slug)
    kept_under = (slug, condition.id, condition.version, load_areas().version)

    def _make() -> Response:
        body = _counts((this_site(), *kept_under), level, under, with_points)
        return Response(body, mimetype="application/json")

    return tagged((*kept_under, level, under, with_points), _make)


@api.get("/areas/<int:area_id>")
def area(area_id: int) -> Response:
    """An area: its name, its population, and its label point."""
    found = load_areas().get(area_id)
    return tagged((load_areas().version, area_id), lambda: jsonify(_facts(found)))


def _level() -> str:
    refusal = N_("Say which level: country, region or zone.")
    level = one_of(request.args.get("level", ""), COUNTED_LEVELS, refusal)
    if level is None:
        raise BadInputError(refusal)
    return level


def _under() -> int:
    refusal = N_("“under” is the id of an area, a whole number.")
    under = whole_number(request.args.get("under", "0"), refusal)
    return load_areas().get(under).id


def _with_points() -> bool:
    refusal = N_("“include” can only be “points”.")
    return one_of(request.args.get("include", ""), ("points",), refusal) is not None


@lru_cache(maxsize=KEPT_ANSWERS)
def _counts(
    kept_under: tuple[str, str, int, int, str], level: str, under: int, with_points: bool
) -> bytes:
    """Return the answer; kept under its site, condition, and the versions of numbers and areas."""
    _site, slug, condition_id, _version, _areas_version = kept_under
    areas = load_areas()
    numbers = totals(db.session, condition_id)
    ids, people = level_counts(areas, numbers, level, under)
    points = columns(areas, np.asarray(ids)) if with_points else {}
    answer = {
        "condition": slug,
        "level": level,
        "total": int(numbers.by_area[under]),
        **points,
        "ids": ids.tolist(),
        "counts": people.tolist(),
    }
    return current_app.json.dumps(answer, separators=(",", ":")).encode()


def _facts(found: Area) -> dict[str, object]:
    return {
        "id": found.id,
        "level": LEVELS[found.level],
        "code": found.code,
        "name": found.name,
        "population": int(told_residents(load_areas())[found.id]),
        "parent": found.parent if found.level else None,
        "label": {"lat": round(found.lat, 3), "lng": round(found.lng, 3)},
        "across_km": int(told_across(load_areas())[found.id]),
    }
