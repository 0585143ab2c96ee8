"""Measure other programs with the people of a site as points at their areas' centres.

What needs a program that is not there is named as absent, with the reason.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from bench_peer_postgis import measure_postgis
from bench_servers import run
from sqlalchemy.exc import SQLAlchemyError

from mapapp.actions.published.numbers_kept import placed_at
from mapapp.domain.areas.area_tree import load_areas
from mapapp.domain.published.packed import Placed
from mapapp.settings import load_settings
from mapapp.store.database import make_engine, transaction
from mapapp.store.published import THE_SITE

HERE = Path(__file__).resolve().parent
SPOTS = 200
"""From so many places somebody looks who is near."""
MILLION = 1_000_000
INSTALLED_BY_PIP = {"DuckDB": "duckdb", "cKDTree": "scipy"}
LONGEST_INSTALL = 180  # seconds
MORE_MEMORY = "--max-old-space-size=8000"

Result = dict[str, Any]


class AbsentError(Exception):
    """A program is not there; the text says why."""


@dataclass(frozen=True)
class Peer:
    """Another program.

    Attributes:
        name: as it is called.
        most: with more people it is not asked, because it would take minutes.
        measure: gives its figures; raises ``AbsentError``.
    """

    name: str
    most: int
    measure: Callable[["Given"], list[Result]]


@dataclass(frozen=True)
class Given:
    """What a program is measured with: people, a folder to work in, and a server if there is one.

    Attributes:
        postgresql: the URL of a server of PostgreSQL where a database may be made, or ''.
    """

    name: str
    points: Path
    folder: Path
    postgresql: str


def numbers_of(site: Path) -> Placed:
    """Return how many people a site on SQLite has, by area."""
    engine = make_engine(load_settings(instance=site).sqlalchemy_url)
    with transaction(engine, write=False) as session:
        placed = placed_at(session, THE_SITE)
    engine.dispose()
    return placed


def write_points(site: Path, folder: Path) -> int:
    """Write the people of a site as points; return how many they are."""
    placed = numbers_of(site)
    areas, source = load_areas(), np.random.default_rng(7)
    ids = np.repeat(placed.ids, placed.people)
    source.shuffle(ids)
    spots = source.choice(ids, SPOTS)
    lat, lng = areas.lat[ids].astype(float), areas.lng[ids].astype(float)
    at = {"lats": areas.lat[spots].astype(float), "lngs": areas.lng[spots].astype(float)}
    np.savez(folder / "points.npz", lat=lat, lng=lng, area=ids, **at)
    return len(ids)


def measure_peers(site: Path, folder: Path, postgresql: str) -> list[Result]:
    """Return the figures of all programs with the people of a site.

    Each has ``peer`` and ``members``, and the keys of ``bench_peer_programs``, with ``memory`` in
    MB; or ``absent``, the reason.
    """
    members = write_points(site, folder)
    found: list[Result] = []
    for peer in PEERS:
        about = {"peer": peer.name, "members": members}
        if members > peer.most:
            continue
        print(f"  {peer.name}, {members:,} people", file=sys.stderr, flush=True)
        try:
            given = Given(peer.name, folder / "points.npz", folder, postgresql)
            found += [{**about, **figure} for figure in peer.measure(given)]
        except AbsentError as absent:
            found.append({**about, "absent": str(absent)})
        except (RuntimeError, SQLAlchemyError) as error:  # the others are worth having
            found.append({**about, "absent": f"It failed: {str(error).splitlines()[0]}"})
    return found


def _python(given: Given) -> list[Result]:
    """Measure a program in a process of its own, which may use what pip installs for it."""
    env = {**os.environ, "PYTHONPATH": _libraries(given)}
    program = str(HERE / "bench_peer_programs.py")
    return _figures(given, [sys.executable, program, given.name, str(given.points)], env)


def _libraries(given: Given) -> str:
    """Return a folder with the library that a program needs, '' if it is here anyway."""
    library = INSTALLED_BY_PIP.get(given.name)
    if library is None or importlib.util.find_spec(library):
        return ""
    target = given.folder / "libraries"
    if not (target / library).exists():
        quiet = ("--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
        where = ("--target", str(target), "--no-deps")
        _install([sys.executable, "-m", "pip", "install", *quiet, *where, library], given.folder)
    return str(target)


def _supercluster(given: Given) -> list[Result]:
    if not (shutil.which("node") and shutil.which("npm")):
        raise AbsentError("Node is not installed.")
    if not (given.folder / "node_modules").exists():
        _install(["npm", "install", "--silent", "--no-fund", "supercluster"], given.folder)
    program = shutil.copy(HERE / "bench_peer_supercluster.mjs", given.folder)
    with np.load(given.points) as columns:
        pairs = np.column_stack((columns["lat"], columns["lng"]))
    plain = given.folder / "points.bin"
    plain.write_bytes(pairs.tobytes())
    return _figures(given, ["node", MORE_MEMORY, program, str(plain)])


def _postgis(given: Given) -> list[Result]:
    if not given.postgresql:
        raise AbsentError("PostgreSQL does not start here.")
    found = measure_postgis(given.postgresql, given.points)
    if found is None:
        raise AbsentError("PostgreSQL is here without PostGIS (postgresql-15-postgis-3).")
    return found


def _install(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=LONGEST_INSTALL
        )
    except (OSError, subprocess.SubprocessError):
        raise AbsentError(f"It could not be installed: {' '.join(command)}") from None


def _figures(
    given: Given, command: Sequence[str], env: dict[str, str] | None = None
) -> list[Result]:
    result = given.folder / "result.json"
    cost = run([*command, str(result)], env)
    return [{**figure, "memory": cost.memory} for figure in json.loads(result.read_text("utf-8"))]


PEERS = (
    Peer("FastMarkerCluster", MILLION, _python),
    Peer("supercluster", MILLION, _supercluster),
    Peer("DuckDB", 10 * MILLION, _python),
    Peer("PostGIS", MILLION, _postgis),
    Peer("SQLite R*Tree", MILLION, _python),
    Peer("cKDTree", MILLION, _python),
)
