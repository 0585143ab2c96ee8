"""The start page and the pages that explain the site."""

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.published.listed_totals import site_totals
from mapapp.actions.published.listings import most_joined
from mapapp.domain.core.dates import this_day
from mapapp.domain.operations.credits import DATA_CREDITS, PROGRAMS
from mapapp.domain.published.release_rules import certainty, epochs_of, map_budget
from mapapp.web.core.conditional_get import conditional
from mapapp.web.core.request_session import db
from mapapp.web.core.security import site_settings

pages = Blueprint("pages", __name__)

MOST_LARGEST = 10


@pages.get("/")
@conditional
def show_home() -> ResponseReturnValue:
    """What the site is, a search, and who is here."""
    most = most_joined(db.session, MOST_LARGEST)
    totals = site_totals(db.session)
    return render_template("operations/home.html", totals=totals, most=most)


@pages.get("/how-we-count")
@conditional
def how_we_count() -> ResponseReturnValue:
    """What the numbers mean."""
    epsilon = site_settings().epsilon
    quarter, _year = epochs_of(this_day())
    sure = {
        "quarter": certainty(quarter.spent(epsilon)),
        "year": certainty(map_budget(epsilon)),
    }
    return render_template("operations/how_we_count.html", epsilon=epsilon, sure=sure)


@pages.get("/privacy")
@conditional
def privacy() -> ResponseReturnValue:
    """What happens to people's data."""
    return render_template("operations/privacy.html", neutral_site=site_settings().leave_to)


@pages.get("/credits")
@conditional
def credits() -> ResponseReturnValue:
    """Credits for data and programs."""
    return render_template("operations/credits.html", data=DATA_CREDITS, programs=PROGRAMS)


@pages.get("/away")
def away() -> Response:
    """Leave the site fast, for one that learns nothing of where the reader came from.

    Only a click comes here, so no page asks others for anything.
    """
    response = redirect(site_settings().leave_to, 303)
    response.headers["Cache-Control"] = "no-store"
    # The back button must make a new request, not show a cached page.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response  # type: ignore[return-value]
