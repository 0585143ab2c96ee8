"""What every page's frame needs to know: the site's name, whether it is a demo, where pages lie."""

from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from mapapp.store.service import SiteFact
from mapapp.web.database import db


def init_layout(app: Flask) -> None:
    """Give every template what ``base.html`` uses."""
    app.jinja_env.globals.update(has_demo=has_demo, page_url=page_url)
    app.context_processor(lambda: {"site_name": site_name()})


def site_name() -> str:
    """Return the name of this site."""
    return str(current_app.extensions["mapapp_settings"].site_name)


def has_demo() -> bool:
    """Whether invented people are among those shown; the banner says so on every page."""
    if "has_demo" not in g:
        g.has_demo = _read_has_demo()
    return bool(g.has_demo)


def _read_has_demo() -> bool:
    fact = select(SiteFact.value).where(SiteFact.key == "has_demo")
    try:
        return db.session.scalar(fact) not in {None, "", "0"}
    except SQLAlchemyError:
        # The page that says "our mistake" must not fail because the database did.
        db.session.rollback()
        return False


def page_url(number: int) -> str:
    """Return the address of another page of the list that is being shown."""
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    # What was asked goes nowhere near the names that Flask itself takes, such as "_scheme".
    asked = {name: value for name, value in request.args.items() if name != "page"}
    if number > 1:
        asked["page"] = str(number)
    return f"{path}?{urlencode(asked)}" if asked else path
