"""The numbers of a condition: who is on its map, and what a release tells of them."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from mapapp.actions.published.area_numbers import counted_parts
from mapapp.actions.published.listed_totals import published_on
from mapapp.actions.published.listings import condition_by_slug
from mapapp.actions.published.month_ends import month_ends
from mapapp.actions.published.people_numbers import people_numbers
from mapapp.domain.areas.area_tree import COUNTRY, WORLD, load_areas
from mapapp.domain.core.dates import this_day
from mapapp.domain.published.rates import RATE_FROM
from mapapp.domain.published.release_rules import (
    FEWEST_IN_COUNTRY,
    FEWEST_ON_MAP,
    FEWEST_RESIDENTS,
)
from mapapp.errors import N_, NotFoundError
from mapapp.web.atlas.map_drawn import A_CODE, CODE, area_url
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.request_session import db
from mapapp.web.members.own_place import is_mine
from mapapp.web.statistics.released_charts import released_charts
from mapapp.web.statistics.shaded_maps import shaded_map

statistics = Blueprint("statistics", __name__)

BARS_DRAWN = 12
"""So many areas have a bar; the table has all."""
MONTHS_DRAWN = 12
NO_COUNTRY = N_("There is no country with this code. Choose one from the numbers of the world.")


@statistics.get("/conditions/<slug>/statistics")
@conditional
def show_statistics(slug: str) -> ResponseReturnValue:
    """Published numbers first, then what the year's release tells, each beside its limits."""
    condition = condition_by_slug(db.session, slug)
    found = people_numbers(db.session, condition.id)
    numbers = found.listed
    return render_template(
        "statistics/statistics.html",
        condition=condition,
        is_mine=is_mine(condition.id),
        people=numbers.everywhere,
        parts=counted_parts(numbers, WORLD),
        bars_drawn=BARS_DRAWN,
        place_url=_country_url(slug),
        shaded=shaded_map(numbers, WORLD),
        world=load_areas().get(WORLD),
        day=published_on(db.session, this_day()),
        months=month_ends(db.session, condition.id, MONTHS_DRAWN),
        hidden=found.only_counted.get(WORLD),
        only_counted=found.only_counted,
        charts=released_charts(db.session, condition.id),
        fewest=FEWEST_ON_MAP,
        rate_from=RATE_FROM,
    )


@statistics.get("/conditions/<slug>/statistics/<code>")
@conditional
def show_country(slug: str, code: str) -> ResponseReturnValue:
    """The same of one country: its regions, and what releases tell of it."""
    condition = condition_by_slug(db.session, slug)
    country = load_areas().by_code(code)
    if country.level != COUNTRY:
        raise NotFoundError(NO_COUNTRY)
    found = people_numbers(db.session, condition.id)
    numbers = found.listed
    return render_template(
        "statistics/country.html",
        condition=condition,
        country=country,
        is_mine=is_mine(condition.id),
        people=int(numbers.by_area[country.id]),
        unplaced=int(numbers.placed[country.id]),
        parts=counted_parts(numbers, country.id),
        parts_in_all=len(load_areas().children(country.id)),
        bars_drawn=BARS_DRAWN,
        place_url=area_url(slug),
        shaded=shaded_map(numbers, country.id),
        day=published_on(db.session, this_day()),
        hidden=found.only_counted.get(country.id),
        only_counted=found.only_counted,
        charts=released_charts(db.session, condition.id, country.code),
        fewest=FEWEST_IN_COUNTRY,
        fewest_residents=FEWEST_RESIDENTS,
        rate_from=RATE_FROM,
    )


def _country_url(slug: str) -> str:
    """Return the address of a country's numbers, with ``CODE`` for its code."""
    return url_for("statistics.show_country", slug=slug, code=A_CODE).replace(A_CODE, CODE)
