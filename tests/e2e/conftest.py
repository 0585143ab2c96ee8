"""A real Chromium, and a real server with the demo for it to look at."""

import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from mapapp.actions.core import quotas
from mapapp.actions.knowledge.editorial_transfer import import_content
from mapapp.actions.operations.demo import make_demo
from mapapp.app import create_app
from mapapp.domain.knowledge.question_set import CONTENT
from mapapp.domain.safety import reading_limits
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.web.core.request_session import db
from tests import factories
from tests.conftest import SECRET
from tests.e2e.acts import Visitor
from tests.e2e.watching import Watch
from tests.sampling import Sampling

T = TypeVar("T")
PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
"""The first is the same engine without what a person needs around it, and four times as fast."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Live:
    """A site that answers on ``url``."""

    url: str
    settings: Settings

    @property
    def named(self) -> str:
        """The same site by the name of this machine: a number cannot have passkeys."""
        return self.url.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="package")
def live(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A running site with the demo's people, shared by the tests of one process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = fresh_settings(databases, tmp_path_factory.mktemp("live"))
    engine = make_engine(settings.sqlalchemy_url)
    with transaction(engine) as session:
        import_content(session, CONTENT)
        make_demo(session, settings.secret)
    engine.dispose()
    with served(settings) as (site, _app):
        yield site


@pytest.fixture
def own_live(live: Live, databases: Any, tmp_path: Path) -> Iterator[Live]:
    """A running, empty site for one test alone: ``open_page(site=own_live)``.

    Name it before ``open_page``, so that the pages are closed before the site is.
    """
    with served(fresh_settings(databases, tmp_path / "own")) as (site, _app):
        yield site


def fresh_settings(databases: Any, instance: Path) -> Settings:
    """Return the settings of a development site, with a new copy of the template database."""
    return load_settings(
        instance=instance,
        database_url=databases.copy(),
        dev=True,
        secret_key=SECRET,
        address_key=factories.ADDRESS_KEY,
        publish="live",
    )


@contextmanager
def served(settings: Settings) -> Iterator[tuple[Live, Flask]]:
    """Serve a site that was made already, also while a browser runs."""
    # The address is known only once the server listens, and mails name it.
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    settings = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
    app = apart(lambda: create_app(settings))
    patch = pytest.MonkeyPatch()
    for name in ("SIGN_IN_ASKS", "ACCOUNTS_MADE"):  # all these people come from one address
        patch.setattr(quotas, name, replace(getattr(quotas, name), most=1000))
    patch.setattr(reading_limits, "MOST_PEOPLE", 100_000)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(settings.base_url, settings), app
    server.shutdown()
    thread.join()
    server.server_close()
    patch.undo()

    def _end() -> None:
        with app.app_context():
            _close(db.engine)

    apart(_end)


def apart(act: Callable[[], T]) -> T:
    """Do something in a separate thread, without a browser's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def _close(engine: Engine) -> None:
    """Close all connections; pages that a browser left half loaded may still be in work."""
    end = time.monotonic() + 20
    while engine.pool.checkedout() and time.monotonic() < end:  # type: ignore[attr-defined]
        time.sleep(0.05)
    engine.dispose()


@pytest.fixture(scope="package")
def browser(live: Live, sampling: Sampling) -> Iterator[Browser]:
    """Debian's Chromium, headless; in a full run the one that people use.

    It must start after the site was made, and stop before others are: Playwright keeps an event
    loop running, and Flask does not start or stop beside one.
    """
    programs = [found for name in PROGRAMS if (found := shutil.which(name))]
    if not programs:
        missing = f"Chromium is missing. Get it with: apt-get install {PROGRAMS[0]}"
        # On the machine that decides what lands, a missing browser is a failure.
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        program = programs[-1 if sampling.full else 0]
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


OpenPage = Callable[..., tuple[Page, Watch]]


@pytest.fixture
def open_page(browser: Browser, live: Live) -> Iterator[OpenPage]:
    """Factory: ``page, watch = open_page(width=360, java_script_enabled=False, …)``.

    ``named=True`` opens the site as ``localhost``, for passkeys; ``site`` opens another site.
    """
    contexts: list[BrowserContext] = []

    def _open(
        width: int = 1280,
        height: int = 900,
        named: bool = False,
        site: Live = live,
        **options: Any,
    ) -> tuple[Page, Watch]:
        url = site.named if named else site.url
        # What a worker answers, a test cannot hold back or replace.
        options = {"service_workers": "block", **options}
        context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        watch = Watch(urlsplit(url).netloc)
        watch.attach(context)
        return context.new_page(), watch

    yield _open
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(live: Live) -> Visitor:
    """A person without a browser, not signed in."""
    return Visitor(live.url)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder for screenshots."""
    return tmp_path


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Path]:
    """A file with everything that this process's sites log, at debug level."""
    path = tmp_path / "everything.log"
    handler = logging.FileHandler(path)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()
