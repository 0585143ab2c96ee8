"""The numbers of the whole site, for admins."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mapapp.actions.published.area_numbers import counted_parts
from mapapp.actions.published.listed_totals import everybody, published_on, site_totals
from mapapp.actions.published.month_ends import site_month_ends
from mapapp.actions.statistics.site_numbers import (
    BY_PEOPLE,
    MAP_ORDERS,
    epoch_costs,
    maps_in_numbers,
)
from mapapp.domain.areas.area_tree import WORLD
from mapapp.domain.core.dates import this_day
from mapapp.domain.published.release_rules import THOUSAND, map_budget
from mapapp.errors import N_
from mapapp.web.core.list_pages import asked_spot
from mapapp.web.core.parsing import one_of
from mapapp.web.core.request_session import db
from mapapp.web.core.security import site_settings
from mapapp.web.statistics.statistics_views import BARS_DRAWN, MONTHS_DRAWN

site_statistics = Blueprint("site_statistics", __name__)

YEARS_TOLD = 2
NO_SUCH_ORDER = N_("The maps can be ordered by people, growth or countries: ?by=growth.")


@site_statistics.get("/admin/statistics")
def show_site() -> ResponseReturnValue:
    """All maps together and one by one, as published; releases and what they cost."""
    by = one_of(request.args.get("by", ""), MAP_ORDERS, NO_SUCH_ORDER) or BY_PEOPLE
    months = site_month_ends(db.session, MONTHS_DRAWN)
    since = months[-1].month if months else ""
    budget = site_settings().epsilon
    return render_template(
        "statistics/site.html",
        totals=site_totals(db.session),
        day=published_on(db.session, this_day()),
        months=months,
        by=by,
        since=since,
        page=maps_in_numbers(db.session, by, since, asked_spot()),
        countries=counted_parts(everybody(db.session), WORLD),
        bars_drawn=BARS_DRAWN,
        epochs=epoch_costs(db.session, this_day().year - YEARS_TOLD + 1),
        budget=budget,
        of_a_map=map_budget(budget) / THOUSAND,
        thousand=THOUSAND,
    )
