"""The site that tests share is for each of them as if it were new."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.app import create_app
from mapapp.settings import Settings
from mapapp.store.database import make_engine
from mapapp.web.core.request_session import db, this_site
from tests import factories
from tests.databases import Databases
from tests.places import zones_of
from tests.sites import MovingEngine, SharedSite, state

KEPT = (
    "/",
    "/conditions?q=dystonia",
    "/conditions/dystonia",
    "/conditions/dystonia/map.html",
    "/conditions/dystonia/areas/DE-BE",
    "/api/v1/conditions/dystonia/counts?level=zone",
    "/api/v1/conditions?q=dyst",
    "/map.svg",
)
"""Pages that are kept, or made of what is kept, from one request to the next."""


def _nothing() -> None:
    """Stand in for a function that a test puts in place of another."""


CHANGES: dict[str, Callable[[Flask], Any]] = {
    "a setting": lambda app: app.config.update(WTF_CSRF_ENABLED=True, NEW=1),
    "a setting less": lambda app: app.config.pop("SECRET_KEY"),
    "reads that were counted": lambda app: app.extensions.update(mapapp_reads=object()),
    "the settings of the site": lambda app: app.extensions.update(mapapp_settings=None),
    "a view": lambda app: app.view_functions.update({"pages.privacy": _nothing}),
    "a function before requests": lambda app: app.before_request_funcs[None].append(_nothing),
    "a guard less": lambda app: app.before_request_funcs[None].pop(),
    "a function after requests": lambda app: app.after_request_funcs[None].clear(),
    "an answer to errors": lambda app: app.error_handler_spec[None][500].clear(),
    "words for templates": lambda app: app.template_context_processors[None].append(dict),
    "a name in templates": lambda app: app.jinja_env.globals.update(new=1),
    "a filter in templates": lambda app: app.jinja_env.filters.clear(),
    "a test in templates": lambda app: app.jinja_env.tests.clear(),
    "the way to the site": lambda app: setattr(app, "wsgi_app", _nothing),
    "where sessions are kept": lambda app: setattr(app, "session_interface", None),
    "something of its own": lambda app: setattr(app, "of_its_own", 1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_gone_afterwards(settings: Settings, engine: Engine, change: str) -> None:
    shared = SharedSite()
    with shared.on(settings, engine) as app:
        before = state(app)
        CHANGES[change](app)
        assert _of_the_site(app) != _without_database(before)
    with shared.on(settings, engine) as again:
        assert again is app
        assert _of_the_site(app) == _without_database(before)
        assert again.test_client().get("/privacy").status_code == 200


def _of_the_site(app: Flask) -> dict[str, Any]:
    return _without_database(state(app))


def _without_database(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "url_map"}


def test_what_cannot_be_put_back_is_refused(app: Flask) -> None:
    rules = len(list(app.url_map.iter_rules()))
    for change in (
        lambda: app.add_url_rule("/new", "new", _nothing),
        lambda: app.before_request(_nothing),
        lambda: app.register_error_handler(500, _nothing),
        lambda: app.template_filter("new")(_nothing),
    ):
        with pytest.raises(AssertionError, match="can no longer be called"):
            change()
    assert len(list(app.url_map.iter_rules())) == rules


@pytest.mark.own_site
def test_a_site_of_ones_own_takes_pages(app: Flask, shared_site: SharedSite) -> None:
    app.add_url_rule("/new", "new", _nothing)
    assert app is not shared_site._app


def test_the_shared_site_is_what_would_be_made_anew(app: Flask, settings: Settings) -> None:
    new = create_app(settings)
    new.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with new.app_context():
        db.engine.dispose()
    own = {"SQLALCHEMY_ENGINES"}  # where it was made; the engine of the test is put in its place
    assert {k: v for k, v in app.config.items() if k not in own} == {
        k: v for k, v in new.config.items() if k not in own
    }
    assert [str(rule) for rule in app.url_map.iter_rules()] == [
        str(rule) for rule in new.url_map.iter_rules()
    ]
    assert app.extensions.keys() == new.extensions.keys()
    assert app.extensions["mapapp_settings"] == new.extensions["mapapp_settings"]
    assert app.jinja_env.globals.keys() == new.jinja_env.globals.keys()
    for kind in ("before_request_funcs", "after_request_funcs", "teardown_request_funcs"):
        assert _named(getattr(app, kind)) == _named(getattr(new, kind))


def _named(table: dict[Any, list[Any]]) -> dict[Any, list[str]]:
    return {scope: [one.__qualname__ for one in acts] for scope, acts in table.items()}


def test_the_site_uses_the_database_of_the_test(
    app: Flask, engine: Engine, settings: Settings, session: Session
) -> None:
    factories.make_condition(session, "dystonia")
    session.commit()
    with app.app_context():
        assert this_site() == str(engine.url) == str(make_engine(settings.sqlalchemy_url).url)
    assert app.test_client().get("/conditions/dystonia").status_code == 200


def test_nothing_that_is_kept_reaches_the_next_test(
    databases: Databases, settings: Settings
) -> None:
    shared, moving = SharedSite(), MovingEngine()

    def _pages(people: int) -> list[bytes]:
        site = settings.model_copy(update={"database_url": databases.copy()})
        with moving.on(site.sqlalchemy_url) as engine, shared.on(site, engine) as app:
            with Session(engine) as session:
                condition = factories.make_condition(session, "dystonia", name="Dystonia")
                for _ in range(people):
                    factories.make_membership(session, condition, zones_of("DE-BE")[0])
                session.commit()
            client = app.test_client()
            return [client.get(path).data for path in KEPT]

    # The first and the third site hold the same; the one between them has two people more.
    first, between, third = _pages(1), _pages(3), _pages(1)
    assert first == third
    changed = [path for path, one, other in zip(KEPT, first, between, strict=True) if one != other]
    assert {"/", "/map.svg", KEPT[3], KEPT[4], KEPT[5]} <= set(changed)
