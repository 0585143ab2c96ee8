"""Fixtures. Run with ``--database=postgresql`` to use that instead of SQLite."""

import os
import sys
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

from mapapp.app import create_app
from mapapp.cli import mapapp
from mapapp.settings import Settings, load_settings
from mapapp.store.members import Member
from mapapp.web.core.permissions import EVERYONE, PERMISSIONS, Access
from mapapp.web.core.request_session import db
from tests import factories, long, sites
from tests.databases import Databases, databases_of
from tests.moderation import Site
from tests.on_postgresql import is_worth_it, kinds_of
from tests.posts import Board
from tests.sampling import SEED, Sampling
from tests.signed_in import sign_in
from tests.sites import MovingEngine, SharedSite
from tests.statements import Statements
from tests.trust import World
from tests.watched_lines import WatchedLines

SECRET = "a secret for tests, and for tests alone"
ALWAYS = {"secret_key": SECRET, "address_key": factories.ADDRESS_KEY, "publish": "live"}
"""Settings of the sites of all tests; to these, others see each change at once."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql", "both"),
        default="sqlite",
        help="the database that tests run on; both: on PostgreSQL what could differ there",
    )
    parser.addoption("--full", action="store_true", help="all of what is otherwise sampled")
    parser.addoption(
        "--statements",
        action="store_true",
        help="fail for statements that PostgreSQL was not given",
    )
    parser.addoption("--seed", type=int, default=SEED, help="chooses what is sampled")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(long)
    config.pluginmanager.register(sites)
    if config.getoption("--statements"):
        config.pluginmanager.register(Statements(config))
    if config.getoption("cov_fail_under", None) and sys.version_info < (3, 12):
        config.pluginmanager.register(WatchedLines())


def pytest_report_header(config: pytest.Config) -> str:
    full, seed = config.getoption("--full"), config.getoption("--seed")
    return "matrices: whole" if full else f"matrices: sampled with --seed={seed}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test its part of a matrix, and its databases: SQLite and, if chosen, [postgresql]."""
    for mark in metafunc.definition.iter_markers("matrix"):
        names, sides = ",".join(mark.kwargs), list(mark.kwargs.values())
        metafunc.parametrize(names, _sampling(metafunc.config).pairs(*sides))
    if "databases" in metafunc.fixturenames:
        kinds = kinds_of(metafunc.definition, metafunc.config)
        ids = [pytest.HIDDEN_PARAM if kind == "sqlite" else kind for kind in kinds]
        metafunc.parametrize("databases", kinds, indirect=True, ids=ids, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the slowest first and PostgreSQL last, so that workers end together and switch once."""
    if config.getoption("--database") == "postgresql":
        wanted = [item for item in items if is_worth_it(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
        items[:] = wanted
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool, bool]:
    call = getattr(item, "callspec", None)
    on_postgresql = call is not None and call.params.get("databases") == "postgresql"
    browser = item.get_closest_marker("browser")
    # What another worker takes over in the end should need little to begin with.
    return on_postgresql, browser is None, "axe" in item.path.name


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """The developer's own settings must not change what the tests see."""
    with pytest.MonkeyPatch.context() as patch:
        for name in load_outside_names():
            patch.delenv(name)
        patch.setenv("LANGUAGE", "en")  # commands speak the language of the terminal
        yield


def load_outside_names() -> list[str]:
    """Return the environment variables that would be taken for settings."""
    return [n for n in os.environ if n.startswith("MAPAPP_") and n != "MAPAPP_TEST_POSTGRES"]


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[Databases]:
    """New databases on SQLite; the template holds a new site."""
    with databases_of("sqlite") as made:
        yield made


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    """The same on PostgreSQL."""
    with databases_of("postgresql") as made:
        yield made


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """New databases of the kind that the test runs on."""
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    return made


@pytest.fixture
def settings(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of a new site, with its own folder and database."""
    monkeypatch.chdir(tmp_path)
    url = databases.copy()
    yield load_settings(instance=tmp_path / "instance", database_url=url, **ALWAYS)
    databases.remove(url)


@pytest.fixture(scope="session")
def sampling(request: pytest.FixtureRequest) -> Sampling:
    """How much of a wide matrix is run."""
    return _sampling(request.config)


def _sampling(config: pytest.Config) -> Sampling:
    return Sampling(config.getoption("--full"), config.getoption("--seed"))


@pytest.fixture(scope="session")
def moving_engine() -> MovingEngine:
    """The engine of this process's tests."""
    return MovingEngine()


@pytest.fixture(scope="session")
def shared_site() -> SharedSite:
    """The site of this process's tests."""
    return SharedSite()


@pytest.fixture
def engine(settings: Settings, moving_engine: MovingEngine) -> Iterator[Engine]:
    """The site's database."""
    with moving_engine.on(settings.sqlalchemy_url) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the site's database; commit what ``client`` must see."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def app(
    request: pytest.FixtureRequest, settings: Settings, engine: Engine, shared_site: SharedSite
) -> Iterator[Flask]:
    """The site. Forms need no CSRF token here; the tests of CSRF switch it on again."""
    if not request.node.get_closest_marker("own_site"):
        with shared_site.on(settings, engine) as app:
            yield app
        return
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
    """``login(member)`` signs ``client`` (or ``on=…``) in, and commits the session.

    ``strong=False`` is signing in by mail alone; the default is with a second proof given now.
    """

    def _login(member: Any, on: FlaskClient | None = None, *, strong: bool = True) -> FlaskClient:
        session.commit()
        browser = on or client
        sign_in(browser, member.id, member.session_handle, strong=strong)
        return browser

    return _login


@pytest.fixture
def add_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``add_page(app, "/slow", "slow", view, to=EVERYONE)`` adds a page to a test's own site."""

    def _add(app: Flask, rule: str, name: str, view: Any, to: Access = EVERYONE, **o: Any) -> None:
        monkeypatch.setitem(PERMISSIONS, name, to)
        app.add_url_rule(rule, name, view, **o)

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
        **{f"MAPAPP_{name.upper()}": value for name, value in ALWAYS.items()},
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
