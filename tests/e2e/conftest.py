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

from mapapp.actions import quotas
from mapapp.actions.content import import_content
from mapapp.actions.demo import make_demo
from mapapp.app import create_app
from mapapp.domain import reading
from mapapp.domain.questions import CONTENT
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.web.database import db
from tests import factories
from tests.conftest import SECRET
from tests.e2e.acts import Visitor
from tests.e2e.watching import Watch

T = TypeVar("T")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
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
    folder = tmp_path_factory.mktemp("live")
    url = databases.copy()
    keys = {"secret_key": SECRET, "address_key": factories.ADDRESS_KEY}
    settings = load_settings(instance=folder, database_url=url, dev=True, **keys)
    engine = make_engine(url)
    with transaction(engine) as session:
        import_content(session, CONTENT)
        make_demo(session, settings.secret)
    engine.dispose()
    with served(settings) as (site, _app):
        yield site


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
    patch.setattr(reading, "MOST_PEOPLE", 100_000)
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
    """Do something in a thread of its own, where the event loop of a browser does not run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def _close(engine: Engine) -> None:
    """Close all connections; pages that a browser left half loaded may still be in work."""
    end = time.monotonic() + 20
    while engine.pool.checkedout() and time.monotonic() < end:  # type: ignore[attr-defined]
        time.sleep(0.05)
    engine.dispose()


@pytest.fixture(scope="package")
def browser(live: Live) -> Iterator[Browser]:
    """Debian's Chromium, headless. It must start after the site was made, and stop before others
    are: Playwright keeps an event loop running, and Flask does not start or stop beside one.
    """
    if not CHROMIUM:
        missing = "Chromium is missing. Get it with: apt-get install chromium"
        # On the machine that decides what lands, a missing browser is a failure.
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


OpenPage = Callable[..., tuple[Page, Watch]]


@pytest.fixture
def open_page(browser: Browser, live: Live) -> Iterator[OpenPage]:
    """Factory: ``page, watch = open_page(width=360, java_script_enabled=False, …)``.

    ``named=True`` opens the site as ``localhost``, for passkeys.
    """
    contexts: list[BrowserContext] = []

    def _open(
        width: int = 1280, height: int = 900, named: bool = False, **options: Any
    ) -> tuple[Page, Watch]:
        url = live.named if named else live.url
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
    """Somebody without a browser, who is not signed in."""
    return Visitor(live.url)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder for screenshots."""
    return tmp_path


@pytest.fixture
def logged(live: Live) -> Iterator[Path]:
    """A file with all that is logged, at the finest level."""
    path = live.settings.instance / "everything.log"
    handler = logging.FileHandler(path)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()
