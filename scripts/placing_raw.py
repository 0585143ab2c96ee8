"""The rows of a placement, written by bare SQL through the driver: no site can be faster."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from placing_site import Person, Site
from sqlalchemy import URL, make_url

from mapapp.domain.areas.area_tree import load_areas
from mapapp.store.members import new_public_id

MEMBERSHIP = (
    "INSERT INTO membership (condition_id, member_id, public_id, pseudonym, area_id, area_version,"
    " visibility, hidden_reasons, chosen_visibility, role, month, listing_order, due)"
    " VALUES (?, ?, ?, 'Quiet Heron', 100, ?, 'map', 0, '', 'self', '2026-11', ?, 1800000000)"
)
CONSENT = (
    "INSERT INTO consent (member_id, condition_id, purpose, version, given, withdrawn)"
    " VALUES (?, ?, ?, '1', '2026-11', '')"
)
QUOTA = "INSERT INTO quota (subject, used, ends) VALUES (?, ?, 1800000000)"
SESSION = "UPDATE web_session SET data = ?, expires = ? WHERE key_hash = ?"


def place_bare(site: Site, people: Sequence[Person]) -> list[float]:
    """Write the rows of each person's placement in a transaction; return the times in seconds."""
    url = make_url(site.settings.sqlalchemy_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    opened: Any = _open_sqlite(url.database or "") if is_sqlite else _open_postgresql(url)
    version, times = load_areas().version, []
    for one in people:
        start = time.perf_counter()
        cursor = opened.cursor()
        cursor.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
        for words, values in _rows(site, one, version):
            cursor.execute(words if is_sqlite else words.replace("?", "%s"), values)
        cursor.execute("COMMIT")
        times.append(time.perf_counter() - start)
    opened.close()
    return times


def _open_sqlite(path: str) -> sqlite3.Connection:
    opened = sqlite3.connect(path, timeout=30, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        opened.execute(f"PRAGMA {pragma}")
    return opened


def _open_postgresql(url: URL) -> Any:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _rows(site: Site, one: Person, version: str) -> list[tuple[str, tuple[Any, ...]]]:
    mine, condition_id = one.member_id, site.condition_id
    return [
        (MEMBERSHIP, (condition_id, mine, new_public_id(), version, mine)),
        *((CONSENT, (mine, condition_id, purpose)) for purpose in ("count", "map")),
        (QUOTA, (f"first {mine} {one.key_hash[:32]}", 1)),
        (QUOTA, (f"again {mine} {one.key_hash[:32]}", 0)),
        (SESSION, (b"x" * 300, 1_900_000_000, one.key_hash)),
    ]
