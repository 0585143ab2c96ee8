"""Measure the map: milliseconds for its pages, and compressed bytes sent.

python scripts/bench_maps.py
"""

import gzip
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from mapapp.actions.operations.demo import make_demo
from mapapp.actions.operations.site_setup import fill_site
from mapapp.app import create_app
from mapapp.domain.areas.shapes import shape_bytes
from mapapp.settings import Settings, load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.migrate import upgrade
from mapapp.web.atlas.map_views import shell
from mapapp.web.core.assets import load_assets
from mapapp.web.core.request_session import db

ROUNDS = 50
WORK = ("SELECT", "INSERT", "UPDATE", "DELETE")
MAP = "/conditions/dystonia/map"
COUNTS = "/api/v1/conditions/dystonia/counts"


def main() -> None:
    """Print the figures of a site with invented people."""
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        settings = load_settings(instance=Path(name), finished=False)  # bench_finished.py does
        _make_site(settings)
        app = create_app(settings)
        with app.test_request_context("/"):
            print(f"{'shell of the map, once':44} {_milliseconds(shell, 1):10.1f} ms")
        _measure_pages(app.test_client())
        print(f"{'map page, queries':44} {_queries(app, MAP):10}")
        _measure_bytes(app.test_client())


def _make_site(settings: Settings) -> None:
    engine = make_engine(settings.sqlalchemy_url)
    upgrade(engine)
    with transaction(engine) as session:
        fill_site(session)
        make_demo(session, settings.secret)
    engine.dispose()


def _measure_pages(client: FlaskClient) -> None:
    tag = client.get(MAP).headers["ETag"]
    for words, path in (
        ("map page", MAP),
        ("numbers of all regions", f"{COUNTS}?level=region&include=points"),
        ("people of the United States", "/conditions/dystonia/areas/US/people.json"),
        ("small picture", f"{MAP}.svg"),
        ("map as one file", f"{MAP}.html"),
    ):
        client.get(path)
        rounds = 3 if path.endswith(".html") else ROUNDS
        median = _milliseconds(lambda path=path: client.get(path), rounds)  # type: ignore[misc]
        print(f"{words + ', median':44} {median:10.1f} ms")
    known = {"If-None-Match": tag}
    median = _milliseconds(lambda: client.get(MAP, headers=known), ROUNDS)
    print(f"{'map page not changed (304), median':44} {median:10.1f} ms")


def _measure_bytes(client: FlaskClient) -> None:
    def sent(path: str) -> int:
        return len(client.get(path, headers={"Accept-Encoding": "gzip"}).data)

    ours = [asset for name, asset in load_assets().items() if name.startswith("js/")]
    with client.application.test_request_context("/"):
        set_up = len(gzip.compress(shell().script))
    for words, size in (
        ("map page", sent(MAP)),
        ("shapes of all countries", len(shape_bytes("countries"))),
        ("set-up", set_up),
        ("all scripts of ours", sum(len(asset.zipped) for asset in ours)),
        ("Leaflet", len(load_assets()["leaflet/leaflet.js"].zipped)),
        ("small picture", sent(f"{MAP}.svg")),
        ("map as one file", sent(f"{MAP}.html")),
    ):
        print(f"{words + ', compressed':44} {size / 1000:10.1f} kB")


def _queries(app: Flask, path: str) -> int:
    """Return the number of database statements that read or write during one visit."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    app.test_client().get(path)
    return sum(words.startswith(WORK) for words in statements)


def _milliseconds(act: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
