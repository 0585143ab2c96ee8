"""What the tests of one process share: an engine and a site, given another database each time.

Making a site costs 80 ms, and a new engine forgets how each statement is written for its database.
Both are the same for every test, so both are made once. What a test changes on the site is put back
after it; what could not be put back (one page more, one function more before each request) Flask
refuses on a site that has answered once. A test that needs it is marked ``own_site``.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, make_url

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.store.database import FOR_READING, make_engine
from mapapp.web.core.request_session import db


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from what is there before the first test and stays for good."""
    gc.collect()
    gc.freeze()


class MovingEngine:
    """An engine for each kind of database, which can be turned to another one of that kind."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}

    @contextmanager
    def on(self, url: str) -> Iterator[Engine]:
        """Give the engine, connected to ``url``; all of its connections are closed afterwards."""
        kind = make_url(url).get_backend_name()
        engine = self._engines[kind] = self._engines.get(kind) or movable(url)
        engine.url = make_url(url)
        try:
            yield engine
        finally:
            engine.dispose()


def movable(url: str) -> Engine:
    """Return an engine that connects to whatever its ``url`` says at that moment."""
    engine = make_engine(url)

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> None:
        args, options = dialect.create_connect_args(engine.url)
        given[:] = args
        named.update(options)

    return engine


class SharedSite:
    """One application, made when it is first asked for."""

    def __init__(self) -> None:
        self._app: Flask | None = None
        self._made: dict[str, Any] = {}

    @contextmanager
    def on(self, settings: Settings, engine: Engine) -> Iterator[Flask]:
        """Give the site with these settings and this database; put it back as it was made.

        The settings may differ from those of other tests in the database and the folder only.
        """
        app = self._app or self._make(settings)
        app.extensions["mapapp_settings"] = settings
        connect(app, engine)
        try:
            yield app
        finally:
            restore(app, self._made)

    def _make(self, settings: Settings) -> Flask:
        app = self._app = create_app(settings)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        # Once it has answered, Flask takes no further page and no further function.
        assert app.test_client().get("/healthz").status_code == 200
        with app.app_context():
            db.engine.dispose()  # it is given another one
        self._made = state(app)
        return app


def connect(app: Flask, engine: Engine) -> None:
    """Let ``app`` use a database. It is told apart from the test's own use of the same engine."""
    with app.app_context():
        db.engines["default"] = engine.execution_options(**FOR_READING)
        db.sessionmaker.configure(bind=db.engines["default"])


def state(app: Flask) -> dict[str, Any]:
    """Return a copy of all that a Flask application holds and a test could change."""
    held = {name: _copied(value) for name, value in vars(app).items()}
    return {**held, **{name: _copied(table) for name, table in _of_templates(app).items()}}


def restore(app: Flask, made: dict[str, Any]) -> None:
    """Put back what ``state`` returned."""
    tables = _of_templates(app)
    for name in vars(app).keys() - made.keys():
        delattr(app, name)
    for name, value in made.items():
        now = tables.get(name, getattr(app, name, None))
        if isinstance(now, dict) and isinstance(value, dict):
            now.clear()
            now.update(_copied(value))
        else:
            setattr(app, name, _copied(value))


def _of_templates(app: Flask) -> dict[str, dict[str, Any]]:
    env = app.jinja_env
    return {"jinja globals": env.globals, "jinja filters": env.filters, "jinja tests": env.tests}


def _copied(value: Any) -> Any:
    """Copy nested dicts and lists, but not the values in them."""
    if isinstance(value, list):
        return [_copied(one) for one in value]
    if isinstance(value, dict):
        copied = copy(value)
        copied.update({key: _copied(one) for key, one in value.items()})
        return copied
    return value
