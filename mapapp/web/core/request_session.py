"""One session and one transaction a request: answering well commits, failing rolls back.

Every request begins as a reader, and one that only reads stays one. ``steady_flask`` begins an act
again as the writer when it is about to write: what is refused before that takes no lock.
"""

from flask import Flask, Response, abort, g, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.exc import SQLAlchemyError

from mapapp.settings import Settings
from mapapp.store.database import (
    FOR_READING,
    FOR_WRITING,
    empty_journal,
    engine_options,
    prepare,
)

db = SQLAlchemy()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READING_POSTS = frozenset(
    {
        "api_areas.search_towns",
        "conversations.look_for_words",
        "nearby.look_near",
        "towns.suggest_towns",
    }
)
"""Pages that are asked by POST so that what is typed stands in no address (privacy rule 4).

They change nothing: they take no lock, and no form's token, for which a visitor would get a cookie.
"""
LONGEST_QUERY = 16_000
"""Bytes; no page of the site leads to more than a few hundred, and reading them costs time."""
SESSIONS = "_sqlalchemy_sessions"
"""Where the extension keeps the request's session."""


def this_site() -> str:
    """Return what tells apart the sites of one process, for what is kept between requests."""
    return str(db.engine.url)


def begin_to_write() -> None:
    """Begin the request's transaction anew as one that writes; on SQLite it waits its turn."""
    db.session.rollback()
    db.session.connection(execution_options=FOR_WRITING)


def is_writing() -> bool:
    """Whether the request's transaction, as it is now, is one that writes."""
    return bool(db.session.connection().get_execution_options()["write"])


def is_looked_at() -> bool:
    """Whether somebody reads the answer, which is neither a head alone nor that of a form."""
    return request.method == "GET"


def keep_what_was_done() -> None:
    """Commit what an act did so far, whatever its answer becomes; the act goes on."""
    db.session.commit()
    db.session.connection(execution_options=FOR_WRITING)


def end_act() -> None:
    """Commit the act, so that nobody waits while its page is made."""
    db.session.commit()


def forget_work() -> None:
    """Roll back what the request did and did not commit, even where the database is gone."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.invalidate()  # closes the connection, which rolls back


def _close_session(_error: BaseException | None) -> None:
    """Give the request's connection back; what it answered stands, whatever becomes of that."""
    if SESSIONS in g:
        forget_work()
        db.session.close()


def init_database(app: Flask, settings: Settings) -> None:
    """Open the database for ``app`` and tie its transactions to the requests."""
    app.config["SQLALCHEMY_ENGINES"] = {
        "default": {**engine_options(settings.sqlalchemy_url), "execution_options": FOR_READING}
    }
    db.init_app(app)
    # The extension's own would raise where the database is gone, and start a thread at each request
    # to close no asynchronous session.
    app.teardown_appcontext_funcs = [_close_session]
    with app.app_context():
        prepare(db.engine)

    @app.before_request
    def _refuse_odd() -> None:
        if len(request.query_string) > LONGEST_QUERY:
            abort(414)
        # No text has this character; PostgreSQL cannot hold it and SQLite would cut there.
        if "\0" in request.path:
            abort(404)
        if any("\0" in value for values in request.values.listvalues() for value in values):
            abort(400)

    @app.after_request
    def _finish(response: Response) -> Response:
        if response.status_code < 400:
            db.session.commit()
            if g.pop("erased", False):
                db.session.close()  # a reader of the old state would keep the journal full
                empty_journal(db.engine)
        else:
            forget_work()
        return response
