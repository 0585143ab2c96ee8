"""What every page's frame needs to know: the site's name, whether it is a demo, where pages lie."""

from flask import Flask, current_app, g, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.core.unread_count import unread_conversations
from mapapp.domain.core.choices import NEUTRAL_NAME
from mapapp.store.facts import HAS_DEMO, fact
from mapapp.web.core.list_pages import page_url
from mapapp.web.core.locale import translated
from mapapp.web.core.request_session import db
from mapapp.web.core.security import current_member_id, site_settings

TELLING = frozenset(
    {
        "admin",
        "areas",
        "comparing",
        "conditions",
        "editorial",
        "maps",
        "questions",
        "sharing",
        "stories",
        "treatments",
    }
)
"""Blueprints of pages whose titles say more than what the reader is doing."""


def init_layout(app: Flask) -> None:
    """Give every template what ``base.html`` uses."""
    app.jinja_env.globals.update(
        has_demo=has_demo,
        page_url=page_url,
        unread_conversations=unread_here,
        neutral_name=lambda: translated(NEUTRAL_NAME),
        title_tells=lambda: request.blueprint in TELLING,
        absolute_url=absolute_url,
    )
    app.context_processor(lambda: {"site_name": site_name()})


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


def unread_here() -> int:
    """Return in how many conversations something waits for the reader; 0 for a visitor."""
    if "unread" not in g:  # the map's page asks for its tag, and for its header
        member_id = current_member_id()
        g.unread = unread_conversations(db.session, member_id) if member_id else 0
    found: int = g.unread
    return found
