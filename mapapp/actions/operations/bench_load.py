"""Fills an empty site with very many invented people, past all acts, for measuring.

Rows are written in the order of their keys, straight through the driver; indexes are made when the
rows are there. What is written is what a publication would have left: ``counts verify`` agrees.
"""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Index, Table, insert, literal, select, text, update
from sqlalchemy.orm import Session

from mapapp.actions.operations import bench_rows
from mapapp.actions.operations.bench_people import Crowd, crowd, random_ids, sizes_of
from mapapp.actions.operations.demo import FIRST_CONDITION
from mapapp.actions.published.listed_totals import reached_by
from mapapp.domain.members.alert_wishes import ALERT_NUMBERS, NEARBY
from mapapp.domain.published.packed import NO_PEOPLE, Placed, pack, together
from mapapp.errors import N_, BadInputError
from mapapp.store import facts
from mapapp.store.bulk import copy_rows, reserve_ids
from mapapp.store.conditions import Condition
from mapapp.store.database import FOR_WRITING
from mapapp.store.members import Member, MemberLanguage, Membership, PeopleAlert
from mapapp.store.published import (
    NOT_REPLACED,
    THE_SITE,
    AreaNumbers,
    ConditionNumber,
    ListingLanguage,
    ListingRow,
)

HAS_PEOPLE = N_("This site has people. Make a new one for measuring: MAPAPP_INSTANCE=FOLDER")
TOO_FEW = N_("This site has no condition to put people on. Fill it with: mapapp init")
LOADED = (Member, MemberLanguage, Membership, ListingRow, ListingLanguage)
ALERTS = 20_000
WITHOUT_NEW_PAGES = "PRAGMA journal_mode=DELETE"
"""New pages are in no such journal: it stays small, and stopping half-way still leaves nothing."""
PRAGMAS_FOR_LOADING = (
    "foreign_keys=OFF",  # all parents are known to be there
    "cache_size=-200000",  # kB
    "threads=2",  # that sort for an index
)
PRAGMAS_AFTER = ("journal_mode=WAL", "foreign_keys=ON", "cache_size=-2000", "threads=0")

Advance = Callable[[int], None]


@dataclass
class _Site:
    """A site that is being filled.

    Attributes:
        connection: in the one transaction.
        seed: from which all is drawn.
        number: of the publication that will stand.
        next_id: of the next member.
        token: makes the handles of sessions a secret of this site.
        numbers: rows of ``AreaNumbers``.
        together: the numbers of all maps.
    """

    connection: Connection
    seed: int
    number: int
    next_id: int
    token: str = field(default_factory=lambda: secrets.token_hex(12))
    numbers: list[dict[str, Any]] = field(default_factory=list)
    together: Placed = NO_PEOPLE


def load_people(
    engine: Engine, people: int, moment: int, *, seed: int = 1, advance: Advance = lambda done: None
) -> None:
    """Fill the site with ``people`` listed memberships, published in one go.

    Args:
        engine: of a site that was filled with conditions, and has no people.
        people: how many are listed; some more are counted only.
        moment: for which the publication was due (Unix seconds).
        seed: the same gives the same people.
        advance: called with how many are written.

    Raises:
        BadInputError: for a site that has people.
    """
    with _loading(engine) as connection, Session(connection) as session:
        chosen = _chosen_conditions(session)
        site = _Site(
            connection,
            seed,
            int(facts.fact(session, facts.PUBLICATION) or 0) + 1,
            reserve_ids(session, Member, 1)[0],
        )
        with _without_indexes(connection):
            for position, listed in enumerate(sizes_of(people)[: len(chosen)]):
                if listed:
                    _write_map(site, position, chosen[position], listed)
                    advance(listed)
        _write_alerts(site, chosen[0])
        site.numbers.append(_packed_row(site, THE_SITE, site.together))
        connection.execute(insert(AreaNumbers), site.numbers)
        facts.state(session, facts.PUBLICATION, str(site.number))
        facts.state(session, facts.PUBLISHED_FOR, str(moment))
        facts.state(session, facts.HAS_DEMO, "1")
        session.flush()


