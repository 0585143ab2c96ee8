"""Other programs with the people of a site as points: run by ``bench_peers.py``, one at a time.

python scripts/bench_peer_programs.py NAME POINTS RESULT

POINTS is a file of NumPy's with ``lat``, ``lng`` and ``area`` of each person and ``lats``, ``lngs``
of those who look around. RESULT becomes a list of figures, as JSON: ``what`` was done, ``median``
and ``p95`` milliseconds, ``cpu`` of the processor, ``bytes`` of what came out.
"""

import gzip
import importlib
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from bench_asks import figure, timed

NEAREST = 50
ROUNDS = 7
FIRST_BOX = 0.05  # degrees to each side; doubled until enough people are inside
PERSON = "SELECT id, lat, lng, area, name FROM person"
Result = dict[str, Any]
Columns = dict[str, Any]


def fast_marker_cluster(points: Columns) -> list[Result]:
    """Folium's page with all points in it, once."""
    folium = importlib.import_module("folium")
    plugins = importlib.import_module("folium.plugins")
    pairs = np.column_stack((points["lat"], points["lng"])).tolist()
    made: list[str] = []

    def _page() -> None:
        page = folium.Map()
        plugins.FastMarkerCluster(pairs).add_to(page)
        made.append(page.get_root().render())

    taken = timed([_page])
    html = made[0].encode()
    sent = len(gzip.compress(html, 5))
    return [{"what": "map page", **figure(taken), "bytes": len(html), "sent": sent}]


def duckdb(points: Columns) -> list[Result]:
    """Counts by area, as JSON; and of everybody anew."""
    base = importlib.import_module("duckdb").connect()
    base.execute("SET threads = 2")
    people = {"area": points["area"], "lat": points["lat"], "lng": points["lng"]}
    base.register("given", people)
    base.execute("CREATE TABLE person AS SELECT * FROM given")
    by_area = "SELECT area, count(*) FROM person GROUP BY area ORDER BY area"
    return [
        _repeated("JSON of all zones, counted", lambda: _json(base.execute(by_area).fetchall()))
    ]


def r_tree(points: Columns) -> list[Result]:
    """The nearest people, with their rows, from SQLite's R*Tree."""
    with closing(_people(points)) as base:
        start = time.process_time()
        base.execute("CREATE VIRTUAL TABLE spot USING rtree(id, west, east, south, north)")
        base.execute("INSERT INTO spot SELECT id, lng, lng, lat, lat FROM person")
        built = time.process_time() - start
        return [{**_looked(points, lambda *at: _in_boxes(base, *at)), "built": built}]


def kd_tree(points: Columns) -> list[Result]:
    """The nearest people, with their rows, from SciPy's cKDTree and a table."""
    spatial = importlib.import_module("scipy.spatial")
    with closing(_people(points)) as base:
        start = time.process_time()
        tree = spatial.cKDTree(_on_sphere(points["lat"], points["lng"]))
        built = time.process_time() - start

        def _nearest(lat: float, lng: float) -> list[Any]:
            _far, ids = tree.query(_on_sphere([lat], [lng])[0], NEAREST)
            marks = ",".join("?" * len(ids))
            return base.execute(f"{PERSON} WHERE id IN ({marks})", ids.tolist()).fetchall()

        return [{**_looked(points, _nearest), "built": built}]


def _people(points: Columns) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, lat, lng, area, name)")
    rows = zip(*(points[name].tolist() for name in ("lat", "lng", "area")), strict=True)
    every = ((n, *row, f"Person {n}") for n, row in enumerate(rows))
    base.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", every)
    return base


def _in_boxes(base: sqlite3.Connection, lat: float, lng: float) -> list[Any]:
    """Return the nearest people in the first box that has enough."""
    half = FIRST_BOX
    words = (
        f"{PERSON} JOIN spot USING (id) WHERE east >= ? AND west <= ? AND north >= ? AND south <= ?"
        " ORDER BY (lat - ?) * (lat - ?) + (lng - ?) * (lng - ?) LIMIT ?"
    )
    while True:
        box = (lng - half, lng + half, lat - half, lat + half)
        found = base.execute(words, (*box, lat, lat, lng, lng, NEAREST)).fetchall()
        if len(found) >= NEAREST or half > 360:
            return found
        half *= 2


def _on_sphere(lats: Any, lngs: Any) -> Any:
    lat, lng = np.radians(np.asarray(lats)), np.radians(np.asarray(lngs))
    return np.column_stack((np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)))


def _looked(points: Columns, nearest: Callable[[float, float], Sequence[Any]]) -> Result:
    spots = list(zip(points["lats"].tolist(), points["lngs"].tolist(), strict=True))
    wanted = min(NEAREST, len(points["lat"]))
    if len(nearest(*spots[0])) != wanted:
        raise RuntimeError("Too few were found.")
    taken = timed(lambda spot=spot: nearest(*spot) for spot in spots)  # type: ignore[misc]
    return {"what": f"{NEAREST} nearest people with rows", **figure(taken)}


def _repeated(what: str, act: Callable[[], bytes]) -> Result:
    made = act()
    return {"what": what, **figure(timed([act] * ROUNDS)), "bytes": len(made)}


def _json(rows: list[Any]) -> bytes:
    return json.dumps(rows, separators=(",", ":")).encode()


PROGRAMS = {
    "FastMarkerCluster": fast_marker_cluster,
    "DuckDB": duckdb,
    "SQLite R*Tree": r_tree,
    "cKDTree": kd_tree,
}


def main() -> None:
    """Run one program and write its figures."""
    name, points, result = sys.argv[1:]
    with np.load(points) as columns:
        found = PROGRAMS[name]({key: columns[key] for key in columns.files})
    Path(result).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
