"""PostGIS with the people of a site as points: numbers on a grid, and who is nearest."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from bench_asks import figure, timed
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

NAME = "bench_postgis"
NEAREST = 50
ROUNDS = 7
GRID = 0.5  # degrees
TABLE = (
    "CREATE UNLOGGED TABLE person (id integer, lat float8, lng float8, area integer, name text)",
    "COPY person FROM STDIN",
    "ALTER TABLE person ADD geom geometry(Point, 4326)",
    "UPDATE person SET geom = ST_SetSRID(ST_MakePoint(lng, lat), 4326)",
    "CREATE INDEX ON person USING gist (geom)",
    "VACUUM ANALYZE person",
)
SNAPPED = (
    "SELECT ST_X(spot), ST_Y(spot), n FROM"
    " (SELECT ST_SnapToGrid(geom, :grid) AS spot, count(*) AS n FROM person GROUP BY 1) AS snapped"
)
KNN = (
    "SELECT id, lat, lng, area, name FROM person"
    " ORDER BY geom <-> ST_SetSRID(ST_MakePoint(:lng, :lat), 4326) LIMIT :n"
)


def measure_postgis(server: str, points: Path) -> list[dict[str, Any]] | None:
    """Return the figures, as ``bench_peer_programs`` does; None where PostGIS is not installed.

    Processor time is not among them: the work is that of the server.
    """
    url = make_url(server).set(drivername="postgresql+psycopg")
    outside = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with outside.connect() as connection:
        there = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")
        if not connection.scalar(there):
            return None
        connection.execute(text(f"DROP DATABASE IF EXISTS {NAME}"))
        connection.execute(text(f"CREATE DATABASE {NAME}"))
    inside = create_engine(url.set(database=NAME), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with np.load(points) as columns, inside.connect() as connection:
            every = {name: columns[name] for name in columns.files}
            _fill(connection, every)
            return [_snapped(connection), _nearest(connection, every)]
    finally:
        with outside.connect() as connection:
            connection.execute(text(f"DROP DATABASE {NAME} WITH (FORCE)"))


def _fill(connection: Connection, points: dict[str, Any]) -> None:
    connection.execute(text("CREATE EXTENSION postgis"))
    for statement in TABLE:
        if not statement.startswith("COPY"):
            connection.execute(text(statement))
            continue
        driver: Any = connection.connection.driver_connection
        rows = zip(*(points[name].tolist() for name in ("lat", "lng", "area")), strict=True)
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for n, row in enumerate(rows):
                copy.write_row((n, *row, f"Person {n}"))


def _snapped(connection: Connection) -> dict[str, Any]:
    def _ask() -> bytes:
        rows = connection.execute(text(SNAPPED), {"grid": GRID})
        return json.dumps([tuple(row) for row in rows], separators=(",", ":")).encode()

    size = len(_ask())
    what = f"JSON of numbers on a grid of {GRID}° (ST_SnapToGrid)"
    return {"what": what, **_without_cpu(figure(timed([_ask] * ROUNDS))), "bytes": size}


def _nearest(connection: Connection, points: dict[str, Any]) -> dict[str, Any]:
    def _ask(lat: float, lng: float) -> None:
        connection.execute(text(KNN), {"lat": lat, "lng": lng, "n": NEAREST}).fetchall()

    spots = zip(points["lats"].tolist(), points["lngs"].tolist(), strict=True)
    taken = timed(lambda spot=spot: _ask(*spot) for spot in spots)  # type: ignore[misc]
    return {"what": f"{NEAREST} nearest people with rows (KNN)", **_without_cpu(figure(taken))}


def _without_cpu(found: dict[str, float]) -> dict[str, float]:
    return {key: value for key, value in found.items() if key != "cpu"}