def _chosen_conditions(session: Session) -> list[int]:
    if session.scalar(select(Member.id).limit(1)) is not None:
        raise BadInputError(HAS_PEOPLE)
    first = Condition.slug != FIRST_CONDITION
    query = select(Condition.id).where(Condition.shown).order_by(first, Condition.id)
    found = list(session.scalars(query.limit(bench_rows.MAPS)))
    if len(found) < bench_rows.MAPS:
        raise BadInputError(TOO_FEW)
    return found


def _write_map(site: _Site, position: int, condition_id: int, listed: int) -> None:
    people = crowd(site.seed, position, listed)
    ids = np.arange(site.next_id, site.next_id + len(people))
    site.next_id += len(people)
    accounts = random_ids(np.random.default_rng((site.seed, position, 1)), len(people))
    made = bench_rows.Map(condition_id, site.number, ids, people)
    _copy(site, Member, bench_rows.members(ids, accounts, site.token))
    _copy(site, MemberLanguage, bench_rows.languages_of_members(made, site.seed))
    _copy(site, Membership, bench_rows.memberships(made))
    _copy(site, ListingRow, bench_rows.cards(made, site.seed, NOT_REPLACED))
    _copy(site, ListingLanguage, bench_rows.languages_of_cards(made, site.seed, NOT_REPLACED))
    _write_numbers(site, condition_id, people, listed)


def _write_numbers(site: _Site, condition_id: int, people: Crowd, listed: int) -> None:
    placed = bench_rows.placed(people)
    site.numbers.append(_packed_row(site, condition_id, placed))
    site.together = together((site.together, placed))
    counted: Counter[tuple[str, str]] = bench_rows.numbers_of_map(people, site.seed)
    rows = [
        {"condition_id": condition_id, "key": key, "visibility": visibility, "n": n}
        for (key, visibility), n in sorted(counted.items())
    ]
    site.connection.execute(insert(ConditionNumber), rows)
    site.connection.execute(
        update(Condition)
        .where(Condition.id == condition_id)
        .values(listed=listed, countries=reached_by(placed), version=Condition.version + 1)
    )


def _packed_row(site: _Site, condition_id: int, placed: Placed) -> dict[str, Any]:
    return {"condition_id": condition_id, "publication": site.number, "numbers": pack(placed)}


def _write_alerts(site: _Site, condition_id: int) -> None:
    """Let many on the largest map wait for more people near them."""
    most = literal(ALERT_NUMBERS[-1])
    waiting = (
        select(
            Membership.condition_id, Membership.member_id, literal(NEARBY), Membership.area_id, most
        )
        .where(Membership.condition_id == condition_id)
        .order_by(Membership.member_id)
        .limit(ALERTS)
    )
    columns = ["condition_id", "member_id", "kind", "area_id", "people"]
    site.connection.execute(insert(PeopleAlert).from_select(columns, waiting))


def _copy(site: _Site, table: type[Any], rows: bench_rows.Rows) -> None:
    """Write rows, each with values for the columns named, in the order of the table's key."""
    columns, values = rows
    copy_rows(site.connection, table, columns, values)


@contextmanager
def _loading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction that writes, its database set up for very many rows."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        try:
            if is_sqlite:
                _set_pragmas(driver, PRAGMAS_FOR_LOADING)
                with suppress(sqlite3.OperationalError):  # while another has the file open: slower
                    driver.execute(WITHOUT_NEW_PAGES)
            connection.execution_options(**FOR_WRITING)
            with connection.begin():
                yield connection
                if not is_sqlite:
                    _set_sequence(connection)
        finally:
            if is_sqlite:
                _set_pragmas(driver, PRAGMAS_AFTER)
    if not is_sqlite:  # SQLite keeps no figures of its tables
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _set_pragmas(driver: Any, pragmas: Iterable[str]) -> None:
    for pragma in pragmas:
        driver.execute(f"PRAGMA {pragma}").fetchall()


def _set_sequence(connection: Connection) -> None:
    connection.execute(
        text("SELECT setval(pg_get_serial_sequence('member', 'id'), (SELECT max(id) FROM member))")
    )


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Drop the indexes of the tables that are filled, and make them when the rows are there."""
    indexes = [index for table in LOADED for index in _indexes_of(table)]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _indexes_of(model: type[Any]) -> Sequence[Index]:
    table: Table = model.__table__
    return sorted(table.indexes, key=lambda index: str(index.name))
