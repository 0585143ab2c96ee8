"""What tests are given. Run with ``--database=postgresql`` to use that instead of SQLite."""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mapapp.actions.site import fill_site
from mapapp.app import create_app
from mapapp.cli import mapapp
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member
from mapapp.store.migrate import upgrade
from mapapp.web import access
from mapapp.web.database import db
from mapapp.web.proof import STRONG, STRONG_HOURS
from tests import factories
from tests.databases import PostgresDatabases, SqliteDatabases, postgres_server
from tests.moderation import Site
from tests.posts import Board
from tests.trust import World

SECRET = "a secret for tests, and for tests alone"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database that tests run on",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only the tests that touch a database are worth a second run.

    Of those in a browser only the ones marked so: the others look at pages, whose every query the
    tests without a browser have asked on both.
    """
    if config.getoption("--database") == "sqlite":
        return
    wanted = [
        item
        for item in items
        if "databases" in getattr(item, "fixturenames", ())
        and (not item.get_closest_marker("browser") or item.get_closest_marker("both"))
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """Settings of the person who runs the tests must not change what the tests see."""
    with pytest.MonkeyPatch.context() as patch:
        for name in load_outside_names():
            patch.delenv(name)
        yield


def load_outside_names() -> list[str]:
    """Return the variables of the environment that would be taken for settings."""
    return [n for n in os.environ if n.startswith("MAPAPP_") and n != "MAPAPP_TEST_POSTGRES"]


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SqliteDatabases | PostgresDatabases]:
    """Fresh databases of the kind chosen; the template holds a site just made."""
    if request.config.getoption("--database") == "sqlite":
        made = SqliteDatabases(tmp_path_factory.mktemp("databases"))
        _fill_template(made.template)
        yield made
        return
    with postgres_server() as server:
        servers = PostgresDatabases(server)
        _fill_template(servers.template)
        yield servers
        # A server of our own is thrown away with all that is in it, which takes no time.
        if os.environ.get("MAPAPP_TEST_POSTGRES"):
            servers.drop()


def _fill_template(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
    engine.dispose()


@pytest.fixture
def settings(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings of a site just made, in a folder and a database of its own."""
    monkeypatch.chdir(tmp_path)
    return load_settings(
        instance=tmp_path / "instance",
        database_url=databases.copy(),
        secret_key=SECRET,
        address_key=factories.ADDRESS_KEY,
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The site's database."""
    engine = make_engine(settings.sqlalchemy_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the site's database; commit what ``client`` shall see."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The site. Forms need no CSRF token here; the tests of CSRF switch it on again."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in."""
    return app.test_client()


@pytest.fixture
def login(session: Session, client: FlaskClient) -> Callable[..., FlaskClient]:
    """``login(member)`` signs ``client`` (or ``on=…``) in, and commits what was made.

    ``strong=False`` is signing in by mail alone; the default is with a second proof given now.
    """

    def _login(member: Any, on: FlaskClient | None = None, *, strong: bool = True) -> FlaskClient:
        session.commit()
        browser = on or client
        with browser.session_transaction() as held:
            held.update(_user_id=member.fs_uniquifier, member_id=member.id)
            if strong:
                held[STRONG] = (int(time.time()) // 3600 + STRONG_HOURS + 1) * 3600
        return browser

    return _login


@pytest.fixture
def add_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``add_page(app, "/slow", "slow", view)`` adds a page to a site that runs already.

    It is open to everyone, unless a last argument says to whom.
    """

    def _add(
        app: Flask, rule: str, endpoint: str, view: Any, to: access.Access = access.EVERYONE
    ) -> None:
        monkeypatch.setitem(access.TABLE, endpoint, to)
        app.add_url_rule(rule, endpoint, view)

    return _add


@pytest.fixture
def runner() -> CliRunner:
    """A shell to call ``mapapp`` in."""
    return CliRunner()


@pytest.fixture
def shell(runner: CliRunner, settings: Settings) -> Callable[..., Result]:
    """``shell("counts", "verify")`` calls ``mapapp`` on this test's site."""
    variables = {
        "MAPAPP_INSTANCE": str(settings.instance),
        "MAPAPP_DATABASE_URL": settings.database_url,
        "MAPAPP_SECRET_KEY": SECRET,
        "MAPAPP_ADDRESS_KEY": factories.ADDRESS_KEY,
    }

    def _shell(*arguments: str, **more: str) -> Result:
        return runner.invoke(mapapp, arguments, env={**variables, **more})

    return _shell


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    """A site with people on its maps."""
    return World(session, settings)


@pytest.fixture
def site(session: Session, settings: Settings) -> Site:
    """The same, with people who report, and moderators."""
    return Site(session, settings)


@pytest.fixture
def board(session: Session, settings: Settings) -> Board:
    """The same, with a question that people answer."""
    return Board(session, settings)


@pytest.fixture
def mod(site: Site) -> Member:
    """A moderator."""
    return site.moderator(pseudonym="Mod")


@pytest.fixture
def make_condition(session: Session) -> Callable[..., Any]:
    """Factory: ``make_condition("dystonia")``."""
    return partial(factories.make_condition, session)


@pytest.fixture
def make_member(session: Session) -> Callable[..., Any]:
    """Factory: ``make_member(pseudonym="Robin", languages=["de"], staff=True)``."""
    return partial(factories.make_member, session)


@pytest.fixture
def make_membership(session: Session) -> Callable[..., Any]:
    """Factory: ``make_membership(condition, area_id, visibility="public")``."""
    return partial(factories.make_membership, session)


@pytest.fixture
def make_noise(session: Session) -> Callable[..., Any]:
    """Factory: rows that must not be counted or shown."""
    return partial(factories.make_noise, session)
