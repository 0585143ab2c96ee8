"""One session and one transaction a request: answering well commits, failing rolls back."""

from flask import Flask, Response, abort, g, request
from flask_sqlalchemy_lite import SQLAlchemy

from mapapp.settings import Settings
from mapapp.store.database import WRITE, empty_journal, engine_options, prepare

db = SQLAlchemy()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def this_site() -> str:
    """Return what tells apart the sites of one process, for what is kept between requests."""
    return str(db.engine.url)


def may_write() -> bool:
    """Whether the request's own transaction is one that writes."""
    return request.method not in SAFE_METHODS


def keep_what_was_done() -> None:
    """Commit what a writing request did so far, whatever its answer becomes."""
    db.session.commit()
    db.session.connection(execution_options=WRITE)


def init_database(app: Flask, settings: Settings) -> None:
    """Open the database for ``app`` and tie its transactions to the requests."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(settings.sqlalchemy_url)}
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)

    @app.before_request
    def _refuse_null() -> None:
        # No text has this character; PostgreSQL cannot hold it and SQLite would cut there.
        if "\0" in request.path:
            abort(404)
        if any("\0" in value for values in request.values.listvalues() for value in values):
            abort(400)

    @app.before_request
    def _announce_writing() -> None:
        if may_write():
            db.session.connection(execution_options=WRITE)

    @app.after_request
    def _finish(response: Response) -> Response:
        if response.status_code < 400:
            db.session.commit()
            if g.pop("erased", False):
                db.session.close()  # a reader of the old state would keep the journal full
                empty_journal(db.engine)
        else:
            db.session.rollback()
        return response
