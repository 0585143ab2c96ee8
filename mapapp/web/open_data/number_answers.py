"""Numbers of maps in the public API: by area, over time, and what releases tell."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from flask import Response, current_app

from mapapp.actions.knowledge.treatment_use import treatments_of
from mapapp.actions.published.listed_totals import published_on, totals
from mapapp.actions.published.listings import condition_by_slug
from mapapp.actions.published.month_ends import month_ends
from mapapp.actions.published.people_numbers import people_numbers
from mapapp.actions.published.released import Released, all_released, newest_released
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_day
from mapapp.domain.published.counts import countries_reached, level_counts
from mapapp.domain.published.release_rules import place_and_value
from mapapp.errors import N_
from mapapp.maps.area_columns import columns
from mapapp.web.core.conditional_get import tagged
from mapapp.web.core.request_session import db, this_site
from mapapp.web.open_data import api_examples
from mapapp.web.open_data.api_asked import CountsAsked, PageAsked
from mapapp.web.open_data.api_blueprint import answered, api_part
from mapapp.web.open_data.api_paging import link_header, next_page
from mapapp.web.open_data.api_shapes import (
    CountsAnswer,
    MonthShape,
    NumberShape,
    ReleaseList,
    ReleaseShape,
    StatisticsAnswer,
    TreatmentShape,
)
from mapapp.web.open_data.condition_answers import estimate_shape

api_numbers = api_part("api_numbers")
_TAG = "Numbers"
KEPT_ANSWERS = 256
MOST_MONTHS = 120


@api_numbers.get("/conditions/<slug>/counts")
@api_numbers.input(CountsAsked, location="query", arg_name="asked")
@answered(
    CountsAnswer,
    api_examples.COUNTS,
    _TAG,
    N_("Listed people by area"),
    N_(
        "How many people are listed in each country, region or zone, exactly as last published. "
        "Areas without anybody are left out; all others come in one answer, in columns."
    ),
)
def show_counts(slug: str, asked: CountsAsked) -> Response:
    """The number of listed people in each area of a level, without empty areas."""
    under = load_areas().get(asked.under).id
    with_points = asked.include is not None
    condition = condition_by_slug(db.session, slug)
    kept_under = (slug, condition.id, condition.version, load_areas().version)

    def _make() -> Response:
        body = _counts((this_site(), *kept_under), asked.level, under, with_points)
        return Response(body, mimetype="application/json")

    return tagged((*kept_under, asked.level, under, with_points), _make, vary=())


@api_numbers.get("/conditions/<slug>/statistics")
@answered(
    StatisticsAnswer,
    api_examples.STATISTICS,
    _TAG,
    N_("The numbers of a map"),
    N_(
        "Listed people as published, month by month, and the newest answer of the releases to "
        "each question: estimates with noise that stand for a quarter or a year."
    ),
)
def show_statistics(slug: str) -> StatisticsAnswer:
    """Published numbers first, then what releases tell, each beside its limits."""
    condition = condition_by_slug(db.session, slug)
    numbers = people_numbers(db.session, condition.id)
    newest = newest_released(db.session, condition.id)
    months = month_ends(db.session, condition.id, MOST_MONTHS)
    released = [_release(*one) for one in sorted(newest.items())]
    told = {number.value.partition(":")[0] for one in released for number in one.numbers}
    known = [one for one in treatments_of(db.session, condition.id) if one.public_id in told]
    return StatisticsAnswer(
        condition=condition.slug,
        day=published_on(db.session, this_day()).isoformat(),
        people=numbers.listed.everywhere,
        countries=countries_reached(load_areas(), numbers.listed),
        months=[MonthShape(month=month, people=people) for month, people in months],
        only_counted=estimate_shape(numbers.only_counted),
        released=released,
        treatments=[TreatmentShape(id=one.public_id, name=one.name) for one in known],
    )


@api_numbers.get("/conditions/<slug>/releases")
@api_numbers.input(PageAsked, location="query", arg_name="asked")
@answered(
    ReleaseList,
    api_examples.RELEASE_LIST,
    _TAG,
    N_("All releases of a map"),
    N_("Every answer that was ever released, by question and epoch. A release never changes."),
)
def list_releases(slug: str, asked: PageAsked) -> tuple[ReleaseList, int, Mapping[str, str]]:
    """What was released of a map, in all epochs."""
    condition = condition_by_slug(db.session, slug)
    page = all_released(db.session, condition.id, asked.limit, asked.spot())
    further = next_page(page.next)
    items = [_release(*one) for one in page.items]
    return ReleaseList(items=items, next=further), 200, link_header(further)


def _release(query: str, answer: Released) -> ReleaseShape:
    attribute, _, level = query.partition(":")
    told = [(*place_and_value(name), number) for name, number in sorted(answer.numbers.items())]
    return ReleaseShape(
        attribute=attribute,
        level=level,
        epoch=answer.epoch,
        least=answer.least,
        error=answer.error,
        numbers=[NumberShape(place=place, value=value, number=n) for place, value, n in told],
    )


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
