"""How a database would answer a statement: what it reads of tables that grow, and what it sorts.

SQLite keeps no figures of its tables here (nobody calls ANALYZE), so its plan follows from the
statement and the indexes alone, and is the same on a site of ten people as on one of ten million.
PostgreSQL looks at how large a table is, and reads a small one from end to end whatever indexes it
has. So it is told that all tables that grow have very many rows (``believe_in_many``). Which of
two indexes it takes then still follows from guesses about values that a small site has not. So a
statement is at fault only if it is also where sorting is forbidden: then no index has the order.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import has_request_context, request
from sqlalchemy import Connection, Engine, event, text

from tests.growing import GROWING, TABLES, WAITING, is_few

MANY = 1_000_000
"""How many times as many rows as there are PostgreSQL is told of."""
WORK = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True)
class Asked:
    """A statement as a database was given it, and by which page first."""

    page: str
    words: str
    values: Any


@dataclass(frozen=True)
class Fault:
    """A step of a plan that takes longer the more members there are."""

    asked: Asked
    step: str

    def __str__(self) -> str:
        return f"{self.asked.page}: {self.step}\n    {' '.join(self.asked.words.split())}"


@contextmanager
def taken_down() -> Iterator[dict[str, Asked]]:
    """Give what requests ask from here on: each statement once, by its words."""
    with every_one_taken_down() as each:
        found: dict[str, Asked] = {}
        try:
            yield found
        finally:
            for asked in each:
                found.setdefault(asked.words, asked)


@contextmanager
def every_one_taken_down() -> Iterator[list[Asked]]:
    """Give what requests ask from here on, however often."""
    found: list[Asked] = []

    def _note(_c: Any, _cursor: Any, words: str, values: Any, _context: Any, many: bool) -> None:
        if has_request_context() and words.lstrip().startswith(WORK):
            page = f"{request.method} {request.endpoint}"
            found.append(Asked(page, words, values[0] if many else values))

    event.listen(Engine, "before_cursor_execute", _note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", _note)


def faults_of(connection: Connection, asked: Asked) -> list[Fault]:
    """Return the steps of a statement that read or sort very many rows."""
    read = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    return [Fault(asked, step) for step in read(connection, asked)]


# SQLite: lines, each below another one

_STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING .*?(?:INDEX (\w+)|KEY))?(?: \((.*)\))?$")
_EQUAL = re.compile(r"(\w+)=\?")
_INSIDE = ("MULTI-INDEX OR", "INDEX ")
"""Lines below which the same SELECT goes on."""


def _sqlite(connection: Connection, asked: Asked) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.words}", asked.values).all()
    above = {row[0]: (row[1], row[3]) for row in rows}

    def _select_of(parent: int) -> int:
        while parent and above[parent][1].startswith(_INSIDE):
            parent = above[parent][0]
        return parent

    sorted_in = {_select_of(row[1]) for row in rows if row[3].startswith("USE TEMP B-TREE")}
    found = []
    for _id, parent, _unused, step in rows:
        if _reads_many(step, asked.words):
            is_sorted = _select_of(parent) in sorted_in
            if is_sorted or not _stops(asked.words, step.split()[1]):
                found.append(step + (", and sorts" if is_sorted else ""))
    return found


def _reads_many(step: str, words: str) -> bool:
    read = _STEP.match(step)
    if read is None:
        return False
    way, name, index, terms = read.groups()
    table = _table_of(words, name)
    if table not in GROWING or index in WAITING:
        return False
    return way == "SCAN" or bool(terms and not is_few(table, frozenset(_EQUAL.findall(terms))))


def _table_of(words: str, name: str) -> str:
    if name in TABLES:
        return name
    named = re.search(rf'(\w+)"?\s+AS\s+"?{name}\b', words)
    return named[1] if named else name


def _stops(words: str, name: str) -> bool:
    """Whether every SELECT from ``name`` ends when it has as many rows as it wants."""
    places = re.finditer(rf'(?:FROM|JOIN|AS|,|UPDATE|INTO)\s+"?{name}\b(?!"?\.)', words)
    return all("LIMIT" in _block_at(words, place.start()) for place in places)


def _block_at(words: str, place: int) -> str:
    """Return the SELECT at ``place``, without those inside it."""
    start, depth = place, 0
    while start > 0 and depth < 1:
        start -= 1
        depth += {"(": 1, ")": -1}.get(words[start], 0)
    inside = words[start + depth :]
    said, depth = [], 0
    for letter in inside:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            break
        if depth == 0:
            said.append(letter)
    return "".join(said)


# PostgreSQL: a tree

_INDEX_EQUAL = re.compile(r'\(*"?(\w+)"?\)*(?:::[\w ]+?)? = ')
_READS_ALL_FIRST = {"Sort", "Incremental Sort", "Aggregate", "Hash", "Unique", "WindowAgg"}


def believe_in_many(connection: Connection) -> None:
    """Let PostgreSQL plan as for a large site, until the transaction is rolled back.

    Every table that grows is very long. Of one person or thing there are few rows, of everything
    else the share that the small site has: nearly all, where there is one map and one question.
    """
    connection.execute(text("ANALYZE"))
    connection.execute(
        text(
            "UPDATE pg_class SET reltuples = greatest(reltuples, 1) * :many "
            "WHERE relname = ANY(:names) AND relkind = 'r'"
        ),
        {"many": MANY, "names": sorted(GROWING)},
    )
    for table in GROWING:
        names = [column.name for column in TABLES[table].columns]
        few = [name for name in names if is_few(table, frozenset([name]))]
        connection.execute(
            text(
                "UPDATE pg_statistic SET stadistinct = -0.3, stakind1 = 0, stakind2 = 0, "
                "stakind3 = 0, stakind4 = 0, stakind5 = 0 FROM pg_attribute "
                "WHERE attrelid = starelid AND attnum = staattnum "
                "AND starelid = CAST(:table AS regclass) AND attname = ANY(:few)"
            ),
            {"table": table, "few": few},
        )


def _postgresql(connection: Connection, asked: Asked) -> list[str]:
    found = _planned(connection, asked)
    if not found:
        return []
    _allow(connection, to="off")
    in_order = _planned(connection, asked)
    _allow(connection, to="on")
    return found if in_order else []


def _allow(connection: Connection, *, to: str) -> None:
    for way in ("sort", "incremental_sort", "bitmapscan"):
        connection.execute(text(f"SET LOCAL enable_{way} = {to}"))


def _planned(connection: Connection, asked: Asked) -> list[str]:
    raw = connection.connection.driver_connection
    # As literals: planned without values, a statement would get the plan for all values.
    row = (
        psycopg.ClientCursor(raw)
        .execute(f"EXPLAIN (FORMAT JSON) {asked.words}", asked.values)
        .fetchone()
    )
    plans = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return list(_walk(plans[0]["Plan"], stops=False, sorts=False))


def _walk(node: dict[str, Any], *, stops: bool, sorts: bool) -> Iterator[str]:
    kind = node["Node Type"]
    if node.get("Parent Relationship") in ("SubPlan", "InitPlan"):
        stops = sorts = False
    if kind == "Limit":
        stops, sorts = True, False
    elif kind in _READS_ALL_FIRST:
        stops, sorts = False, True
    index = node.get("Index Name", "")
    table = node.get("Relation Name") or _table_with(index)
    if kind.endswith("Scan") and kind != "Bitmap Heap Scan" and table in GROWING and not stops:
        terms = node.get("Index Cond", "")
        is_whole = not is_few(table, frozenset(_INDEX_EQUAL.findall(terms)))
        if is_whole and index not in WAITING:
            ending = ", and sorts" if sorts else ""
            yield f"{kind} of {table} {index} {terms}{ending}"
    for below in node.get("Plans", ()):
        yield from _walk(below, stops=stops, sorts=sorts)


def _table_with(index: str) -> str:
    for table in TABLES.values():
        names = {one.name for one in (*table.indexes, *table.constraints)}
        if index and index in names:
            return table.name
    return ""
