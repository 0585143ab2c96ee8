"""Health checks for monitoring: is the process up, and can it serve?"""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.operations.site_setup import check_site
from mapapp.errors import MapappError
from mapapp.store.steps import check_tables
from mapapp.web.core.request_session import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _plain("ok")


@health.get("/readyz")
def ready() -> Response:
    """The database can be reached, has this version's tables, and fits the area table."""
    try:
        check_tables(db.session.connection())
        check_site(db.session)
    except MapappError as error:
        return _plain(str(error), 503)
    except SQLAlchemyError:
        # The error may name hosts and users, which must not become public.
        return _plain("the database cannot be reached", 503)
    return _plain("ready")


def _plain(words: str, status: int = 200) -> Response:
    answer = Response(f"{words}\n", status=status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
