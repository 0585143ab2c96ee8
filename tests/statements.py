"""Whether PostgreSQL was given each statement of the program that SQLite was given.

Most tests run on SQLite alone. That is enough only while each statement runs on PostgreSQL too, in
a test marked ``both``; a whole run on both is held to it. Statements are compared as they would be
written for SQLite, without their values.
"""

import re
import sys
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.sql.compiler import SQLCompiler

from mapapp.paths import PACKAGE

ONLY_SQLITE = {
    r"INSERT INTO _alembic_tmp_": "SQLite changes a table by copying it",
    r"DELETE FROM member$": "a step that a test makes, to be refused on SQLite",
    r"UPDATE alembic_version SET version_num = 'r9999'": "a step that a test makes",
    r"UPDATE member SET paused=\?$": "an act that a test makes up",
    r"SELECT (\* FROM \(SELECT )?l\.public_id": "lists of cards are written out for each database",
    r"SELECT membership\.due ": "a column of a row, read anew",
    r"INSERT INTO report \(case_id, reporter_id, category, weighs, words\)": "PostgreSQL is asked "
    "for the number of the row as well",
    r"SELECT max\(member\.id\)": "reserve_ids: PostgreSQL takes them out of the table's sequence",
}
"""Statements that PostgreSQL does not need to see, as patterns, and why."""

_COMMON: Dialect = sqlite.dialect()  # type: ignore[no-untyped-call]
_SAVEPOINT = re.compile(r"(sa_savepoint)_\d+")  # they are numbered
_SPACES = re.compile(r"\s+")
_PROGRAM = str(PACKAGE)

Found = dict[str, dict[str, str]]


class Statements:
    """A plugin of pytest that takes down what each database is given while a test runs."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self._test = ""
        self._seen: dict[str, dict[str, tuple[SQLCompiler, str]]] = {"sqlite": {}, "postgresql": {}}
        self._of_workers: list[Found] = []
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, given: Any, _cursor: Any, words: str, _values: Any, what: Any, _m: Any) -> None:
        seen = self._seen[given.dialect.name]
        if not self._test or words in seen or not isinstance(what.compiled, SQLCompiler):
            return
        if _is_of_program():
            seen[words] = what.compiled, self._test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        # Attacks put acts together as it comes, each of which has tests of its own.
        self._test = "" if item.nodeid.startswith("tests/attacks/") else item.nodeid
        try:
            return (yield)
        finally:
            self._test = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._of_workers.append(getattr(node, "workeroutput", {}).get("statements", {}))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["statements"] = self.found()
        elif self._lacks() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        lacks = self._lacks()
        if not lacks:
            return
        terminalreporter.section("Statements that PostgreSQL was not given")
        for words, test in sorted(lacks.items(), key=lambda one: one[1]):
            terminalreporter.write_line(f"{test}\n    {words}")
        terminalreporter.write_line("Mark a test of each with pytest.mark.both.")

    def found(self) -> Found:
        """Return for each kind of database the statements, with a test that runs each."""
        return {
            kind: {shape(compiled): test for compiled, test in seen.values()}
            for kind, seen in self._seen.items()
        }

    def _lacks(self) -> dict[str, str]:
        if not is_whole(self.config):
            return {}
        return missing([*self._of_workers, self.found()])


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests run, and not some that were named."""
    chosen = ("keyword", "markexpr", "lf", "failedfirst", "deselect", "ignore", "ignore_glob")
    named = config.args_source != pytest.Config.ArgsSource.TESTPATHS
    return not named and not any(config.getoption(name, None) for name in chosen)


def missing(found: list[Found]) -> dict[str, str]:
    """Return the statements that SQLite alone was given, with a test that runs each."""
    on: Found = {"sqlite": {}, "postgresql": {}}
    for one in found:
        for kind, statements in one.items():
            on[kind].update(statements)
    return {
        words: test
        for words, test in on["sqlite"].items()
        if words not in on["postgresql"] and not any(re.match(one, words) for one in ONLY_SQLITE)
    }


def shape(compiled: SQLCompiler) -> str:
    """Return a statement in the words of SQLite (of PostgreSQL where it alone knows them)."""
    statement = compiled.statement
    try:
        words = str(statement.compile(dialect=_COMMON, column_keys=compiled.column_keys))
    except CompileError:
        words = compiled.string
    words = _SAVEPOINT.sub(r"\1", words)
    words, returning, columns = _SPACES.sub(" ", words).strip().partition(" RETURNING ")
    # SQLAlchemy names the columns of a key in an order that differs between processes.
    return words + returning + ", ".join(sorted(columns.split(", ")))


def _is_of_program() -> bool:
    """Whether the program asks, and not a test on its own."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        if frame.f_code.co_filename.startswith(_PROGRAM):
            return True
        frame = frame.f_back
    return False
