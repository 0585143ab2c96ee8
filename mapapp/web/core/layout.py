"""What every page's frame needs to know: the site's name, whether it is a demo, where pages lie."""

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mapapp.actions.core.waiting import MOST_SAID, NOTHING_WAITS, Waiting, waiting
from mapapp.domain.core.choices import NEUTRAL_NAME
from mapapp.store.facts import HAS_DEMO, fact
from mapapp.web.core.list_pages import page_url
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import is_suspended, owner_id, site_settings, staff_roles

TELLING = frozenset(
    {
        "admin",
        "areas",
        "comparing",
        "conditions",
        "editorial",
        "maps",
        "ogc",
        "questions",
        "sharing",
        "site_statistics",
        "statistics",
        "stories",
        "treatments",
    }
)
"""Blueprints of pages whose titles say more than what the reader is doing."""


def init_layout(app: Flask) -> None:
    """Give every template what ``base.html`` uses."""
    app.jinja_env.globals.update(
        absolute_url=absolute_url,
        few_words=few_words,
        has_demo=has_demo,
        neutral_name=lambda: translated(NEUTRAL_NAME),
        page_url=page_url,
        title_tells=_title_tells,
        waiting=waiting_here,
    )
    app.context_processor(lambda: {"site_name": site_name()})


def _title_tells() -> bool:
    return request.blueprint in TELLING or request.endpoint == "pages.show_home"


def site_name() -> str:
    """Return the name of this site."""
    return str(current_app.extensions["mapapp_settings"].site_name)


def absolute_url(endpoint: str, **values: object) -> str:
    """Return the full URL of a page of the site, whatever host name the request used."""
    return site_settings().base_url + url_for(endpoint, **values)  # type: ignore[arg-type]


def has_demo() -> bool:
    """Whether invented people are among those shown; the banner says so on every page."""
    if "has_demo" not in g:
        g.has_demo = _read_has_demo()
    return bool(g.has_demo)


def _read_has_demo() -> bool:
    try:
        return fact(db.session, HAS_DEMO) not in {"", "0"}
    except SQLAlchemyError:
        # The page that says "our mistake" must not fail because the database did.
        db.session.rollback()
        return False


def waiting_here() -> Waiting:
    """Return what waits for the reader, nothing for a visitor."""
    if "waiting" not in g:  # the map's page asks for its tag, and for its header
        g.waiting = count_waiting(db.session)
    found: Waiting = g.waiting
    return found


def count_waiting(session: Session) -> Waiting:
    """Count anew what waits for the reader, as ``session`` sees it."""
    reader_id = owner_id()
    if reader_id is None:
        return NOTHING_WAITS
    return waiting(session, reader_id, suspended=is_suspended(), staff=bool(staff_roles()))


def few_words(n: int) -> str:
    """Return a number of the header, which says no more than that there are many."""
    return str(n) if n <= MOST_SAID else str(_("%(n)s+", n=MOST_SAID))
