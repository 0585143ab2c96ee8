"""The numbers behind the map, and facts about areas, as JSON."""

from functools import lru_cache

import numpy as np
from flask import Blueprint, Response, current_app, jsonify, request
from flask_babel import gettext as _

from mapapp.actions.find import condition_by_slug, totals
from mapapp.domain.areas import LEVELS, Area, load_areas
from mapapp.domain.counts import level_counts
from mapapp.errors import BadInputError
from mapapp.maps.page import columns
from mapapp.web.conditional import tagged
from mapapp.web.database import db, this_site
from mapapp.web.parsing import one_of, whole_number

api = Blueprint("api", __name__, url_prefix="/api/v1")

COUNTED_LEVELS = ("country", "region", "zone")
KEPT_ANSWERS = 256


@api.get("/conditions/<slug>/counts")
def counts(slug: str) -> Response:
    """How many people are listed in each area of a level, those with nobody left out."""
    level, under, with_points = _level(), _under(), _with_points()
    condition = condition_by_slug(db.session, slug)
    asked = (condition.id, condition.version, load_areas().version, level, under, with_points)

    def _make() -> Response:
        body = _counts(this_site(), slug, *asked)
        return Response(body, mimetype="application/json")

    return tagged((*asked, slug), _make)


@api.get("/areas/<int:area_id>")
def area(area_id: int) -> Response:
    """One area: what it is called, how many people live there, where its label stands."""
    found = load_areas().get(area_id)
    return tagged((load_areas().version, area_id), lambda: jsonify(_facts(found)))


def _level() -> str:
    refusal = _("Say which level: country, region or zone.")
    level = one_of(request.args.get("level", ""), COUNTED_LEVELS, refusal)
    if level is None:
        raise BadInputError(refusal)
    return level


def _under() -> int:
    refusal = _("“under” is the id of an area, a whole number.")
    under = whole_number(request.args.get("under", "0"), refusal)
    return load_areas().get(under).id


def _with_points() -> bool:
    refusal = _("“include” can only be “points”.")
    return one_of(request.args.get("include", ""), ("points",), refusal) is not None


@lru_cache(maxsize=KEPT_ANSWERS)
def _counts(
    _site: str,
    slug: str,
    condition_id: int,
    _version: int,
    _areas_version: str,
    level: str,
    under: int,
    with_points: bool,
) -> bytes:
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
        "population": found.population,
        "parent": found.parent if found.level else None,
        "label": {"lat": round(found.lat, 3), "lng": round(found.lng, 3)},
        "across_km": round(found.across_km, 1),
    }
