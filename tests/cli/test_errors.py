"""Errors are one line with a next step; nothing is a traceback."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from mapapp.cli import mapapp
from mapapp.cli.commands import mapapp as group

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
        ["counts"],
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
    if arguments != ["counts"]:
        assert len(refused.stderr.splitlines()) == 1
