"""For whoever watches the machine: is the process up, and can it serve?"""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.site import check_site
from mapapp.errors import MapappError
from mapapp.store.migrate import newest_step, step_of
from mapapp.web.database import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _plain("ok")


@health.get("/readyz")
def ready() -> Response:
    """The database can be reached, has this version's tables, and fits the area table."""
    try:
        if step_of(db.session.connection()) != newest_step():
            return _plain("the database is of another version: mapapp init", 503)
        check_site(db.session)
    except MapappError as error:
        return _plain(str(error), 503)
    except SQLAlchemyError:
        # What exactly went wrong may name hosts and users, which is nobody's business out there.
        return _plain("the database cannot be reached", 503)
    return _plain("ready")


def _plain(words: str, status: int = 200) -> Response:
    answer = Response(f"{words}\n", status=status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
