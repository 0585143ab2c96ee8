"""Measure how long acts of members take while two programs send nothing but refused forms."""

import statistics
import tempfile
import threading
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from mapapp.actions.operations.site_setup import fill_site
from mapapp.app import create_app
from mapapp.settings import load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.members import Member
from mapapp.store.migrate import upgrade

TIMES = 60
REFUSED = (
    ("/conditions/dystonia/place", {"area_id": "no number"}),
    ("/conditions/dystonia/questions", {"question": "?"}),
)
"""Forms of members that are refused, each sent without end by a browser of its own."""


def main() -> None:
    """Print the median and the worst time of an act, alone and beside refused forms."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(instance=Path(folder), secret_key="only for measuring" * 3)
        engine = make_engine(settings.sqlalchemy_url)
        upgrade(engine)
        with transaction(engine) as session:
            fill_site(session)
            people = [Member(session_handle=f"h{n}") for n in range(3)]
            session.add_all(people)
            session.flush()
            known = [(who.id, who.session_handle) for who in people]
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        _report("alone", _acts(_browser(app, *known[0])))
        over = threading.Event()
        for (path, form), who in zip(REFUSED, known[1:], strict=True):
            given = (_browser(app, *who), path, form, over)
            threading.Thread(target=_refused_without_end, args=given, daemon=True).start()
        _report("beside two loops of refused forms", _acts(_browser(app, *known[0])))
        over.set()
        engine.dispose()


def _browser(app: Flask, member_id: int, handle: str) -> FlaskClient:
    browser = app.test_client()
    with browser.session_transaction() as held:
        held.update(_user_id=handle, member_id=member_id)
    browser.get("/account")
    return browser


def _refused_without_end(
    browser: FlaskClient, path: str, form: dict[str, str], over: threading.Event
) -> None:
    while not over.is_set():
        status = browser.post(path, data=form).status_code
        if status != 400:
            raise RuntimeError(f"{path} answered {status}")


def _acts(browser: FlaskClient) -> list[float]:
    taken = []
    for number in range(TIMES):
        form = {"languages": ["en", "de"][: 1 + number % 2]}
        began = time.perf_counter()
        status = browser.post("/profile", data=form).status_code
        taken.append((time.perf_counter() - began) * 1000)
        if status != 303:
            raise RuntimeError(f"the act answered {status}")
    return taken


def _report(what: str, taken: list[float]) -> None:
    print(f"an act {what:36} {statistics.median(taken):8.1f} ms, worst {max(taken):8.1f} ms")


if __name__ == "__main__":
    main()
