"""The start page and the pages that explain the site."""

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from mapapp.actions.find import most_joined, site_totals
from mapapp.domain.credits import DATA, PROGRAMS
from mapapp.web.conditional import conditional
from mapapp.web.database import db

pages = Blueprint("pages", __name__)

MOST = 10
NEUTRAL_SITE = "https://www.wikipedia.org/"
"""Where "leave this page" leads: a site anybody might be reading, in any language. It learns
nothing of where the reader came from; see ``away``."""


@pages.get("/")
@conditional
def home() -> ResponseReturnValue:
    """What this is, a search at once, and who is here."""
    most = most_joined(db.session, MOST)
    totals = site_totals(db.session)
    return render_template("pages/home.html", totals=totals, most=most)


@pages.get("/how-we-count")
@conditional
def how_we_count() -> ResponseReturnValue:
    """What the numbers mean."""
    return render_template("pages/how_we_count.html")


@pages.get("/privacy")
@conditional
def privacy() -> ResponseReturnValue:
    """What happens to what people tell us."""
    return render_template("pages/privacy.html", neutral_site=NEUTRAL_SITE)


@pages.get("/credits")
@conditional
def credits() -> ResponseReturnValue:
    """Whose data and programs these are."""
    return render_template("pages/credits.html", data=DATA, programs=PROGRAMS)


@pages.get("/away")
def away() -> Response:
    """Leave the site fast. Only a click comes here, so no page asks others for anything."""
    response = redirect(NEUTRAL_SITE, 303)
    response.headers["Cache-Control"] = "no-store"
    # Going back must ask us again rather than show what the browser kept.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response  # type: ignore[return-value]
