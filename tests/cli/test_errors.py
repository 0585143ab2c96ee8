"""Errors are one line that says what to do next, never a traceback."""

from collections.abc import Callable, Iterator

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from mapapp.cli import mapapp
from mapapp.cli.commands import mapapp as group
from mapapp.cli.declared import Command
from tests.databases import rows_of

Shell = Callable[..., Result]


def test_help_names_every_command(runner: CliRunner) -> None:
    shown = runner.invoke(mapapp, ["--help"])
    assert shown.exit_code == 0
    for name in group.commands:
        assert f"  {name} " in shown.output
    assert max(map(len, shown.output.splitlines())) <= 100


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_has_help(runner: CliRunner, name: str) -> None:
    shown = runner.invoke(mapapp, [name, "--help"])
    assert shown.exit_code == 0
    assert "Usage: mapapp" in shown.output.replace("Usage: root", "Usage: mapapp")


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["init", "--now"],
        ["counts", "guess"],
        ["import"],
        ["import", "no-such-file.csv", "--condition", "dystonia"],
        ["export", "--condition", "dystonia"],
        ["export", "--condition", "dystonia", "--level", "street", "--format", "csv", "-o", "x"],
        ["locate"],
        ["locate", "1"],
        ["locate", "1", "2", "3"],
        ["locate", "--file", "no-such-file.csv"],
        ["admin"],
    ],
)
def test_bad_input_ends_with_2_and_one_line(shell: Shell, arguments: list[str]) -> None:
    refused = shell(*arguments)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("mapapp: ") or "Usage" in refused.output
    assert "Traceback" not in refused.output
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["counts"], ["areas"], ["addresses"]])
def test_a_group_alone_shows_its_help_as_it_is(shell: Shell, arguments: list[str]) -> None:
    shown, asked = shell(*arguments), shell(*arguments, "--help")
    assert shown.exit_code == 2
    assert shown.stderr == asked.stdout
    assert "\nCommands:\n" in shown.stderr


def _leaves(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from _leaves(command)
        else:
            yield command


def test_every_command_looks_at_the_settings() -> None:
    assert {type(command) for command in _leaves(group)} == {Command}


@pytest.mark.parametrize("arguments", [["locate", "1", "1"], ["areas", "verify"]])
def test_an_unknown_setting_stops_what_needs_no_setting(shell: Shell, arguments: list[str]) -> None:
    refused = shell(*arguments, MAPAPP_COLOUR="blue")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("mapapp: Unknown setting: MAPAPP_COLOUR.")
    assert refused.stdout == ""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["locate", "--help"]])
def test_help_needs_no_settings(shell: Shell, arguments: list[str]) -> None:
    assert shell(*arguments, MAPAPP_COLOUR="blue").exit_code == 0


class _RefusedError(Exception):
    """What a driver raises, with the code by which its cause is known."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__("Anna's row")
        setattr(self, name, code)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("sqlite_errorname", "SQLITE_BUSY", "Another task is writing to the database. Wait"),
        ("sqlite_errorname", "SQLITE_LOCKED", "Another task is writing to the database. Wait"),
        ("sqlstate", "55P03", "Another task is writing to the database. Wait"),
        ("sqlite_errorname", "SQLITE_FULL", "There is no room left on the disk"),
        ("sqlstate", "53100", "There is no room left on the disk"),
        ("sqlite_errorname", "SQLITE_ERROR", "Check MAPAPP_DATABASE_URL"),
    ],
)
def test_what_a_database_refuses_is_said_in_words(
    shell: Shell, engine: Engine, name: str, code: str, words: str
) -> None:
    def _refuse(_connection: Connection) -> None:
        raise DBAPIError("INSERT", {}, _RefusedError(name, code))

    event.listen(Engine, "commit", _refuse)
    try:
        refused = shell("admin", "a@example.org")
    finally:
        event.remove(Engine, "commit", _refuse)
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_what_is_stopped_keeps_nothing(shell: Shell, engine: Engine) -> None:
    """ "Nothing half-finished was kept", it says; here it is stopped at the last moment."""
    before = rows_of(engine)

    def _stop(_connection: Connection) -> None:
        raise KeyboardInterrupt

    event.listen(Engine, "commit", _stop)
    try:
        stopped = shell("admin", "a@example.org")
    finally:
        event.remove(Engine, "commit", _stop)
    assert stopped.exit_code == 130
    assert "Nothing half-finished was kept." in stopped.output
    assert rows_of(engine) == before
    assert shell("admin", "a@example.org").exit_code == 0
    assert rows_of(engine) != before
