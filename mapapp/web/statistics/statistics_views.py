"""The numbers of a condition: who is on its map, and what a release tells of them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.published.area_numbers import largest_countries
from mapapp.actions.published.listed_totals import published_on, totals
from mapapp.actions.published.listings import condition_by_slug
from mapapp.actions.published.month_ends import month_ends
from mapapp.actions.published.released import hidden_people
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.core.dates import this_day
from mapapp.domain.published.counts import countries_reached
from mapapp.domain.published.rates import RATE_FROM
from mapapp.domain.published.release_rules import FEWEST_ON_MAP
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.request_session import db
from mapapp.web.members.own_place import is_mine
from mapapp.web.statistics.released_charts import released_charts

statistics = Blueprint("statistics", __name__)

COUNTRIES_DRAWN = 12
"""So many countries have a bar; the area page of the world lists all."""
MONTHS_DRAWN = 12


@statistics.get("/conditions/<slug>/statistics")
@conditional
def show_statistics(slug: str) -> ResponseReturnValue:
    """Published numbers first, then what the year's release tells, each beside its limits."""
    condition = condition_by_slug(db.session, slug)
    numbers = totals(db.session, condition.id)
    areas = load_areas()
    return render_template(
        "statistics/statistics.html",
        condition=condition,
        is_mine=is_mine(condition.id),
        people=numbers.everywhere,
        countries=largest_countries(numbers, COUNTRIES_DRAWN),
        countries_reached=countries_reached(areas, numbers),
        world=areas.get(0),
        day=published_on(db.session, this_day()),
        months=month_ends(db.session, condition.id, MONTHS_DRAWN),
        hidden=hidden_people(db.session, condition.id),
        charts=released_charts(db.session, condition.id),
        fewest=FEWEST_ON_MAP,
        rate_from=RATE_FROM,
    )
